// The leaderboard tab: ratings from one's own blind votes.

import { make } from './elements.js';
import { createLeaderboardNumbers } from './leaderboard_numbers.js';
import { createPlots } from './leaderboard_plots.js';
import { createTable } from './leaderboard_table.js';
import { emptyBoard, failedBoard, waitingBoard } from './leaderboard_words.js';

const MOST_LINES = 5; // of the numbers of broken lines

/** @param {object} page - bridge (trigger) and text(key, params) */
export function createLeaderboard({ bridge, text }) {
  const say = (key, params) => text(`leaderboard.${key}`, params);
  const root = make('div', { class: 'divan-board' });
  let table = null;
  let plots = null;
  let shown = '';

  document.getElementById('leaderboard').append(root);
  lightTogether(root, (model) => table.explain(model));

  function show(board) {
    const next = JSON.stringify(board);
    if (next === shown) return;
    shown = next;
    plots?.stop();
    plots = null;
    if (board.error) root.replaceChildren(failedBoard(say, board.error));
    else if (!board.groups.length) root.replaceChildren(...notes(board), emptyBoard(say, board.enough));
    else root.replaceChildren(...filled(board));
  }

  function filled(board) {
    const numbers = createLeaderboardNumbers(say);
    table = createTable({ board, say, numbers });
    plots = createPlots({ board, say, numbers });
    return [
      make('header', {}, make('h2', {}, say('title')), make('p', {}, say('lead', { votes: board.votes }))),
      ...notes(board), table.element, plots.element,
    ];
  }

  function notes(board) {
    const lines = board.broken.slice(0, MOST_LINES).join(', ') + (board.broken.length > MOST_LINES ? ' …' : '');
    const rows = board.groups.flat();
    return [
      board.broken.length && note('broken', say('broken', { lines })),
      board.bias && note('bias', say(`bias_${board.bias.side}`, board.bias)),
      rows.length && rows.every((row) => row.rank === null) && note('few', say('too_few', board)),
      board.groups.length > 1 && note('apart', say('apart')),
    ].filter(Boolean);
  }

  return {
    /** What Python has reckoned (ui/leaderboard_view.py). */
    show,
    /** The person looks at this tab now: new votes may have come. */
    open() {
      if (!shown) root.replaceChildren(waitingBoard(say));
      bridge.trigger('leaderboard', {});
    },
  };
}

const note = (name, line) => make('p', { class: 'note', role: 'note', 'data-note': name }, line);

/** The row and the points of one model light up together. `told` learns which model it is. */
function lightTogether(root, told) {
  const light = (event) => {
    const model = event.target.closest('[data-model]')?.dataset.model;
    if (model === undefined) return;
    for (const part of root.querySelectorAll('[data-model]')) {
      part.classList.toggle('lit', part.dataset.model === model);
    }
    told(model);
  };
  for (const kind of ['pointerover', 'focusin', 'click']) root.addEventListener(kind, light);
}
