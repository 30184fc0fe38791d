// What is done to branches: what turns the chosen path is one trip for the view of it, all else a
// call to the server, and then the page is drawn anew.

import * as api from './api.js';
import { openDialog } from './dialog.js';
import { make } from './elements.js';
import { showToast } from './toast.js';

const LONGEST_NAME = 80;

/** A path is shown in the chat's tab, also where it was opened from another one. */
const showChat = () => document.getElementById('tab-chat').click();

/**
 * @param {object} page - trips, text, words, view() of the page, again(): draw it anew,
 *   failed(error), tree(): the tree as it was last seen, or null, and refresh(): it has changed
 */
export function createActions({ trips, text, words, view, again, failed, tree, refresh }) {
  const chat = () => view().chat;

  /** What the chat shows may have changed, and its tree has. */
  function turned(where) {
    if (where !== chat()) return;
    again();
    refresh();
  }

  /** Go where the chat's path is another one. Throws what was refused. */
  async function turn(event, data) {
    await trips.ask(event, data);
    refresh();
    showChat();
  }

  /** Do it, draw the chat anew, and say what went wrong if it did. */
  async function attempt(call) {
    const where = chat();
    try {
      const result = await call(where);
      turned(where);
      return result;
    } catch (error) {
      failed(error);
      return null;
    }
  }

  function offerUndo(line, token) {
    showToast(line, text('page.undo'), () => {
      api.restore(token).then(({ id }) => turned(id), failed);
    });
  }

  function askName({ title, value, action, run }) {
    const input = make('input', {
      type: 'text', value, maxlength: LONGEST_NAME, autofocus: true, autocomplete: 'off',
      spellcheck: 'false', 'data-name': true,
    });
    openDialog({
      title,
      kind: 'small',
      close: text('branches.close'),
      kids: [make('label', { class: 'divan-field' }, text('branches.name'), input)],
      actions: [
        { label: text('branches.cancel'), run: (dialog) => dialog.close() },
        {
          label: action,
          kind: 'primary',
          run: async (dialog) => {
            await run(input.value.trim());
            dialog.close();
          },
        },
      ],
    });
  }

  /** The first name of the kind “Branch 2” that no branch of the chat has. */
  function freeName(branches) {
    const taken = new Set(branches.map((branch) => branch.name));
    for (let number = Math.max(2, branches.length + 1); ; number += 1) {
      const name = text('branches.default_name', { number });
      if (!taken.has(name)) return name;
    }
  }

  async function begin(message) {
    const { branches } = tree() ?? await api.tree(chat());
    askName({
      title: text('branches.begin_title'),
      value: freeName(branches),
      action: text('branches.begin_action'),
      run: (name) => turn('branch', { name, message }),
    });
  }

  function rename({ name }) {
    const where = chat();
    askName({
      title: text('branches.rename'),
      value: name,
      action: text('branches.save'),
      run: async (next) => {
        if (next !== name) await api.changeBranch(where, name, { name: next });
        refresh();
      },
    });
  }

  async function remove({ name }) {
    const done = await attempt((where) => api.removeBranch(where, name));
    if (done) offerUndo(words.of(done.count ? 'removed' : 'removed_none', done.count, { name }), done.undo);
  }

  async function prune() {
    const done = await attempt((where) => api.prune(where));
    if (done) offerUndo(words.of('pruned', done.count), done.undo);
  }

  /** Says before what goes: how much, and which names; of the tree as it is now, for another path
   * may be shown than when it was drawn. */
  async function askPrune() {
    const { off_path: count, branches, segments } = await api.tree(chat());
    if (!count) {
      refresh();
      return;
    }
    const kept = new Set(segments.filter((one) => one.on_path).map((one) => one.tip));
    const lost = branches.filter((branch) => !kept.has(branch.leaf)).map((branch) => branch.name);
    openDialog({
      title: text('branches.prune_title'),
      kind: 'small',
      close: text('branches.close'),
      kids: [
        make('p', {}, words.of('prune_question', count)),
        view().comparison && make('p', {}, text('branches.prune_lanes')),
        lost.length > 0 && make('p', {}, text('branches.prune_names', { names: lost.join(', ') })),
      ].filter(Boolean),
      actions: [
        { label: text('branches.cancel'), run: (dialog) => dialog.close() },
        {
          label: words.of('prune_action', count),
          kind: 'danger',
          run: async (dialog) => {
            dialog.close();
            await prune();
          },
        },
      ],
    });
  }

  return {
    begin: (message) => begin(message).catch(failed),
    rename,
    remove,
    prune: () => askPrune().catch(failed),
    open: ({ branch, leaf }) =>
      turn('path', branch ? { branch: branch.name } : { message: leaf }).catch(failed),
    prefer: ({ branch }) => attempt((where) =>
      api.changeBranch(where, branch.name, { preferred: !branch.preferred })),
  };
}
