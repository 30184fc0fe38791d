// The dialog that asks a chat again on another model or with other settings, and tells how it goes.

import * as api from './api.js';
import { openDialog } from './dialog.js';
import { make } from './elements.js';
import { createReplayForm } from './replay_form.js';
import { showToast } from './toast.js';

const PAUSE_MS = 500;
const wait = (ms) => new Promise((done) => { setTimeout(done, ms); });

/** @param {object} page - text, view() of the page, open(chat), failed(error) and diffs (diff.js) */
export function createReplay({ text, view, open, failed, diffs }) {
  const names = new Map(); // of models, by their ids
  const finishing = { label: text('branches.close'), run: (dialog) => dialog.close() };

  async function ask(tree) {
    const where = view().chat;
    const [models, chat] = await Promise.all([api.models(), api.chat(where)]);
    for (const model of models) names.set(model.id, model.label);
    const form = createReplayForm({ text, models, chat });
    openDialog({
      title: text('replay.title'),
      kind: 'middle',
      close: text('branches.close'),
      kids: form.kids,
      actions: [
        { label: text('branches.cancel'), run: (dialog) => dialog.close() },
        {
          label: text('replay.start'),
          kind: 'primary',
          run: async (dialog) => {
            const started = await api.startReplay(where, form.values(tree.leaf));
            open(where);
            follow(dialog, where, started);
          },
        },
      ],
    });
  }

  /** The dialog turns into the progress of the replay. Closing it leaves the replay alone. */
  function follow(dialog, where, { replay, total, branch, lanes }) {
    const line = make('p', { role: 'status' });
    const bar = make('progress', { max: total, 'aria-label': text('replay.title') });
    dialog.element.classList.add('divan-replaying');
    const said = told(lanes, 'running', { branch, count: lanes.length });
    dialog.body(make('p', {}, said), bar, line);
    dialog.actions([
      { label: text('replay.stop'), run: () => api.stopReplay(replay) },
      { ...finishing, label: text('replay.leave') },
    ]);
    watch(replay, (state) => {
      bar.value = state.done;
      line.textContent = told(lanes, 'progress', { done: state.done, total: state.total });
    }).then((state) => {
      if (view().chat === where) open(where);
      if (dialog.element.open) finish(dialog, bar, line, state);
      else tell(where, state);
    }, (error) => (dialog.element.open ? dialog.fail(error) : failed(error)));
  }

  function finish(dialog, bar, line, state) {
    line.textContent = ended(state);
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
      [ended(state), problem(state)?.message].filter(Boolean).join(' '),
      offer ? text('replay.show_diff') : '',
      offer ? () => showDiff(state) : null,
    );
  }

  /** What was answered before and what now; of a comparison, one model at a time. */
  function showDiff({ lanes }) {
    const pairs = lanes.filter((lane) => lane.new_leaf)
      .map((lane) => ({ a: lane.old_leaf, b: lane.new_leaf, label: names.get(lane.model) }));
    diffs.choose(pairs, pairs.length > 1 ? text('replay.lane') : '');
  }

  /** Of a comparison answers are counted, in the lanes; of one model questions, in its branch. */
  const told = (lanes, key, params) => text(`replay.${key}${lanes.length > 1 ? '_lanes' : ''}`, params);

  const ended = ({ state, done, total, branch, lanes }) => told(lanes, state, { done, total, branch });

  return { ask: (tree) => ask(tree).catch(failed) };
}

/** What a replay failed at, as the server tells it: a sentence, or {message, hint}. */
function problem({ error }) {
  if (!error) return null;
  return typeof error === 'string' ? { message: error } : error;
}

async function watch(id, tell) {
  for (;;) {
    const state = await api.replay(id);
    tell(state);
    if (state.state !== 'running') return state;
    await wait(PAUSE_MS);
  }
}
