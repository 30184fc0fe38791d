// The cursor is where one writes: after every step, and for whatever is typed beside the box.

const BOXES = { chat: '#prompt textarea', compare: '#compare-prompt textarea' };
const OPEN = 'dialog, [role=dialog], [role=menu]'; // what is open keeps the keys
const WRITES = 'textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])';

/** @param {() => string} tab - the one that is shown */
export function createCursor(tab) {
  const box = () => BOXES[tab()] && document.querySelector(BOXES[tab()]);
  const screenKeys = matchMedia('(pointer: coarse)'); // there the box would bring up a keyboard

  document.addEventListener('keydown', (event) => {
    if (isLetter(event) && !isTaken(event)) box()?.focus({ preventScroll: true });
  }, true);
  document.addEventListener('click', ({ detail, target }) => {
    if (detail && target.closest?.('#model label')) requestAnimationFrame(home);
  });

  /** The box gets the cursor, unless something else is being written or is open. */
  function home() {
    const at = document.activeElement;
    if (screenKeys.matches || at?.closest(`${OPEN}, ${WRITES}`)) return;
    box()?.focus({ preventScroll: true });
  }

  return { home };
}

const isLetter = ({ key, ctrlKey, metaKey, altKey }) =>
  key.length === 1 && !ctrlKey && !metaKey && !altKey;

/** A key that something does with it: a field, what is open, a button that Space presses. */
function isTaken({ key, target }) {
  if (target.closest?.(`${OPEN}, ${WRITES}`) || document.querySelector('dialog[open]')) return true;
  return key === ' ' && target !== document.body;
}
