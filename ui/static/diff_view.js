// Pairs of answers with what goes and what comes marked in them.

import { make } from './elements.js';

const SIDES = { a: ['same', 'out'], b: ['same', 'in'] };
const TAGS = { same: 'span', out: 'del', in: 'ins' };

/** @param {object[]} pairs - as GET /api/chats/{id}/diff answers */
export function drawPairs(pairs, text) {
  if (!pairs.length) return [make('p', { class: 'divan-diff-none' }, text('diff.same_path'))];
  return pairs.map((pair) => drawPair(pair, text));
}

function drawPair(pair, text) {
  const questions = [pair.question, pair.question_b].filter(Boolean);
  const changed = pair.pieces.some(([kind]) => kind !== 'same');
  return make(
    'section',
    { class: 'divan-pair' },
    ...questions.map((question) => make('h3', { dir: 'auto' }, question)),
    make(
      'div',
      { class: 'divan-sides' },
      heading(pair.a, 'a', text),
      heading(pair.b, 'b', text),
      !changed && make('p', { class: 'divan-diff-none' }, text('diff.equal')),
      changed && column('inline', pair.pieces, Object.keys(TAGS)),
      ...Object.keys(SIDES).map((side) => changed && column(side, pair.pieces, SIDES[side])),
    ),
  );
}

const heading = (side, name, text) => make(
  'h4', { class: `side-${name}` }, side ? side.label || text(`diff.${name}`) : text('diff.nothing'),
);

const column = (name, pieces, kinds) => make(
  'div',
  { class: `divan-column ${name}`, dir: 'auto' },
  ...pieces.filter(([kind]) => kinds.includes(kind)).map(([kind, words]) => make(TAGS[kind], {}, words)),
);
