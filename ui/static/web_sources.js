// Pages of the web that an answer in a lane rests on: its marks as links, and the list below it.
// In the chat Python draws them (ui/web_sources.py). Their addresses were checked there, too.

import { linkMarks } from './citations_marks.js';
import { make } from './elements.js';

/** Makes the marks of a painted answer links to the sources that they name. */
export function linkSources(root, { rows }) {
  const numbered = new Map(rows.filter(({ number }) => number).map((row) => [row.number, row]));
  linkMarks(root, { numbers: numbered, draw: (number) => chip(numbered.get(number)) });
}

export function listSources({ unfolded, rows }, text) {
  return make('details', { class: 'divan-passages divan-web', open: unfolded },
    make('summary', {}, make('span', {}, text('answer.web_sources', { count: rows.length }))),
    make('ol', {}, ...rows.map((row) => make('li', {},
      row.number && chip(row),
      make('div', {}, make('div', { class: 'divan-passage-from' },
        link(row, {}, make('strong', { dir: 'auto' }, row.title)),
        make('span', { dir: 'ltr' }, row.host)))))));
}

const chip = (row) => link(row, { class: 'divan-cite', title: row.title }, String(row.number));

function link({ url }, more, label) {
  return make('a', { ...more, href: url, target: '_blank', rel: 'noopener noreferrer' }, label);
}
