// The popover under a button: stays while its parts change, and leaves by Escape, by a press
// elsewhere and by Tab past its ends.

import { make } from './elements.js';

const EDGE = 8; // CSS pixels kept free at the borders of the window
const BELONGS = 'dialog, .divan-toasts, .divan-menu';

/** @param {object} options - anchor (the button), label and closed() */
export function openPopover({ anchor, label, closed }) {
  const element = make('div', {
    class: 'divan-popover', role: 'dialog', 'aria-label': label, tabindex: -1,
  });
  const leaving = new AbortController();

  function close(back = true) {
    if (leaving.signal.aborted) return;
    leaving.abort();
    const focused = element.contains(document.activeElement);
    element.remove();
    anchor.setAttribute('aria-expanded', 'false');
    if (back && focused) anchor.focus();
    closed();
  }

  function outside(event) {
    const inside = element.contains(event.target) || anchor.contains(event.target);
    if (!inside && !event.target.closest?.(BELONGS)) close(false);
  }

  function onKey(event) {
    if (event.key === 'Escape' || leavesByTab(event, element)) {
      event.preventDefault();
      close();
    }
    event.stopPropagation();
  }

  element.addEventListener('keydown', onKey);
  const options = { capture: true, signal: leaving.signal };
  document.addEventListener('pointerdown', outside, options);
  window.addEventListener('resize', () => place(element, anchor), options);
  document.body.append(element);
  anchor.setAttribute('aria-expanded', 'true');
  place(element, anchor);
  return { element, close, fill: (parts) => keepFocus(element, () => element.replaceChildren(...parts)) };
}

function place(element, anchor) {
  const { bottom, right } = anchor.getBoundingClientRect();
  const from = Math.min(right, innerWidth - EDGE) - element.offsetWidth;
  element.style.top = `${bottom + 6}px`;
  element.style.left = `${Math.max(EDGE, from)}px`;
  element.style.maxHeight = `${innerHeight - bottom - 6 - EDGE}px`;
}

function leavesByTab(event, element) {
  if (event.key !== 'Tab') return false;
  const stops = [...element.querySelectorAll('button:not(:disabled), [tabindex="0"]')];
  return document.activeElement === (event.shiftKey ? stops[0] : stops.at(-1));
}

/** What is drawn anew has the focus where it was: at the part with the same `data-key`. */
function keepFocus(element, change) {
  const had = element.contains(document.activeElement);
  const key = document.activeElement?.dataset?.key;
  change();
  if (!had) return;
  const same = key && element.querySelector(`[data-key="${CSS.escape(key)}"]`);
  (same || element).focus({ preventScroll: true });
}
