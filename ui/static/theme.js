// Light or dark: the system's choice until the person makes one.

const CHOSEN = 'divan-theme';

/** Switch between light and dark; the choice is kept. */
export function toggleTheme() {
  const dark = document.body.classList.toggle('dark');
  localStorage.setItem(CHOSEN, dark ? 'dark' : 'light');
  colourBrowser();
}

/** Gradio follows the system when it starts; a choice made here wins. */
export function applyTheme() {
  const chosen = localStorage.getItem(CHOSEN);
  if (chosen) document.body.classList.toggle('dark', chosen === 'dark');
  colourBrowser();
}

/** The bars of a phone's browser have the colour of the page. */
function colourBrowser() {
  const meta = document.querySelector('meta[name="theme-color"]');
  if (meta) meta.content = getComputedStyle(document.body).backgroundColor;
}
