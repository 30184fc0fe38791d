// A small panel that a button opens: closed by Escape, and by a press beside it.

import { make } from './elements.js';

/** @param {object} parts - holder (the element both are in), button, label and opened(): fills
 *   the panel, which is empty while it is closed */
export function createPopover({ holder, button, label, opened }) {
  const panel = make('div', { class: 'divan-use-menu', role: 'dialog', 'aria-label': label, hidden: true });
  button.setAttribute('aria-haspopup', 'dialog');
  button.setAttribute('aria-expanded', 'false');

  function open() {
    panel.hidden = false;
    button.setAttribute('aria-expanded', 'true');
    opened();
    panel.querySelector('input:not([hidden]), button')?.focus({ preventScroll: true });
  }

  function close(back = false) {
    if (panel.hidden) return;
    panel.hidden = true;
    panel.replaceChildren();
    button.setAttribute('aria-expanded', 'false');
    if (back) button.focus();
  }

  button.addEventListener('click', () => (panel.hidden ? open() : close()));
  document.addEventListener('pointerdown', (event) => {
    if (!holder.contains(event.target)) close();
  }, true);
  holder.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || panel.hidden) return;
    event.stopPropagation();
    close(true);
  });
  return { panel, open, close };
}
