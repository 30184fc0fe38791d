// The row of a file on its way into the documents: how far it is, why it could not be taken, and
// what can be done about it.

import { documentIcon } from './documents_icons.js';
import { isMoving } from './documents_store.js';
import { make } from './elements.js';
import { withCode } from './models.js';

/** @param {object} does - leave(item), again(item) and replace(item) */
export function drawUpload(item, words, does) {
  const { say } = words;
  const failed = item.state === 'failed';
  const asked = item.older?.length > 0 && !failed && !item.replaced;
  const button = (name, label, run, icon) => make('button', {
    type: 'button', class: name, 'aria-label': label, title: icon && label, onclick: () => run(item),
  }, icon ? documentIcon(icon, 13) : label);
  return make('li', { 'data-state': item.state },
    make('div', { class: 'line' },
      make('strong', { title: item.name, dir: 'auto' }, item.name),
      item.bytes > 0 && make('small', {}, words.size(item.bytes)),
      make('span', { class: 'said', role: failed ? 'alert' : null }, ...withCode(saidOf(item, words))),
      failed && item.again && button('named', say('upload_again'), does.again),
      asked && !item.replacing && button('named', say('upload_replace'), does.replace),
      (failed || asked) && button('dismiss', say('dismiss'), does.leave, 'close')),
    failed && item.hint && make('p', {}, ...withCode(item.hint)),
    isBusy(item) && make('progress', { max: 1, value: shareOf(item), 'aria-label': item.name }));
}

const saidOf = (item, { say, percent, number }) => ({
  queued: () => say('upload_queued'),
  sending: () => (item.share < 1 ? say('upload_sending', { percent: percent(item.share) }) : say('upload_taking')),
  fetching: () => say('upload_fetching'),
  waiting: () => say('state_waiting'),
  working: () => say('state_working', { percent: percent(item.share) }),
  ready: () => {
    if (item.same) return say(item.same === item.name ? 'upload_same' : 'upload_same_as', { name: item.same });
    return say(item.replaced ? 'upload_replaced' : 'upload_ready', { count: number(item.chunks ?? 0) });
  },
  failed: () => item.error,
}[item.state]());

const isBusy = (item) => isMoving(item) || ['sending', 'queued', 'fetching'].includes(item.state);

const shareOf = ({ state, share }) =>
  (['sending', 'working'].includes(state) ? share : state === 'fetching' ? null : 0);
