// A page where nothing happens draws nothing. Gradio's StatusTracker (6.31), once it is taken away
// while it waits, asks for the next frame for ever, and a tenth of a core never rests. Divan shows no
// tracker that counts seconds. Written into the page's head (api/install.py), before Gradio's scripts.

(() => {
  const TRACKER = '/assets/statustracker-';
  const draw = window.requestAnimationFrame.bind(window);

  window.requestAnimationFrame = (callback) => (new Error().stack.includes(TRACKER) ? 0 : draw(callback));
})();
