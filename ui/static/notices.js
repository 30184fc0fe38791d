// Lines above the conversation: what is wrong with the catalog, the files or the connection.

const DISMISSED = 'divan-dismissed';

/** A function notice(name, line) that shows a line, or takes it away where `line` is empty. A line
 * the person has dismissed stays away until it says something else, or was over in between. */
export function createNotices(dismissLabel) {
  const place = document.getElementById('notices');
  const find = (name) => [...place.children].find((row) => row.dataset?.notice === name);
  const dismissed = () => JSON.parse(localStorage.getItem(DISMISSED) ?? '{}');

  function make(name) {
    const row = document.createElement('div');
    row.dataset.notice = name;
    row.setAttribute('role', 'status');
    const text = document.createElement('span');
    const close = document.createElement('button');
    close.textContent = '×';
    close.setAttribute('aria-label', dismissLabel);
    close.addEventListener('click', () => {
      localStorage.setItem(DISMISSED, JSON.stringify({ ...dismissed(), [name]: text.textContent }));
      row.remove();
    });
    row.append(text, close);
    place.append(row);
    return row;
  }

  function forget(name) {
    const { [name]: over, ...rest } = dismissed();
    if (over) localStorage.setItem(DISMISSED, JSON.stringify(rest));
  }

  return (name, line) => {
    if (!line) forget(name);
    if (!line || dismissed()[name] === line) {
      find(name)?.remove();
      return;
    }
    (find(name) ?? make(name)).firstChild.textContent = line;
  };
}
