// What is clicked or entered before the page's own scripts listen is done as soon as they do
// (ui/static/page.js). Part of the head, so that nothing comes before it.

(() => {
  const HEARD_LATER = '#new-chat, #send, #language, #earlier, #tabs button, #branches button, .divan-action';
  let wanted = null;

  window.addEventListener('click', ({ target }) => {
    if (!window.divan) wanted = target.closest?.(HEARD_LATER) ?? wanted;
  }, true);

  window.addEventListener('keydown', (event) => {
    if (window.divan || event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    if (!event.target.closest?.('#prompt textarea')) return;
    event.preventDefault();
    event.stopPropagation();
    wanted = document.getElementById('send');
  }, true);

  /** Do what was last wanted; what Gradio has drawn anew meanwhile is found by its id. */
  window.divanEarly = () => {
    if (wanted) (document.getElementById(wanted.id) ?? wanted).click();
    wanted = null;
  };
})();
