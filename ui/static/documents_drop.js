// Files that come from anywhere on the page go to the documents: the person stays where they are,
// and a toast says what becomes of the files.

import { documentIcon } from './documents_icons.js';
import { createDrops } from './drops.js';
import { make } from './elements.js';
import { openToast, showToast } from './toast.js';

const NAMED = 3; // files that are named in one line; more are counted
const ASKS = ['chat', 'compare']; // the tabs where a question may use documents

/** @param {object} page - words, store, upload (of the Documents tab), use and tabs */
export function createDropped({ words, store, upload, use, tabs }) {
  const { say, number } = words;
  const veil = make('div', { class: 'divan-drop', hidden: true },
    make('p', {}, documentIcon('upload', 24), say('drop_here')));
  document.body.append(veil);
  createDrops({
    over(on) {
      const isTab = tabs.current() === 'documents';
      upload.light(on && isTab);
      veil.hidden = !on || isTab;
    },
    dropped(files, folders) {
      if (folders) showToast(say('drop_folder'));
      if (files.length) take(files);
    },
    pasted(files) {
      const others = files.filter((file) => !isPicture(file));
      if (others.length < files.length) showToast(say('paste_picture'));
      if (others.length) take(others);
    },
  });

  async function take(files) {
    if (!store.known()) await store.refresh(); // how large a file may be, and what is there
    if (tabs.current() === 'documents') upload.add(files);
    else follow(files);
  }

  /** Sends the files, and says in a toast how far they are. */
  function follow(files) {
    let items = [];
    let toast = null;
    let said = '';
    const tell = () => {
      if (!items.length || tabs.current() === 'documents') return; // there they have rows
      for (const item of items.filter(isRefused)) upload.leave(item);
      const actions = actionsFor(items);
      const now = [lineOf(items), ...actions.map(({ label }) => label)].join('\n');
      if (now === said) return;
      said = now;
      if (!toast?.isOpen()) toast = openToast();
      toast.say(lineOf(items), actions);
    };
    items = upload.add(files, tell);
    tell();
  }

  /** What became of the files, in sentences. */
  function lineOf(items) {
    const failed = items.filter(({ state }) => state === 'failed');
    const ready = items.filter(({ state }) => state === 'ready');
    const moving = items.filter((item) => !failed.includes(item) && !ready.includes(item));
    const is = (what) => ready.filter((item) => item[what]);
    return [
      sentence('drop_adding', moving),
      sentence('drop_added', ready.filter(({ same, replaced }) => !same && !replaced)),
      sentence('drop_same', is('same')),
      sentence('drop_replaced', is('replaced')),
      ...failuresOf(failed),
    ].filter(Boolean).join(' ');
  }

  const sentence = (key, items) => items.length > 0 && say(key, { files: named(items) });

  const named = (items) => (items.length > NAMED
    ? say('drop_files', { count: number(items.length) })
    : items.map(({ name }) => say('drop_name', { name })).join(', '));

  /** Each reason once, behind the files that failed for it. */
  function failuresOf(failed) {
    const reasonOf = ({ error, hint }) => [error, hint].filter(Boolean).join(' ').replaceAll('`', '');
    return [...new Set(failed.map(reasonOf))].map((reason) => {
      const items = failed.filter((item) => reasonOf(item) === reason);
      return reason.includes(items[0].name) ? reason : `${named(items)}: ${reason}`;
    });
  }

  function actionsFor(items) {
    const kept = items.filter(({ document, again }) => document != null || again);
    const documents = documentsOf(items);
    const older = items.length === 1 && items.find((item) => item.older?.length && !item.replacing);
    const isLeftOut = documents.length > 0 && ASKS.includes(tabs.current()) && !use.covers(documents);
    return [
      older && { label: say('upload_replace'), run: () => upload.replace(older) },
      isLeftOut && { label: say('drop_use'), run: () => use.include(documents) },
      (kept.length > 0 || items.some(({ state }) => state !== 'failed'))
        && { label: say('drop_go'), run: () => tabs.show('documents') },
    ].filter(Boolean);
  }

  /** What of the files is among the documents now, and can be read. */
  function documentsOf(items) {
    const ids = items.filter(({ state }) => state !== 'failed').map(({ document }) => document);
    return (store.known()?.documents ?? []).filter(({ id }) => ids.includes(id));
  }
}

/** Whether the server has not taken it, and would not the next time. */
const isRefused = ({ state, document, again }) => state === 'failed' && document == null && !again;

const isPicture = ({ type }) => type.startsWith('image/') && type !== 'image/svg+xml';
