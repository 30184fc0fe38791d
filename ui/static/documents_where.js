// The button in the search box that keeps a search to single documents.

import { documentIcon } from './documents_icons.js';
import { choiceLabel, createPicker } from './documents_pick.js';
import { goneOf } from './documents_places.js';
import { createPopover } from './documents_popover.js';
import { make } from './elements.js';

/** @param {object} parts - words, store, collection(): the one that is looked at, null for all,
 *   and turned(): other documents are chosen */
export function createWhere({ words, store, collection, turned }) {
  const { say } = words;
  let places = [];
  const label = make('span', { dir: 'auto' });
  const button = make('button', { type: 'button' }, label, documentIcon('down', 12));
  const clear = make('button', {
    type: 'button', class: 'clear', 'aria-label': say('where_all'), title: say('where_all'), hidden: true,
    onclick: () => change([]),
  }, documentIcon('close', 11));
  const element = make('span', { class: 'where' }, button, clear);
  const picker = createPicker({
    words,
    whole: say('where_all'),
    offered: (known) => ({
      collections: [],
      documents: (known?.documents ?? []).filter((one) => collection() === null || one.collection === collection()),
    }),
    chosen: () => places,
    change,
  });
  const popover = createPopover({
    holder: element, button, label: say('use_which'), opened: () => {
      popover.panel.replaceChildren(picker.element);
      picker.draw(store.known());
    },
  });
  element.append(popover.panel);

  function change(next) {
    places = next;
    draw();
    turned();
  }

  function draw() {
    label.textContent = places.length ? choiceLabel(places, words) : say('where_all');
    button.title = label.textContent;
    clear.hidden = !places.length;
    element.classList.toggle('gone', goneOf(places, store.known()).length > 0);
    if (!popover.panel.hidden) picker.draw(store.known());
  }

  store.watch(draw);
  draw();
  return {
    element,
    /** The chosen documents; none: the whole collection that is looked at. */
    places: () => places,
    /** Another collection is looked at: nothing of it is chosen yet. */
    forget: () => {
      places = [];
      draw();
    },
  };
}
