// Searching the documents without asking any model: passages, their scores, and the sentence
// nearest to the question.

import { openPassages } from './citations_sheet.js';
import { highlighted } from './citations_text.js';
import * as api from './documents_api.js';
import { documentIcon } from './documents_icons.js';
import { make } from './elements.js';

const PAUSE_MS = 250;
const COUNT = 8;
const BEFORE = 120; // letters shown before the sentence
const LINES = { found: 'found', whole: 'found_whole', nothing: 'found_nothing' };

/** @param {object} parts - words, where (documents_where.js), places() that are searched, and
 *   searched(question): told what is looked for now */
export function createSearch({ words, where, places, searched }) {
  const { say } = words;
  let timer = 0;
  let asked = 0;
  let last = '';
  const box = make('input', {
    type: 'search', placeholder: say('search_placeholder'), 'aria-label': say('search'), autocomplete: 'off',
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(search, PAUSE_MS);
    },
  });
  const told = make('p', { class: 'told', role: 'status' });
  const results = make('ol', { class: 'results' });
  const tools = make('div', { class: 'search-tools' });
  const parts = make('div', { class: 'search-parts' });
  const form = make('form', {
    class: 'search-box', role: 'search', onsubmit: (event) => {
      event.preventDefault();
      clearTimeout(timer);
      search(true);
    },
  }, documentIcon('search', 17), box, where);
  const element = make('section', { id: 'documents-search', 'aria-label': say('search') },
    make('div', { class: 'search-row' }, form, tools), parts, told, results);

  async function search(now = false) {
    const question = box.value.trim();
    if (question === last && now !== true) return;
    last = question;
    asked += 1;
    const mine = asked;
    searched(question);
    if (!question) {
      show('', []);
      return;
    }
    element.setAttribute('aria-busy', 'true');
    try {
      const found = await api.search(question, places(), COUNT);
      if (mine === asked) shown(found);
    } catch (error) {
      if (mine === asked) show([error.message, error.hint].filter(Boolean).join(' '), []);
    } finally {
      if (mine === asked) element.removeAttribute('aria-busy');
    }
  }

  function shown({ way, weak, hits, ms, gone }) {
    const key = weak ? 'found_weak' : LINES[way];
    const line = say(hits.length ? key : 'found_nothing', {
      count: words.number(hits.length), ms: words.number(Math.max(1, Math.round(ms))),
    });
    const lost = gone.length > 0 && say(hits.length ? 'search_gone' : 'search_all_gone');
    show([lost, (hits.length > 0 || !lost) && line].filter(Boolean).join(' '), hits);
    results.classList.toggle('weak', weak);
  }

  function show(line, hits) {
    told.textContent = line;
    const strongest = Math.max(...hits.map((hit) => hit.score), 0.001);
    const scored = hits.some((hit) => ['score', 'lexical', 'dense'].some((part) => plain(hit[part]) !== 0));
    const drawn = hits.map((hit) => drawHit(hit, scored && strongest, words, () =>
      openPassages({ words, passages: hits, at: hit.number })));
    const end = hits.findLastIndex((hit) => hit.given) + 1;
    if (end > 0 && end < hits.length) drawn.splice(end, 0, make('li', { class: 'not-given' }, say('not_given')));
    results.replaceChildren(...drawn);
  }

  return {
    element,
    tools,
    /** Where more of what is found can be shown. */
    parts,
    /** Other documents or other collections: the same question is asked again. */
    again: () => { if (last) search(true); },
    question: () => last,
  };
}

/** A score as it is shown: what would be rounded to nothing is no "-0". */
function plain(score) {
  return Math.abs(score) < 0.005 ? 0 : score;
}

function drawScores(hit, strongest, { say, measure }) {
  const share = Math.max(0, Math.min(1, hit.score / strongest));
  const [score, lexical, dense] = [hit.score, hit.lexical, hit.dense].map((one) => measure(plain(one)));
  return make('span', { class: 'scores', title: say('scores_hint') },
    make('i', { 'aria-hidden': 'true' }, make('i', { style: `width: ${share * 100}%` })),
    make('b', {}, score),
    make('small', {}, `${say('score_words', { score: lexical })} · ${say('score_meaning', { score: dense })}`));
}

/** @param {number | false} strongest - the best score of all; false where scores say nothing */
function drawHit(hit, strongest, words, open) {
  return make('li', { 'data-hit': hit.number, class: hit.given ? 'given' : '' },
    make('button', { type: 'button', class: 'hit', onclick: open },
      make('span', { class: 'rank' }, String(hit.number)),
      make('span', { class: 'from' },
        make('strong', { dir: 'auto' }, hit.name), make('span', { dir: 'auto' }, words.place(hit))),
      strongest && drawScores(hit, strongest, words),
      make('span', { class: 'text', dir: 'auto' }, ...highlighted(hit.text, [hit.sentence], BEFORE))));
}
