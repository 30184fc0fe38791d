// The search box above the chat list: what is typed narrows the list, its keys reach the results.

import { isComposing } from './input_method.js';

const PAUSE_MS = 120;

/**
 * @param {Element} place - the component with the box
 * @param {object} parts - list, changed(query), open(chat) the first result, and step(query, by) to
 *   another hit in the shown chat, false where it was not opened with this query
 */
export function createChatSearch(place, { list, changed, open, step }) {
  let waiting = 0;
  const written = () => place.querySelector('input, textarea').value.trim();

  function search() {
    clearTimeout(waiting);
    changed(written());
    list.setQuery(written());
  }

  /** The first result, of what stands in the box now and still does when it is known. */
  async function first() {
    search();
    const query = written();
    const chat = await list.first();
    return query === written() ? chat : null;
  }

  async function openFirst() {
    const chat = written() && await first();
    if (chat) open(chat.id);
  }

  place.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, PAUSE_MS);
  });
  place.addEventListener('keydown', (event) => {
    if (isComposing(event)) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      if (!step(written(), event.shiftKey ? -1 : 1)) openFirst();
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      first().then((chat) => { if (chat) list.focusFirst(); });
    }
  });
}
