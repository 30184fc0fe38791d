// The replays of the shown chat in the popover of its branches, whoever began them: how far each is,
// its Stop, and the difference once it has ended.

import { stopReplay } from './api.js';
import { make } from './elements.js';
import { latest } from './replay_api.js';
import { problem } from './replay_words.js';

const ENDED = 3; // the latest of them are shown

/**
 * @param {object} page - text, words (replay_words.js), showDiff(replay), refresh(): a replay was
 *   stopped, failed(error), and ended(replay): one that was seen running is over
 */
export function createReplayRows({ text, words, showDiff, refresh, failed, ended }) {
  let seen = { chat: null, replays: [] };
  let asked = 0;

  /** Ask how far the replays of a chat are. What cannot be asked now stays as it was seen. */
  async function look(chat) {
    asked += 1;
    const asking = asked;
    const before = seen.chat === chat ? seen.replays : [];
    const replays = chat ? await latest(chat).catch(() => before) : [];
    if (asking !== asked) return;
    seen = { chat, replays };
    const running = new Set(before.filter(isRunning).map((one) => one.id));
    replays.filter((one) => running.has(one.id) && !isRunning(one)).forEach(ended);
  }

  function shown() {
    const over = seen.replays.filter((one) => !isRunning(one));
    return [...seen.replays.filter(isRunning), ...over.slice(0, ENDED)];
  }

  function row(replay) {
    const going = isRunning(replay);
    const why = problem(replay);
    return make(
      'li',
      { class: 'divan-replay', 'data-state': replay.state },
      make(
        'div',
        { class: 'said' },
        make('span', { class: 'name', dir: 'auto' }, words.name(replay)),
        make('span', { class: 'facts' }, going ? words.progress(replay) : words.over(replay)),
        why && make('span', { class: 'facts' }, [why.message, why.hint].filter(Boolean).join(' ')),
        going && make('progress', {
          max: replay.total, value: replay.done, 'aria-label': words.progress(replay),
        }),
      ),
      going && action('stop', replay, () => stopReplay(replay.id).then(refresh, failed)),
      !going && replay.done > 0 && action('show_diff', replay, () => showDiff(replay)),
    );
  }

  const action = (key, replay, onclick) => make('button', {
    type: 'button', class: 'divan-button', 'data-key': `${key}-${replay.id}`, onclick,
    'aria-label': `${text(`replay.${key}`)}: ${words.name(replay)}`,
  }, text(`replay.${key}`));

  return {
    look,
    running: () => seen.replays.some(isRunning),
    /** The section of the popover; nothing where there are none. */
    draw() {
      const replays = shown();
      if (!replays.length) return [];
      return [
        make('h3', { id: 'divan-replays' }, text('replay.list')),
        make('ul', { class: 'divan-replays', 'aria-labelledby': 'divan-replays' }, ...replays.map(row)),
      ];
    },
    /** Say at the button of the popover that one runs. */
    mark(place, button) {
      const going = seen.replays.filter(isRunning);
      place.classList.toggle('replaying', going.length > 0);
      if (!going.length) return;
      const sum = (key) => going.reduce((total, one) => total + one[key], 0);
      button.title = text('replay.running_now', { done: sum('done'), total: sum('total') });
      button.setAttribute('aria-label', button.title);
    },
  };
}

const isRunning = (replay) => replay.state === 'running';
