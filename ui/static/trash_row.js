// One row of the trash: what it is, and what can be done with it.

import { make } from './elements.js';

/**
 * An <li> for a row of the server's list.
 *
 * @param {object} page - words (trash_words.js), restore(row), and discard(row), which is called
 *   after the row itself has asked
 */
export function createTrashRow(row, { words, restore, discard }) {
  const title = words.title(row);
  const note = words.note(row);
  const actions = make('div', { class: 'divan-trash-actions' });
  const element = make(
    'li',
    { 'data-token': row.token },
    make('div', { class: 'divan-trash-text' },
      make('span', { class: 'title', dir: 'auto' }, title),
      make('span', { class: 'facts' }, words.facts(row)),
      note && make('span', { class: 'note' }, note)),
    actions,
  );

  const button = (action, run, kind = '') => make('button', {
    type: 'button', class: `divan-button ${kind}`, 'data-action': action, onclick: run,
    'aria-label': `${words.say(action)}: ${title}`,
  }, words.say(action));

  function offer() {
    const restorable = row.kind === 'chat' || (row.kind === 'part' && row.home === 'list');
    actions.removeAttribute('role');
    actions.replaceChildren(...[
      restorable && button('restore', () => restore(row)),
      button('discard', ask),
    ].filter(Boolean));
  }

  /** Cancel stands where the first press was, so that a double click deletes nothing. */
  function ask() {
    const question = words.say('discard_question');
    actions.setAttribute('role', 'group');
    actions.setAttribute('aria-label', question);
    actions.replaceChildren(
      make('span', {}, question),
      button('discard_yes', () => discard(row), 'danger'),
      button('cancel', giveUp),
    );
    actions.lastChild.focus();
  }

  function giveUp() {
    offer();
    actions.lastChild.focus();
  }

  actions.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || actions.getAttribute('role') !== 'group') return;
    event.preventDefault(); // the dialog stays
    giveUp();
  });
  offer();
  return element;
}
