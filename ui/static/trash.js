// The trash: a dialog with what was deleted, to be restored or deleted for good.

import * as api from './api.js';
import { openDialog } from './dialog.js';
import { make } from './elements.js';
import { createTrashRow } from './trash_row.js';
import { createTrashWords } from './trash_words.js';

const PAGE = 50; // rows asked for at a time
const MOST = 100; // rows the server gives at a time

/** @param {object} page - text(key, params), language, failed(error), and restored(chat) */
export function createTrash({ text, language, failed, restored }) {
  const words = createTrashWords(text, language);
  const button = document.getElementById('trash');
  button.setAttribute('aria-haspopup', 'dialog');
  button.addEventListener('click', () => openTrash({ words, failed, restored }));
}

function openTrash({ words, failed, restored }) {
  let rows = [];
  let total = 0;
  let newest = ''; // what comes into the trash after this moment was not seen here
  let busy = false;
  const status = make('p', { class: 'divan-trash-status', role: 'status' });
  const none = make('p', { class: 'divan-trash-none', hidden: true }, words.say('none'));
  const list = make('ul', {
    class: 'divan-trash-list', role: 'list', 'aria-label': words.say('title'), 'aria-busy': 'true',
  });
  const more = make('button', { type: 'button', class: 'divan-button more', hidden: true, onclick: showMore });
  const dialog = openDialog({
    title: words.say('title'),
    kind: 'divan-trash',
    close: words.say('close'),
    kids: [status, none, list, more],
  });

  const fail = (error) => (dialog.element.isConnected ? dialog.fail(error) : failed(error));

  /** One thing after the other; what it returns is said, what it throws is shown. */
  async function work(run) {
    if (busy) return;
    busy = true;
    dialog.fail(null);
    try {
      status.textContent = (await run()) ?? '';
    } catch (error) {
      fail(error);
    }
    busy = false;
  }

  /** As many rows as are shown, once more. */
  async function refresh() {
    const wanted = Math.max(rows.length, PAGE);
    let found = [];
    let page;
    do {
      page = await api.trash(found.length, Math.min(MOST, wanted - found.length));
      found = join(found, page.rows);
    } while (page.rows.length && found.length < Math.min(wanted, page.total));
    newest = page.newest;
    draw(found, page.total);
  }

  function showMore() {
    return work(async () => {
      const page = await api.trash(rows.length, PAGE);
      const first = rows.length;
      draw(join(rows, page.rows), page.total);
      focusOn(rows[first]?.token, 'restore');
    });
  }

  function draw(next, count) {
    rows = next;
    total = count;
    list.replaceChildren(...rows.map((row) => createTrashRow(row, { words, restore, discard })));
    list.removeAttribute('aria-busy');
    none.hidden = rows.length > 0;
    more.hidden = total <= rows.length;
    more.textContent = words.of('more', total - rows.length);
    dialog.actions(total ? [{ label: words.say('empty_action'), run: askToEmpty }] : []);
  }

  /** Do it, draw what is left, and go on with the next row. */
  function act(row, action, run) {
    return work(async () => {
      const at = rows.findIndex(({ token }) => token === row.token);
      const neighbours = [row, rows[at + 1], rows[at - 1]];
      try {
        return await run();
      } finally {
        await refresh();
        const left = neighbours.find((one) => rows.some(({ token }) => token === one?.token));
        focusOn(left?.token, action);
      }
    });
  }

  const restore = (row) => act(row, 'restore', async () => {
    const { id } = await api.restore(row.token);
    restored(id);
    return words.restored(row);
  });

  const discard = (row) => act(row, 'discard', async () => {
    const { count } = await api.discard(row.token);
    return words.say(count ? 'discarded' : 'discarded_before', { title: words.title(row) });
  });

  function askToEmpty() {
    const count = total;
    openDialog({
      title: words.say('empty_title'),
      kind: 'small',
      close: words.say('close'),
      kids: [make('p', {}, words.of('empty_question', count))],
      actions: [
        { label: words.say('cancel'), run: (asking) => asking.close() },
        {
          label: words.of('empty_yes', count),
          kind: 'danger',
          run: async (asking) => {
            const done = await api.emptyTrash(newest).finally(refresh);
            asking.close();
            status.textContent = words.of('emptied', done.count);
            focusOn(null);
          },
        },
      ],
    });
  }

  /** A row's button for the action, else its last one; without a row what closes the dialog. */
  function focusOn(token, action) {
    const row = token && list.querySelector(`[data-token="${CSS.escape(token)}"]`);
    const place = row?.querySelector(`[data-action="${action}"]`)
      ?? row?.querySelector('.divan-trash-actions button:last-child')
      ?? dialog.element.querySelector('.divan-dialog-close');
    place.focus();
  }

  work(refresh);
}

/** Rows and those that follow; what moved down meanwhile comes a second time, and is left out. */
function join(rows, next) {
  const known = new Set(rows.map(({ token }) => token));
  return [...rows, ...next.filter(({ token }) => !known.has(token))];
}
