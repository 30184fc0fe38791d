// The dialog that asks a chat again on another model or with other settings, and tells how it goes.

import * as api from './api.js';
import { openDialog } from './dialog.js';
import { make } from './elements.js';
import { createEstimate } from './replay_estimate.js';
import { createReplayForm } from './replay_form.js';
import { createReplayRows } from './replay_rows.js';
import { createReplayWords, problem } from './replay_words.js';
import { showToast } from './toast.js';

const PAUSE_MS = 500;
const wait = (ms) => new Promise((done) => { setTimeout(done, ms); });

/** @param {object} page - text, view() of the page, open(chat), failed(error), diffs (diff.js) and
 *   refresh(): the tree has changed */
export function createReplay({ text, view, open, failed, diffs, refresh }) {
  const words = createReplayWords(text);
  const told = new Set(); // replays whose end their dialog tells; who stops one knows it, too
  const rows = createReplayRows({
    text, words, showDiff, refresh, failed,
    ended: (state) => {
      if (state.state !== 'stopped' && !told.has(state.id)) tell(state.chat, state);
    },
  });
  const finishing = { label: text('branches.close'), run: (dialog) => dialog.close() };

  async function ask(tree) {
    const where = view().chat;
    const [models, chat] = await Promise.all([api.models(), api.chat(where)]);
    const form = createReplayForm({ text, models, chat });
    const values = () => form.values(tree.leaf);
    const estimate = createEstimate({ chat: where, parts: form.kids, values });
    openDialog({
      title: text('replay.title'),
      kind: 'middle',
      close: text('branches.close'),
      kids: [...form.kids, estimate],
      actions: [
        { label: text('branches.cancel'), run: (dialog) => dialog.close() },
        {
          label: text('replay.start'),
          kind: 'primary',
          run: async (dialog) => {
            const started = await api.startReplay(where, values());
            open(where);
            follow(dialog, where, started);
          },
        },
      ],
    });
  }

  /** The dialog turns into the progress of the replay. Closing it leaves the replay alone. */
  function follow(dialog, where, begun) {
    const { replay, total } = begun;
    told.add(replay);
    const line = make('p', { role: 'status' });
    const bar = make('progress', { max: total, 'aria-label': text('replay.title') });
    dialog.element.classList.add('divan-replaying');
    dialog.body(make('p', {}, words.begun(begun)), bar, line);
    dialog.actions([
      { label: text('replay.stop'), run: () => api.stopReplay(replay) },
      { ...finishing, label: text('replay.leave') },
    ]);
    watch(replay, (state) => {
      bar.value = state.done;
      line.textContent = words.progress(state);
    }).then((state) => {
      if (view().chat === where) open(where);
      if (dialog.element.open) finish(dialog, bar, line, state);
      else tell(where, state);
    }, (error) => (dialog.element.open ? dialog.fail(error) : failed(error)));
  }

  function finish(dialog, bar, line, state) {
    line.textContent = words.ended(state);
    bar.classList.toggle('incomplete', state.state !== 'done');
    if (state.state === 'failed') dialog.fail(problem(state));
    dialog.actions([finishing, ...(state.done ? [{
      label: text('replay.show_diff'),
      kind: 'primary',
      run: () => {
        dialog.close();
        showDiff(state);
      },
    }] : [])]);
    dialog.element.querySelector('.divan-dialog-actions button:last-child').focus();
  }

  function tell(where, state) {
    const offer = state.done && view().chat === where;
    showToast(
      [words.ended(state), problem(state)?.message].filter(Boolean).join(' '),
      offer ? text('replay.show_diff') : '',
      offer ? () => showDiff(state) : null,
    );
  }

  /** What was answered before and what now; of a comparison, one model at a time. */
  function showDiff({ lanes }) {
    const pairs = lanes.filter((lane) => lane.new_leaf)
      .map((lane) => ({ a: lane.old_leaf, b: lane.new_leaf, label: lane.label }));
    diffs.choose(pairs, pairs.length > 1 ? text('replay.lane') : '');
  }

  return {
    ask: (tree) => ask(tree).catch(failed),
    /** Those of the shown chat (replay_rows.js). */
    rows,
  };
}

async function watch(id, tell) {
  for (;;) {
    const state = await api.replay(id);
    tell(state);
    if (state.state !== 'running') return state;
    await wait(PAUSE_MS);
  }
}
