// What is wrong with the embedder, or how far the documents are embedded anew: a line above all
// else in the documents tab.

import * as api from './documents_api.js';
import { make } from './elements.js';
import { withCode } from './models.js';

/** @param {object} parts - words and store */
export function createTrouble({ words, store }) {
  const { say } = words;
  const element = make('div', { class: 'trouble', role: 'status', hidden: true });
  let seen = '';

  async function retry({ currentTarget: button }) {
    button.disabled = true;
    // Where it fails again the store hears why.
    await api.retryEmbedder().catch(() => {});
    seen = '';
    await store.refresh();
  }

  function show({ trouble, embedding }) {
    const now = JSON.stringify([trouble, embedding]);
    if (now === seen) return;
    seen = now;
    element.hidden = !trouble && embedding == null;
    element.classList.toggle('bad', Boolean(trouble));
    element.replaceChildren(...(trouble ? troubled(trouble) : embedding == null ? [] : moving(embedding)));
  }

  const troubled = (trouble) => [
    make('p', {}, make('strong', {}, say(trouble.still_answers ? 'trouble_old' : 'trouble_none')), ' ',
      ...withCode(`${trouble.message} ${trouble.hint}`)),
    make('button', { type: 'button', class: 'divan-button', onclick: retry }, say('trouble_retry')),
  ];

  const moving = (share) => [
    make('p', {}, say('embedding', { percent: words.percent(share) })),
    make('progress', { max: 1, value: share, 'aria-label': say('embedding', { percent: words.percent(share) }) }),
  ];

  store.watch(show);
  return element;
}
