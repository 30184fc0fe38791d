// What a replay will probably send and cost, under the form that asks for it.

import { make } from './elements.js';
import { estimate } from './replay_api.js';

const PAUSE_MS = 250; // after the last change, before the server is asked

/**
 * The line as an element; it changes with the parts of the form.
 *
 * @param {object} form - chat (its id), parts (elements that hold the fields) and values()
 */
export function createEstimate({ chat, parts, values }) {
  const line = make('output', { class: 'divan-replay-estimate' });
  let waiting = 0;
  let asked = 0;

  /** What cannot be asked is told at Start. */
  async function ask() {
    asked += 1;
    const asking = asked;
    const found = await estimate(chat, values()).catch(() => null);
    if (asking === asked) line.textContent = found?.told ?? '';
  }

  function changed() {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE_MS);
  }

  for (const part of parts) part.addEventListener('input', changed);
  ask();
  return line;
}
