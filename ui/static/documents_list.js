// The list of documents, by collection: what each is, how far it has been read, why it could not
// be, and what can be done with it.

import * as api from './documents_api.js';
import { documentIcon } from './documents_icons.js';
import { createRow } from './documents_row.js';
import { openDialog } from './dialog.js';
import { make } from './elements.js';
import { confirmDone } from './toast.js';

const STEP = 100; // rows that are drawn; more on request

/** @param {object} parts - words, store, failed(error) and turned(): the chosen collection changed */
export function createList({ words, store, failed, turned }) {
  const { say } = words;
  const rows = new Map(); // id -> a row, with what it shows as `seen`
  let chosen = null; // the collection that is looked at; null: all
  let most = STEP;
  let chipsShown = '';
  const chips = make('div', { class: 'chips', role: 'group', 'aria-label': say('collections') });
  const tools = make('div', { class: 'tools' });
  const list = make('ul', { class: 'rows' });
  const more = make('button', { type: 'button', class: 'divan-button more', hidden: true, onclick: showMore });
  const empty = make('p', { class: 'none', hidden: true });
  const element = make('section', { id: 'documents-list', 'aria-label': say('list') },
    make('div', { class: 'list-head' }, chips, tools), empty, list, more);

  function showMore() {
    most += STEP;
    draw(store.known());
  }

  function choose(name) {
    chosen = name;
    most = STEP;
    draw(store.known());
    turned();
  }

  function draw(known) {
    if (chosen !== null && !known.collections.includes(chosen)) chosen = null;
    drawChips(known);
    const wanted = known.documents.filter((one) => chosen === null || one.collection === chosen);
    const names = wanted.map((one) => one.name);
    const twice = new Set(names.filter((name, at) => names.indexOf(name) !== at));
    drawRows(wanted.slice(0, most), twice);
    more.hidden = wanted.length <= most;
    more.textContent = say('show_more', { count: words.number(wanted.length - most) });
    empty.hidden = wanted.length > 0;
    empty.textContent = say('collection_empty', { collection: words.collection(chosen ?? '') });
  }

  function drawChips({ documents, collections, default: first }) {
    const counts = new Map();
    for (const { collection } of documents) counts.set(collection, (counts.get(collection) ?? 0) + 1);
    const shown = JSON.stringify([chosen, first, collections, [...counts]]);
    if (shown === chipsShown) return; // a press may be on its way while a document is read
    chipsShown = shown;
    const chip = (name, label, count) => make('button', {
      type: 'button', class: 'chip', 'aria-pressed': String(chosen === name), title: label,
      'data-collection': name, onclick: () => choose(name),
    }, make('span', { dir: 'auto' }, label), make('i', {}, words.number(count)));
    const focused = document.activeElement?.dataset?.collection;
    chips.replaceChildren(
      chip(null, say('all'), documents.length),
      ...collections.map((name) => chip(name, words.collection(name), counts.get(name) ?? 0)),
      make('button', {
        type: 'button', class: 'chip add', title: say('collection_new'), 'aria-label': say('collection_new'),
        onclick: newCollection,
      }, documentIcon('add', 13), make('span', {}, say('collection_new_short'))),
    );
    if (focused !== undefined) chips.querySelector(`[data-collection="${CSS.escape(focused)}"]`)?.focus();
    tools.replaceChildren(...(chosen !== null && chosen !== first ? [make('button', {
      type: 'button', class: 'quiet', onclick: () => dropCollection(counts.get(chosen) ?? 0),
    }, documentIcon('delete', 14), say('collection_delete'))] : []));
  }

  function drawRows(wanted, twice) {
    const names = new Set(wanted.map((one) => one.id));
    for (const [id, row] of rows) {
      if (names.has(id)) continue;
      row.element.remove();
      rows.delete(id);
    }
    let after = null;
    for (const document of wanted) {
      const drawn = rowOf(document, twice.has(document.name));
      if ((after ? after.nextSibling : list.firstChild) !== drawn) {
        if (after) after.after(drawn);
        else list.prepend(drawn);
      }
      after = drawn;
    }
  }

  function rowOf(document, isTwice) {
    const seen = JSON.stringify([document, chosen === null, isTwice]);
    const row = rows.get(document.id) ?? createRow(words, { askOnly: store.askOnly, again, remove });
    rows.set(document.id, row);
    if (row.seen !== seen) row.show(document, chosen === null, isTwice);
    row.seen = seen;
    return row.element;
  }

  const again = (document) => api.reindex(document.id).then(store.refresh, failed);

  function remove(document) {
    ask({
      title: say('delete_title'),
      line: say('delete_line', { name: document.name }),
      label: say('delete'),
      run: () => api.remove(document.id),
    });
  }

  function dropCollection(count) {
    const name = chosen;
    ask({
      title: say('collection_delete_title'),
      line: say('collection_delete_line', { name, count: words.number(count) }),
      label: say('delete'),
      run: () => api.dropCollection(name),
    });
  }

  /** What cannot be undone is asked once more. */
  function ask({ title, line, label, run }) {
    const dialog = openDialog({
      title,
      kind: 'small',
      close: say('close'),
      kids: [make('p', {}, line)],
      actions: [
        { label: say('cancel'), run: () => dialog.close() },
        {
          label,
          kind: 'danger',
          run: async () => {
            await run();
            await store.refresh();
            dialog.close();
          },
        },
      ],
    });
  }

  function newCollection() {
    const name = make('input', { type: 'text', maxlength: 80, autofocus: true });
    const dialog = openDialog({
      title: say('collection_new'),
      kind: 'small',
      close: say('close'),
      kids: [make('label', { class: 'divan-field' }, say('collection_name'), name)],
      actions: [
        { label: say('cancel'), run: () => dialog.close() },
        {
          label: say('collection_make'),
          kind: 'primary',
          run: async () => {
            const wanted = name.value.trim();
            if (!wanted) return;
            await api.addCollection(wanted);
            await store.refresh();
            dialog.close();
            choose(store.known().collections.find((one) => one === wanted) ?? null);
            confirmDone(say('collection_made', { name: wanted }));
          },
        },
      ],
    });
    name.focus();
  }

  store.watch(draw);
  return { element, chosen: () => chosen };
}
