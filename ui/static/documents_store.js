// The person's documents as the server knows them: asked for when somebody looks, and again at
// every change from then on.

import * as api from './documents_api.js';

const POLL_MS = 1500; // where no /ws tells of changes
const MOVING = ['waiting', 'working'];

/** Whether a document is still being read. */
export const isMoving = ({ state }) => MOVING.includes(state);

/** @param {() => boolean} isTold - whether /ws is there to tell of changes */
export function createStore(isTold) {
  const watchers = new Set();
  let begin = () => {};
  let known = null; // {documents, collections, default, error, asked: the number of the list}
  let asked = 0;
  let asking = null;
  let again = false;
  let poll = 0;

  async function ask() {
    asked += 1;
    try {
      known = { ...await api.list(), error: null, asked };
    } catch (error) {
      known = { documents: [], collections: [], default: '', ...known, error };
    }
    watchers.forEach((watch) => watch(known));
    clearTimeout(poll);
    const moves = !isTold() && (known.documents.some(isMoving) || known.ocr?.state === 'installing');
    if (moves || known.error?.again) poll = setTimeout(refresh, POLL_MS);
  }

  /** Asks now; while one question is on its way, one more follows it. */
  function refresh() {
    if (asking) {
      again = true;
      return asking;
    }
    asking = ask().finally(() => {
      asking = null;
      if (!again) return;
      again = false;
      refresh();
    });
    return asking;
  }

  return {
    refresh,
    known: () => known,
    /** The number of the list that is asked for next. */
    next: () => asked + 1,
    watch(watcher) {
      watchers.add(watcher);
      if (known) watcher(known);
    },
    /** Begins a question over one document alone. */
    askOnly: (document) => begin(document),
    /** Who begins such a question. */
    onAsk(run) {
      begin = run;
    },
    /** The server says that something has changed. */
    changed() {
      if (known || asking) refresh();
    },
  };
}
