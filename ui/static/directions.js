// Lists, quotations and tables of a settled answer begin at the right where their text does, as the
// painter draws them (ui/static/markdown_nodes.js); the page's own Markdown has no way to say so.

const PARTS = ['ul', 'ol', 'blockquote', 'table'].map((part) => `.md ${part}:not([dir])`).join();

/** @param {Element} chatbot - where Gradio draws answers, each of them again and again */
export function followDirections(chatbot) {
  const turn = (part) => part.setAttribute('dir', 'auto');
  const look = (element) => {
    if (element.matches(PARTS)) turn(element);
    element.querySelectorAll(PARTS).forEach(turn);
  };
  // Before anything of it is painted: a later turn would be seen.
  new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach((node) => {
    if (node.nodeType === Node.ELEMENT_NODE) look(node);
  }))).observe(chatbot, { childList: true, subtree: true });
  look(chatbot);
}
