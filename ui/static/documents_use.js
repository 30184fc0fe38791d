// The switch beside a message box: whether a chat's questions are looked up in the documents, and
// in which collections. Both boxes of the page share what is chosen, for they show one chat.

import * as api from './documents_api.js';
import { documentIcon } from './documents_icons.js';
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
    draw();
  }

  store.watch(draw);
  return {
    show,
    chosen: () => use,
    /** The question that begins a chat carried the choice into its file. */
    sent: () => sessionStorage.removeItem(KEPT),
  };
}

function createSwitch({ row, before, id, words, store, use, change, goTo }) {
  const { say } = words;
  const place = document.getElementById(row);
  const count = make('i', { class: 'count', hidden: true });
  const button = make('button', {
    type: 'button', id, role: 'switch', onclick: () => {
      const next = { ...use(), on: !use().on };
      change(next);
      if (next.on) store.refresh().then(() => { if (!hasReady()) open(); });
    },
  }, documentIcon('documents', 19), count);
  const menu = make('button', {
    type: 'button', class: 'menu', 'aria-label': say('use_menu'), title: say('use_menu'), 'aria-haspopup': 'dialog',
    'aria-expanded': 'false', onclick: () => (panel.hidden ? open() : close()),
  }, documentIcon('up', 12));
  const panel = make('div', { class: 'divan-use-menu', role: 'dialog', 'aria-label': say('use_menu'), hidden: true });
  const element = make('div', { class: 'divan-use' }, button, menu, panel);
  const anchor = document.getElementById(before);
  place.insertBefore(element, anchor?.parentElement === place ? anchor : place.lastElementChild);

  const hasReady = () => store.known()?.documents.some((one) => one.state === 'ready');

  function open() {
    panel.hidden = false;
    menu.setAttribute('aria-expanded', 'true');
    store.refresh();
    fill();
    panel.querySelector('input, button')?.focus({ preventScroll: true });
  }

  function close(back = false) {
    if (panel.hidden) return;
    panel.hidden = true;
    menu.setAttribute('aria-expanded', 'false');
    if (back) menu.focus();
  }

  document.addEventListener('pointerdown', (event) => {
    if (!element.contains(event.target)) close();
  }, true);
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || panel.hidden) return;
    event.stopPropagation();
    close(true);
  });

  function fill() {
    const known = store.known();
    const focused = panel.contains(document.activeElement) && document.activeElement.value;
    panel.replaceChildren(...(known && !known.documents.length ? nothing() : choices(known)));
    if (focused) panel.querySelector(`input[value="${CSS.escape(focused)}"]`)?.focus();
  }

  const nothing = () => [
    make('p', {}, say('use_none')),
    make('button', { type: 'button', class: 'divan-button', onclick: leave }, say('use_go')),
  ];

  function leave() {
    close();
    goTo('documents');
  }

  function choices(known) {
    const { collections } = use();
    const names = known?.collections ?? [];
    const chosen = names.filter((name) => collections.includes(name));
    const box = (value, label, checked, run) => make('label', {},
      make('input', { type: 'checkbox', value, checked, onchange: run }), make('span', { dir: 'auto' }, label));
    const turn = (name) => {
      const next = chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name];
      change({ on: true, collections: next.length === names.length ? [] : next });
    };
    return [
      make('strong', {}, say('use_which')),
      make('div', { class: 'boxes' },
        box('*', say('use_all'), !chosen.length, () => change({ on: true, collections: [] })),
        ...(names.length > 1 ? names.map((name) => box(name, name, chosen.includes(name), () => turn(name))) : [])),
      make('button', { type: 'button', class: 'link', onclick: leave }, say('use_go')),
    ];
  }

  return {
    draw() {
      const { on, collections } = use();
      const label = say(on ? 'use_on' : 'use_off');
      button.setAttribute('aria-checked', String(on));
      button.setAttribute('aria-label', say('use'));
      button.title = label;
      count.hidden = !on || !collections.length;
      count.textContent = collections.length;
      if (!panel.hidden) fill();
    },
  };
}
