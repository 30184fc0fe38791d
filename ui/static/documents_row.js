// A row of the list of documents. While its document is read it changes many times a second: what
// can be pressed stays the same element, or a press would hit a button that is gone, and the
// keyboard's place be lost.

import { documentIcon } from './documents_icons.js';
import { isMoving } from './documents_store.js';
import { ending } from './documents_words.js';
import { make } from './elements.js';
import { withCode } from './models.js';

/**
 * @param {object} words - what the page says of documents
 * @param {{askOnly, again, remove}} actions - each is called with the document as it is then
 * @returns {{element, show(document, inAll, isTwice)}}
 */
export function createRow(words, { askOnly, again, remove }) {
  const { say } = words;
  let shown = null; // the document
  const kind = make('span', { class: 'kind', 'aria-hidden': 'true' });
  const what = make('div', { class: 'what' });
  const state = make('span', { class: 'state' });
  const buttons = { ask_only: askOnly, again, delete: remove };
  const action = (name) => make('button', {
    type: 'button', class: name, title: say(name), onclick: () => buttons[name](shown),
  }, documentIcon(name));
  const actions = Object.keys(buttons).map(action);
  const element = make('li', {}, kind, what, state, make('span', { class: 'actions' }, ...actions));

  function show(document, inAll, isTwice) {
    shown = document;
    element.dataset.document = document.id;
    element.dataset.state = document.state;
    const letters = ending(document.name);
    kind.replaceChildren(documentIcon('file', 28), make('b', { class: letters.length > 3 && 'long' }, letters));
    what.replaceChildren(...described(words, document, inAll, isTwice));
    state.textContent = words.state(document);
    for (const button of actions) button.setAttribute('aria-label', `${button.title}: ${document.name}`);
    actions[0].hidden = document.state !== 'ready';
    actions[1].hidden = isMoving(document);
  }

  return { element, show };
}

/** What a row says of its document: name, facts, missing pages, progress or error. */
function described(words, document, inAll, isTwice) {
  const facts = [inAll && words.collection(document.collection), ...words.facts(document),
    words.size(document.bytes), isTwice ? words.moment(document.added) : words.day(document.added)];
  const { short, all } = document.unread_text;
  return [
    make('strong', { dir: 'auto', title: document.name }, document.name),
    make('small', {}, facts.filter(Boolean).join(' · ')),
    short && make('p', { class: 'unread', title: all }, short),
    document.state === 'working' && make('progress', { max: 1, value: document.progress ?? 0, 'aria-label': document.name }),
    document.state === 'failed' && make('p', { class: 'error' }, make('span', {}, ...withCode(document.error)), ' ', ...withCode(document.hint)),
  ].filter(Boolean);
}
