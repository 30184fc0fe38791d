// The documents tab: what can be asked about, and what a search finds in it.

import { sayOfSilence } from './api.js';
import { createEvaluation } from './documents_evaluate.js';
import { documentIcon } from './documents_icons.js';
import { createList } from './documents_list.js';
import { createMap } from './documents_map.js';
import { createSearch } from './documents_search.js';
import { isMoving } from './documents_store.js';
import { createOcr } from './documents_ocr.js';
import { createTrouble } from './documents_trouble.js';
import { createUpload } from './documents_upload.js';
import { createWhere } from './documents_where.js';
import { make } from './elements.js';
import { withCode } from './models.js';

const STEPS = ['one', 'two', 'three'];

/** @param {object} page - words, store and failed(error) */
export function createDocuments({ words, store, failed }) {
  const { say } = words;
  sayOfSilence({ message: say('lost'), hint: say('lost_hint') });
  const collection = () => list.chosen() ?? store.known()?.default ?? '';
  const collections = () => (list.chosen() === null ? [] : [list.chosen()]);
  const places = () => (where.places().length ? where.places() : collections());
  const map = createMap({ words, places, failed });
  const evaluation = createEvaluation({ words, collections });
  const where = createWhere({
    words, store, collection: () => list.chosen(), turned: () => {
      search.again();
      map.again();
    },
  });
  const search = createSearch({
    words, where: where.element, places, searched: (question) => map.show(question),
  });
  const upload = createUpload({ words, store, collection, failed });
  const list = createList({
    words, store, failed, turned: () => {
      upload.turn();
      where.forget();
      search.again();
      map.again();
    },
  });
  const problem = make('p', { class: 'problem', role: 'alert', hidden: true });
  const trouble = createTrouble({ words, store });
  const ocr = createOcr({ words, store, failed });
  const empty = make('section', { class: 'empty' },
    make('ol', {}, ...STEPS.map((step) => make('li', {}, say(`empty_${step}`)))),
    make('p', { class: 'quiet' }, say('empty_private')));
  const root = make('div', { class: 'divan-documents', 'data-filled': 'no' },
    make('header', {}, make('h2', {}, say('title')), make('p', {}, say('lead'))),
    problem, trouble, upload.element, empty, search.element, evaluation.element, ocr, list.element);
  let found = '';

  search.parts.append(map.element);
  search.tools.append(toggle('map', map), toggle('measure', evaluation));
  document.getElementById('documents').append(root);
  store.watch(show);

  function toggle(icon, part) {
    const button = make('button', {
      type: 'button', class: 'divan-button', 'aria-pressed': 'false', onclick: () => {
        const on = button.getAttribute('aria-pressed') !== 'true';
        button.setAttribute('aria-pressed', String(on));
        part.turn(on);
      },
    }, documentIcon(icon, 15), make('span', {}, say(icon === 'map' ? 'map' : 'evaluate')));
    return button;
  }

  function show({ documents, collections: names, default: first, error }) {
    problem.hidden = !error;
    problem.replaceChildren(...(error ? withCode([error.message, error.hint].filter(Boolean).join(' ')) : []));
    const filled = documents.length > 0 || names.some((name) => name !== first);
    root.dataset.filled = filled ? 'yes' : 'no';
    upload.turn();
    // What can be found has changed when a document got ready or went, not while it is read.
    const ready = JSON.stringify(documents.filter((one) => !isMoving(one)).map((one) => [one.id, one.chunks]));
    if (found && found !== ready) {
      search.again();
      map.again();
    }
    found = ready;
  }

  return {
    /** The person looks at this tab now. */
    open: () => store.refresh(),
    upload,
  };
}
