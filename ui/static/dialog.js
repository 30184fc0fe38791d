// Dialogs that ask for one thing: the browser's own <dialog>, which keeps the focus inside, closes
// by Escape and gives the focus back.

import { chatIcon } from './chat_icons.js';
import { make } from './elements.js';

let dialogs = 0;

/**
 * Opens a dialog and returns {element, close(), fail(error), actions(list), body(...kids)}.
 *
 * @param {object} options - title, kind (a class of its own), kids (its body), close (label of ×),
 *   closed() and actions: [{label, kind: "primary" | "danger" | "", run(dialog)}]. The first primary
 *   or danger action is what Enter does. While `run` works, no other can be started; what it throws
 *   is shown in the dialog, which stays open with all that was written.
 */
export function openDialog({ title, kind = '', kids = [], actions = [], close, closed }) {
  dialogs += 1;
  const name = `divan-dialog-${dialogs}`;
  const from = document.activeElement;
  const body = make('div', { class: 'divan-dialog-body' }, ...kids);
  const error = make('div', { class: 'divan-dialog-error', role: 'alert', hidden: true });
  const footer = make('div', { class: 'divan-dialog-actions' });
  const cross = make('button', {
    type: 'button', class: 'divan-dialog-close', 'aria-label': close, title: close,
    onclick: () => element.close(),
  }, chatIcon('close', 16));
  const head = make('header', {}, make('h2', { id: name }, title), cross);
  const form = make('form', { method: 'dialog', novalidate: true }, head, body, error, footer);
  const element = make('dialog', {
    class: `divan-dialog ${kind}`, 'aria-labelledby': name,
  }, form);
  const dialog = {
    element,
    close: () => element.close(),
    fail: (why) => show(error, why),
    body: (...next) => body.replaceChildren(...next),
    actions: (next) => footer.replaceChildren(...buttons(next, work)),
  };

  async function work(run) {
    if (form.getAttribute('aria-busy')) return;
    show(error, null);
    form.setAttribute('aria-busy', 'true');
    try {
      await run(dialog);
    } catch (why) {
      show(error, why);
    } finally {
      form.removeAttribute('aria-busy');
    }
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    footer.querySelector('[data-first]')?.click();
  });
  element.addEventListener('keydown', (event) => event.stopPropagation()); // the page has keys, too
  closeByBackdrop(element);
  element.addEventListener('close', () => {
    element.remove();
    if (!from?.isConnected) focusAgain(from);
    closed?.();
  });
  dialog.actions(actions);
  document.body.append(element);
  element.showModal();
  element.querySelector('[autofocus]')?.select?.();
  return dialog;
}

function buttons(actions, work) {
  const first = actions.find(({ kind }) => kind === 'primary' || kind === 'danger');
  return actions.map((action) => make('button', {
    type: 'button', class: `divan-button ${action.kind ?? ''}`, 'data-first': action === first,
    onclick: () => work(action.run),
  }, action.label));
}

/** A press that began inside, as when text is selected, does not close it. */
function closeByBackdrop(element) {
  let pressed = null;
  element.addEventListener('pointerdown', (event) => { pressed = event.target; });
  element.addEventListener('click', (event) => {
    if (event.target === element && pressed === element) element.close();
  });
}

/** What had the focus has been drawn anew meanwhile: its successor gets it, else the popover. */
function focusAgain(gone) {
  const key = CSS.escape(gone?.dataset.key ?? '');
  const next = document.querySelector(`[data-key="${key}"]`) ?? document.querySelector('.divan-popover');
  next?.focus({ preventScroll: true });
}

function show(place, why) {
  place.hidden = !why;
  place.replaceChildren(...(why ? [make('strong', {}, why.message)] : []));
  if (why?.hint) place.append(make('span', {}, why.hint));
}
