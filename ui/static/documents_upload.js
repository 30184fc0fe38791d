// The upload area: files by choosing or dropping, pages of the web by their address, and one
// progress bar per file until it can be searched.

import * as api from './documents_api.js';
import { documentIcon } from './documents_icons.js';
import { isMoving } from './documents_store.js';
import { make } from './elements.js';

const AT_ONCE = 2; // files that are sent at the same time
const SHOWN = 8; // bars at most; of more files the rest is counted
const READY_MS = 2500; // how long a bar stays when its file is ready,
const FAILED_MS = 8000; // or could not be read: the list says why

/**
 * @param {object} parts - words, store, panel (where files may be dropped) and collection(), where
 *   new documents go
 */
export function createUpload({ words, store, panel, collection }) {
  const { say } = words;
  const queue = []; // {name, bytes, state, share, document, error, hint}
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
  const zone = make('label', { class: 'zone', for: 'documents-files' },
    documentIcon('upload', 22),
    make('span', { class: 'lines' },
      make('span', {}, say('drop_before'), ' ', make('b', {}, say('choose'))),
      make('small', {}, say('formats'))),
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

  acceptDrops(panel, element, add);
  store.watch(follow);

  function add(files) {
    const target = collection();
    for (const file of files) {
      const item = { name: file.name, bytes: file.size, state: 'queued', share: 0 };
      queue.push(item);
      waiting.push(() => api.upload(file, target, (share) => sent(item, share)).then(
        ({ documents }) => accepted(item, documents),
        (error) => refused(item, error),
      ));
    }
    draw();
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
    draw();
  }

  function accepted(item, documents) {
    take(item, documents[0]);
    store.refresh();
  }

  function refused(item, error) {
    Object.assign(item, { state: 'failed', error: error.message, hint: error.hint ?? '' });
    draw();
  }

  async function takeAddress(event) {
    event.preventDefault();
    const wanted = url.value.trim();
    if (!wanted) {
      url.focus();
      return;
    }
    const item = { name: wanted, bytes: 0, state: 'fetching', share: 0 };
    queue.push(item);
    url.value = '';
    draw();
    await api.addAddress(wanted, collection()).then(
      ({ documents }) => accepted(item, documents),
      (error) => {
        if (!url.value) url.value = wanted; // to mend it
        refused(item, error);
      },
    );
  }

  /** What the server says of a file that it has. */
  function take(item, document) {
    if (!document) return;
    const was = item.state;
    Object.assign(item, {
      document: document.id, name: document.name, state: document.state, share: document.progress,
      error: document.error, hint: document.hint, chunks: document.chunks,
    });
    const stays = { ready: READY_MS, failed: item.document == null ? 0 : FAILED_MS }[item.state];
    if (stays && was !== item.state) setTimeout(() => leave(item), stays);
    draw();
  }

  function follow({ documents }) {
    const byId = new Map(documents.map((one) => [one.id, one]));
    for (const item of [...queue]) {
      if (item.document == null || item.state === 'ready') continue;
      if (byId.has(item.document)) take(item, byId.get(item.document));
      else leave(item);
    }
  }

  function leave(item) {
    const at = queue.indexOf(item);
    if (at >= 0) queue.splice(at, 1);
    draw();
  }

  function draw() {
    const order = [...queue].sort((a, b) => rank(a) - rank(b));
    const rest = order.length - SHOWN;
    const kids = order.slice(0, SHOWN).map((item) => drawItem(item, words, () => leave(item)));
    if (rest > 0) kids.push(make('li', { class: 'rest' }, say('more_files', { count: words.number(rest) })));
    rows.replaceChildren(...kids);
    rows.hidden = !kids.length;
  }

  return {
    element,
    /** The collection that new documents go to has changed. */
    turn: () => { into.textContent = say('into', { collection: collection() }); },
    choose: () => input.click(),
  };
}

/** What moves and what failed comes first. */
const rank = ({ state }) => ['failed', 'sending', 'fetching', 'working', 'waiting', 'queued', 'ready'].indexOf(state);

function drawItem(item, { say, percent, size, number }, dismiss) {
  const failed = item.state === 'failed';
  const busy = isMoving(item) || ['sending', 'queued', 'fetching'].includes(item.state);
  const said = {
    queued: () => say('upload_queued'),
    sending: () => (item.share < 1 ? say('upload_sending', { percent: percent(item.share) }) : say('upload_taking')),
    fetching: () => say('upload_fetching'),
    waiting: () => say('state_waiting'),
    working: () => say('state_working', { percent: percent(item.share) }),
    ready: () => say('upload_ready', { count: number(item.chunks ?? 0) }),
    failed: () => item.error,
  }[item.state]();
  return make('li', { 'data-state': item.state },
    make('div', { class: 'line' },
      make('strong', { title: item.name, dir: 'auto' }, item.name),
      item.bytes > 0 && make('small', {}, size(item.bytes)),
      make('span', { class: 'said', role: failed ? 'alert' : null }, said),
      failed && make('button', {
        type: 'button', 'aria-label': say('dismiss'), title: say('dismiss'), onclick: dismiss,
      }, documentIcon('close', 13))),
    failed && item.hint && make('p', {}, item.hint),
    busy && make('progress', {
      max: 1, value: ['sending', 'working'].includes(item.state) ? item.share : item.state === 'fetching' ? null : 0,
      'aria-label': item.name,
    }));
}

/** Files may be dropped anywhere on the tab. */
function acceptDrops(panel, element, add) {
  const holdsFiles = (event) => [...event.dataTransfer?.types ?? []].includes('Files');
  panel.addEventListener('dragover', (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    element.classList.add('over');
  });
  panel.addEventListener('dragleave', (event) => {
    if (!panel.contains(event.relatedTarget)) element.classList.remove('over');
  });
  panel.addEventListener('drop', (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    element.classList.remove('over');
    add(droppedFiles(event.dataTransfer));
  });
}

/** The files that were dropped; a folder would be sent as an empty file. */
function droppedFiles({ items }) {
  return [...items]
    .filter((item) => item.kind === 'file' && !item.webkitGetAsEntry?.()?.isDirectory)
    .map((item) => item.getAsFile())
    .filter(Boolean);
}
