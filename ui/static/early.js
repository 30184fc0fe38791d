// What is clicked or typed before the page's own scripts listen is done as soon as they do
// (ui/static/page.js). Part of the head, so that nothing comes before it.

(() => {
  const SEEN_EARLY = '#new-chat, #language, #tabs button';
  let wanted = null;
  let typed = '';

  window.addEventListener('click', ({ target }) => {
    if (!window.divan) wanted = target.closest?.(SEEN_EARLY) ?? wanted;
  }, true);

  window.addEventListener('keydown', ({ key, target, ctrlKey, metaKey, altKey }) => {
    if (window.divan || target !== document.body || ctrlKey || metaKey || altKey) return;
    if (key === 'Backspace') typed = typed.slice(0, -1);
    else if (key.length === 1) typed += key;
  }, true);

  // A file would open in place of the page (ui/static/drops.js).
  for (const name of ['dragover', 'drop']) {
    window.addEventListener(name, (event) => {
      if (!window.divan && event.dataTransfer?.types.includes('Files')) event.preventDefault();
    }, true);
  }

  /** What was typed where nothing could take it. */
  window.divanTyped = () => typed;

  /** Do what was last wanted; what Gradio has drawn anew meanwhile is found by its id. */
  window.divanEarly = () => {
    if (wanted) (document.getElementById(wanted.id) ?? wanted).click();
    wanted = null;
  };
})();
