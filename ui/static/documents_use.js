// The switch beside a message box: whether a chat's questions are looked up in the documents, and
// where. Both boxes of the page share what is chosen, for they show one chat.

import * as api from './documents_api.js';
import { documentIcon } from './documents_icons.js';
import { choiceLabel, createPicker } from './documents_pick.js';
import { goneOf, nameOf, placeOf } from './documents_places.js';
import { createPopover } from './documents_popover.js';
import { make } from './elements.js';

const KEPT = 'divan-documents-use'; // of a chat that has no file yet
const OFF = { on: false, collections: [] };

/** @param {object} page - words, store, view() of the page, goTo(tab) and failed(error) */
export function createUse({ words, store, view, goTo, failed }) {
  let use = OFF;
  let saving = Promise.resolve();
  const switches = [
    { row: 'composer', before: 'context-gauge', id: 'use-documents' },
    { row: 'compare-composer', before: 'compare-estimate', id: 'compare-use-documents' },
  ].map((place) => createSwitch({ ...place, words, store, use: () => use, change, goTo }));

  function change(next) {
    const before = use;
    use = next;
    draw();
    const { chat } = view();
    if (!chat) {
      sessionStorage.setItem(KEPT, JSON.stringify(use));
      return;
    }
    // One after the other: the last choice is the one that is kept.
    saving = saving.then(() => api.use(chat, use)).catch((error) => {
      failed(error);
      if (chat !== view().chat) return;
      use = before;
      draw();
    });
  }

  const draw = () => switches.forEach((one) => one.draw());

  /** What the shown chat has chosen. */
  function show({ chat, documents }) {
    use = chat ? documents ?? OFF : JSON.parse(sessionStorage.getItem(KEPT) ?? 'null') ?? OFF;
    if (use.on && use.collections.length) store.refresh(); // what was chosen may be gone
    draw();
  }

  const isIn = (document_) => !use.collections.length
    || use.collections.includes(document_.collection) || use.collections.includes(placeOf(document_));

  /** The shown chat's questions are looked up in these documents, too. */
  function include(documents) {
    const places = documents.filter((one) => !isIn(one)).map(placeOf);
    change({ on: true, collections: [...use.collections, ...places] });
  }

  /** A new question over one document alone. */
  function askOnly(document_) {
    const next = { on: true, collections: [placeOf(document_)] };
    if (view().chat) {
      sessionStorage.setItem(KEPT, JSON.stringify(next));
      document.getElementById('new-chat').click();
    } else {
      change(next);
    }
    goTo('chat');
    document.querySelector('#prompt textarea')?.focus();
  }

  store.watch(draw);
  store.onAsk(askOnly);
  return {
    show,
    chosen: () => use,
    covers: (documents) => use.on && documents.every(isIn),
    include,
    /** The question that begins a chat carried the choice into its file. */
    sent: () => sessionStorage.removeItem(KEPT),
  };
}

function createSwitch({ row, before, id, words, store, use, change, goTo }) {
  const { say } = words;
  const place = document.getElementById(row);
  const count = make('i', { class: 'count', hidden: true });
  const only = make('span', { class: 'only', dir: 'auto', hidden: true });
  const button = make('button', {
    type: 'button', id, role: 'switch', 'aria-label': say('use'), onclick: () => {
      const next = { ...use(), on: !use().on };
      change(next);
      if (next.on) store.refresh().then(() => { if (!hasReady()) popover.open(); });
    },
  }, documentIcon('documents', 19), count);
  const menu = make('button', {
    type: 'button', class: 'menu', 'aria-label': say('use_menu'), title: say('use_menu'),
  }, only, documentIcon('up', 12));
  const element = make('div', { class: 'divan-use' }, button, menu);
  const popover = createPopover({
    holder: element, button: menu, label: say('use_menu'), opened: () => {
      store.refresh();
      fill();
    },
  });
  const picker = createPicker({
    words,
    whole: say('use_all'),
    offered: (known) => known ?? { collections: [], documents: [] },
    chosen: () => use().collections,
    change: (collections) => change({ on: true, collections }),
  });
  const nothing = [
    make('p', {}, say('use_none')),
    make('button', { type: 'button', class: 'divan-button', onclick: leave }, say('use_go')),
  ];
  const choices = [
    make('strong', {}, say('use_which')),
    picker.element,
    make('button', { type: 'button', class: 'link', onclick: leave }, say('use_go')),
  ];
  element.append(popover.panel);
  const anchor = document.getElementById(before);
  place.insertBefore(element, anchor?.parentElement === place ? anchor : place.lastElementChild);

  const hasReady = () => store.known()?.documents.some((one) => one.state === 'ready');

  function fill() {
    const known = store.known();
    const empty = known && !known.documents.length && !use().collections.length;
    const wanted = empty ? nothing : choices;
    if (popover.panel.firstChild !== wanted[0]) popover.panel.replaceChildren(...wanted);
    picker.draw(known);
  }

  function leave() {
    popover.close();
    goTo('documents');
  }

  return {
    draw() {
      const { on, collections } = use();
      const gone = on ? goneOf(collections, store.known()) : [];
      const label = gone.length
        ? say('use_gone', { names: gone.map(nameOf).join(', ') })
        : say(on ? 'use_on' : 'use_off');
      const kept = on && collections.length > 0;
      button.setAttribute('aria-checked', String(on));
      button.title = label;
      element.classList.toggle('gone', gone.length > 0);
      count.hidden = !kept;
      count.textContent = collections.length;
      only.hidden = !kept;
      only.textContent = kept ? choiceLabel(collections, words) : '';
      menu.title = only.textContent || say('use_menu');
      if (!popover.panel.hidden) fill();
    },
  };
}
