// The table of the leaderboard: a group of models that met is a body of rows.

import { make } from './elements.js';

const COLUMNS = ['rank', 'model', 'rating', 'votes', 'wins', 'losses', 'ties', 'both_bad', 'speed', 'cost'];
const UNDER = { rating: 'interval', speed: 'speed_unit', cost: 'cost_unit' };

/** @param {object} page - board (ui/leaderboard_view.py), say(key, params), numbers */
export function createTable({ board, say, numbers }) {
  const rows = new Map(board.groups.flat().map((row) => [row.model, row]));
  const line = make('p', { class: 'explained', 'aria-live': 'polite' });
  const element = make('section', { class: 'ranking' },
    make('div', { class: 'frame', tabindex: 0, role: 'region', 'aria-label': say('caption') },
      make('table', {},
        make('caption', {}, say('caption')),
        make('thead', {}, make('tr', {}, ...COLUMNS.map(head))),
        ...board.groups.map(body))),
    line,
    make('p', { class: 'quiet' }, say('ranks')));
  explain(board.groups[0][0].model);

  function head(name) {
    const under = UNDER[name] && make('small', {}, say(UNDER[name]));
    return make('th', { scope: 'col', class: name }, say(name), ' ', under);
  }

  function body(group, index) {
    const named = board.groups.length > 1 && make('tr', { class: 'group' },
      make('th', { scope: 'rowgroup', colspan: COLUMNS.length },
        say('group', { number: index + 1 }), ' ', make('small', {}, say('group_middle'))));
    return make('tbody', {}, named, ...group.map(model));
  }

  function model(row) {
    return make('tr', { 'data-model': row.model, class: row.doubt },
      cell('rank', row.rank ?? make('span', { title: say('unranked'), 'aria-label': say('unranked'), role: 'img' }, '–')),
      make('th', { scope: 'row', class: 'model' }, make('span', { title: row.label }, row.label), ...marks(row)),
      cell('rating', make('button', { type: 'button', title: words(row) }, numbers.points(row.points)),
        make('small', {}, `${numbers.points(row.low)} – ${numbers.points(row.high)}`)),
      ...['votes', 'wins', 'losses', 'ties'].map((name) => cell(name, numbers.count(row[name]))),
      cell('both_bad', numbers.share(row.bothBad)),
      cell('speed', numbers.speed(row.speed)),
      cell('cost', numbers.cost(row.cost)));
  }

  function marks(row) {
    const named = [row.doubt, row.gone && 'gone'].filter(Boolean);
    return named.map((mark) => make('small', { class: 'mark' }, say(mark)));
  }

  function words(row) {
    const { points, low, high } = row;
    const rated = { points: numbers.points(points), low: numbers.points(low), high: numbers.points(high) };
    return [
      say('explain', { model: row.label, expected: numbers.count(row.expected * 100), ...rated }),
      row.doubt && say(`explain_${row.doubt}`, { votes: row.votes, enough: board.enough, wide: board.wide }),
      row.gone && say('explain_gone'),
    ].filter(Boolean).join(' ');
  }

  function explain(name) {
    const next = words(rows.get(name));
    if (line.textContent !== next) line.textContent = next;
  }

  /** `explain(model)` puts the rating of a model into words under the table. */
  return { element, explain };
}

const cell = (name, ...kids) => make('td', { class: name }, ...kids.map((kid) => (kid instanceof Node ? kid : String(kid))));
