// Choosing where to look: everything, collections, or single documents, with a filter where there
// are many.

import { documentIn, goneOf, nameOf, placeOf } from './documents_places.js';
import { make } from './elements.js';

const UNFILTERED = 8; // documents that need no filter
const SHOWN = 60; // documents that are drawn; the filter finds the others
const MOST = 100; // places a chat can be kept to (ui/handlers.py)

/** @param {object} parts - words, whole (the label of everything), offered(known): the collections
 *   and documents to choose from, chosen() and change(places) */
export function createPicker({ words, whole, offered, chosen, change }) {
  const { say, language } = words;
  const filter = make('input', {
    type: 'search', class: 'filter', placeholder: say('pick_filter'), 'aria-label': say('pick_filter'), autocomplete: 'off',
    oninput: () => draw(last),
  });
  const boxes = make('div', { class: 'boxes' });
  const element = make('div', { class: 'divan-pick' }, filter, boxes);
  let last = null;
  let drawn = '';

  /** Draw the boxes anew: the one that was pressed may say something else than is chosen. */
  function redraw() {
    drawn = '';
    draw(last);
  }

  function turn(place) {
    const now = chosen();
    const next = now.includes(place) ? now.filter((one) => one !== place) : [...now, place];
    if (next.length <= MOST) change(next);
    redraw();
  }

  const box = (value, label, checked, run, attributes = {}) => make('label', attributes,
    make('input', { type: 'checkbox', value, checked, onchange: run }),
    make('span', { dir: 'auto', title: label }, label));

  function draw(known) {
    last = known;
    const { collections, documents } = offered(known);
    const now = chosen();
    const ready = documents.filter((one) => one.state === 'ready' || now.includes(placeOf(one)));
    filter.hidden = ready.length <= UNFILTERED;
    const wanted = fold(filter.hidden ? '' : filter.value, language);
    const found = ready.filter((one) => fold(one.name, language).includes(wanted));
    // What is chosen comes first, so that a long list never hides it.
    found.sort((a, b) => now.includes(placeOf(b)) - now.includes(placeOf(a)));
    const shows = JSON.stringify([now, collections, found.map(({ id, name }) => [id, name]), goneOf(now, known)]);
    if (shows === drawn) return; // a press may be on its way while a document is read
    drawn = shows;
    const single = (one) => box(placeOf(one), one.name, now.includes(placeOf(one)), () => turn(placeOf(one)));
    const focused = boxes.contains(document.activeElement) && document.activeElement.value;
    boxes.replaceChildren(
      ...goneOf(now, known).map((place) => box(place, words.collection(nameOf(place)), true, () => turn(place), {
        class: 'gone', title: say('pick_gone'),
      })),
      box('*', whole, !now.length, () => { change([]); redraw(); }),
      ...(collections.length > 1 ? collections.map((name) => box(name, words.collection(name), now.includes(name), () => turn(name))) : []),
      ...(ready.length ? [make('small', {}, say('pick_documents'))] : []),
      ...found.slice(0, SHOWN).map(single),
      ...(found.length > SHOWN ? [make('p', { class: 'rest' }, say('pick_more', { count: words.number(found.length - SHOWN) }))] : []),
      ...(ready.length && !found.length ? [make('p', { class: 'rest' }, say('pick_none'))] : []),
    );
    if (focused) boxes.querySelector(`input[value="${CSS.escape(focused)}"]`)?.focus();
  }

  return { element, draw };
}

/** What a choice is called in one line: a name, or how many. */
export function choiceLabel(places, { say, number, collection }) {
  if (places.length === 1) return collection(nameOf(places[0]));
  const singles = places.every(documentIn);
  return say(singles ? 'pick_count' : 'pick_count_places', { count: number(places.length) });
}

const fold = (text, language) => text.toLocaleLowerCase(language).trim();
