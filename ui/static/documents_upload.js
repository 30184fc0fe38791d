// The upload area: files by choosing, dropping or pasting, pages of the web by their address, and
// one progress bar per file until it can be searched.

import * as api from './documents_api.js';
import { documentIcon } from './documents_icons.js';
import { drawUpload } from './documents_upload_row.js';
import { make } from './elements.js';

const AT_ONCE = 2; // files that are sent at the same time
const SHOWN = 8; // bars at most; of more files the rest is counted
const READY_MS = 2500; // how long a bar stays when its file is ready,
const FAILED_MS = 8000; // or could not be read: the list says why
const ASKED_MS = 20_000; // or there is something to be said or asked about it
const ENVELOPE = 4096; // bytes of a request beside its file

/**
 * @param {object} parts - words, store, collection(), where new documents go, and failed(error)
 */
export function createUpload({ words, store, collection, failed }) {
  const { say } = words;
  // {name, bytes, state, share, document, error, hint; file or url; older: ids of the documents of
  // the same name, replacing: these are to go once the new one is ready; same: what it is already;
  // listed: the number of the first list that has to name it}
  const queue = [];
  const waiting = [];
  let sending = 0;

  const input = make('input', {
    type: 'file', multiple: true, id: 'documents-files', 'aria-label': say('choose'),
    onchange: () => {
      add([...input.files]);
      input.value = '';
    },
  });
  const into = make('span', { class: 'into' });
  const most = make('small', { hidden: true });
  const zone = make('label', { class: 'zone', for: 'documents-files' },
    documentIcon('upload', 22),
    make('span', { class: 'lines' },
      make('span', {}, say('drop_before'), ' ', make('b', {}, say('choose'))),
      make('small', {}, say('formats')), most),
    input);
  const url = make('input', {
    type: 'text', inputmode: 'url', placeholder: say('address_placeholder'), 'aria-label': say('address'),
    autocomplete: 'off', spellcheck: 'false', id: 'documents-address',
  });
  const address = make('form', { class: 'address', novalidate: true, onsubmit: takeAddress },
    documentIcon('link', 16), url,
    make('button', { type: 'submit', class: 'divan-button' }, say('address_add')));
  const rows = make('ul', { class: 'uploads', 'aria-live': 'polite', hidden: true });
  const element = make('section', { id: 'documents-upload', 'aria-label': say('upload') },
    make('div', { class: 'doors' }, zone, make('div', { class: 'beside' }, address, into)), rows);

  store.watch(follow);

  /** Sends files, and returns their items; `told(item)` hears whenever one of them gets further. */
  function add(files, told) {
    const target = collection();
    const items = files.map((file) => ({
      name: file.name, bytes: file.size, state: 'queued', share: 0, file, target, told,
    }));
    queue.push(...items);
    items.forEach(send);
    draw();
    return items;
  }

  function send(item) {
    const limit = store.known()?.limit;
    if (limit && item.bytes > limit - ENVELOPE) {
      refused(item, { message: say('upload_large', { limit: words.size(limit) }), hint: say('upload_large_hint') });
      return;
    }
    Object.assign(item, { state: 'queued', share: 0 });
    waiting.push(() => {
      const before = known();
      return api.upload(item.file, item.target, (share) => sent(item, share)).then(
        ({ documents }) => accepted(item, documents[0], before),
        (error) => refused(item, error),
      );
    });
    next();
  }

  function next() {
    while (sending < AT_ONCE && waiting.length) {
      sending += 1;
      waiting.shift()().finally(() => {
        sending -= 1;
        next();
      });
    }
  }

  function sent(item, share) {
    Object.assign(item, { state: 'sending', share });
    moved(item);
  }

  const known = () => store.known()?.documents ?? [];

  /** The server has it; `before` are the documents it had until then. */
  function accepted(item, document, before) {
    item.listed = store.next();
    if (document?.id != null) {
      const there = before.find((one) => one.id === document.id);
      item.same = there?.state === 'ready' ? there.name : '';
      item.older = before.filter((one) => one.id !== document.id
        && one.name === document.name && one.collection === document.collection).map((one) => one.id);
    }
    take(item, document);
    store.refresh();
  }

  function refused(item, error) {
    Object.assign(item, { state: 'failed', error: error.message, hint: error.hint ?? '', again: error.again });
    moved(item);
  }

  /** What got lost on its way is sent once more. */
  function again(item) {
    if (item.file) send(item);
    else get(item);
    draw();
  }

  async function takeAddress(event) {
    event.preventDefault();
    const wanted = url.value.trim();
    if (!wanted) {
      url.focus();
      return;
    }
    const item = { name: wanted, bytes: 0, share: 0, url: wanted, target: collection() };
    queue.push(item);
    url.value = '';
    await get(item);
  }

  async function get(item) {
    const before = known();
    item.state = 'fetching';
    draw();
    await api.addAddress(item.url, item.target).then(
      ({ documents }) => accepted(item, documents[0], before),
      (error) => {
        if (!url.value && !error.again) url.value = item.url; // to mend it
        refused(item, error);
      },
    );
  }

  /** The documents that the new one replaces go once it can be searched. */
  async function replace(item) {
    item.replacing = true;
    draw();
    if (item.state !== 'ready') return;
    try {
      for (const id of item.older) await api.remove(id);
      item.replaced = true;
      setTimeout(() => leave(item), READY_MS);
    } catch (error) {
      item.replacing = false;
      failed(error);
    }
    moved(item);
    store.refresh();
  }

  /** What the server says of a file that it has. */
  function take(item, document) {
    if (!document) return;
    const was = item.state;
    Object.assign(item, {
      document: document.id, name: item.same ? item.name : document.name, state: document.state,
      share: document.progress, error: document.error, hint: document.hint, chunks: document.chunks,
    });
    const ready = item.older?.length || item.same ? ASKED_MS : READY_MS;
    const stays = { ready, failed: item.document == null ? 0 : FAILED_MS }[item.state];
    if (stays && was !== item.state) setTimeout(() => leave(item), stays);
    if (item.state === 'ready' && was !== 'ready' && item.replacing) replace(item);
    moved(item);
  }

  function follow({ documents, limit, asked }) {
    most.hidden = !limit;
    most.textContent = limit ? say('limit', { limit: words.size(limit) }) : '';
    const byId = new Map(documents.map((one) => [one.id, one]));
    for (const item of [...queue]) {
      if (item.document == null) continue;
      const now = byId.get(item.document);
      if (!now && asked >= item.listed) leave(item);
      else if (now && item.state !== 'ready') take(item, now);
    }
  }

  function leave(item) {
    const at = queue.indexOf(item);
    if (at >= 0) queue.splice(at, 1);
    draw();
  }

  function moved(item) {
    draw();
    item.told?.(item);
  }

  function draw() {
    const order = [...queue].sort((a, b) => rank(a) - rank(b));
    const rest = order.length - SHOWN;
    const kids = order.slice(0, SHOWN).map((item) => drawUpload(item, words, { leave, again, replace }));
    if (rest > 0) kids.push(make('li', { class: 'rest' }, say('more_files', { count: words.number(rest) })));
    rows.replaceChildren(...kids);
    rows.hidden = !kids.length;
  }

  return {
    element,
    /** The collection that new documents go to has changed. */
    turn: () => { into.textContent = say('into', { collection: words.collection(collection()) }); },
    add,
    leave,
    replace,
    /** Files are over the tab, or no longer. */
    light: (on) => element.classList.toggle('over', on),
  };
}

/** What moves and what failed comes first. */
const rank = ({ state }) => ['failed', 'sending', 'fetching', 'working', 'waiting', 'queued', 'ready'].indexOf(state);
