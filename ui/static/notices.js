// Lines above the conversation: what is wrong with the catalog, the files or the connection.

import { make as element } from './elements.js';

const DISMISSED = 'divan-dismissed';

/** A function notice(name, line, remedy) that shows a line, or takes it away where `line` is empty.
 * A line the person has dismissed stays away until it says something else, or was over in between.
 * With a remedy {label, run()} it has a button instead, and stays until it is over. */
export function createNotices(dismissLabel) {
  const place = document.getElementById('notices');
  const find = (name) => [...place.children].find((row) => row.dataset?.notice === name);
  const dismissed = () => JSON.parse(localStorage.getItem(DISMISSED) ?? '{}');

  function make(name, remedy) {
    const row = element('div', { 'data-notice': name, role: 'status' },
      element('span'), remedy ? remedyButton(remedy) : dismissButton(name));
    place.append(row);
    return row;
  }

  const dismissButton = (name) => element('button', {
    type: 'button', 'aria-label': dismissLabel, onclick: ({ target }) => {
      const line = target.parentElement.firstChild.textContent;
      localStorage.setItem(DISMISSED, JSON.stringify({ ...dismissed(), [name]: line }));
      target.parentElement.remove();
    },
  }, '×');

  const remedyButton = ({ label, run }) => element('button', {
    type: 'button', class: 'divan-remedy', onclick: async ({ target }) => {
      target.disabled = true;
      await run();
      target.disabled = false;
    },
  }, label);

  function forget(name) {
    const { [name]: over, ...rest } = dismissed();
    if (over) localStorage.setItem(DISMISSED, JSON.stringify(rest));
  }

  return (name, line, remedy) => {
    if (!line) forget(name);
    if (!line || dismissed()[name] === line) {
      find(name)?.remove();
      return;
    }
    (find(name) ?? make(name, remedy)).firstChild.textContent = line;
  };
}
