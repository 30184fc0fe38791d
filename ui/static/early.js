// What is clicked before the page's own scripts listen is done as soon as they do
// (ui/static/page.js). Part of the head, so that nothing comes before it.

(() => {
  const SEEN_EARLY = '#new-chat, #language, #tabs button';
  let wanted = null;

  window.addEventListener('click', ({ target }) => {
    if (!window.divan) wanted = target.closest?.(SEEN_EARLY) ?? wanted;
  }, true);

  /** Do what was last wanted; what Gradio has drawn anew meanwhile is found by its id. */
  window.divanEarly = () => {
    if (wanted) (document.getElementById(wanted.id) ?? wanted).click();
    wanted = null;
  };
})();
