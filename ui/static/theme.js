// Light or dark: the system's choice until the person makes one.

const CHOSEN = 'divan-theme';

/** Switch between light and dark; the choice is kept. */
export function toggleTheme() {
  const dark = document.body.classList.toggle('dark');
  localStorage.setItem(CHOSEN, dark ? 'dark' : 'light');
}

/** Gradio follows the system when it starts; a choice made here wins. */
export function applyTheme() {
  const chosen = localStorage.getItem(CHOSEN);
  if (chosen) document.body.classList.toggle('dark', chosen === 'dark');
}
