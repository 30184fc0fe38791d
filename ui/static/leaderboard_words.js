// What the leaderboard says where there is nothing to draw.

import { draw, make } from './elements.js';

const STEPS = ['one', 'two', 'three'];

/** Nobody voted yet: how it is done. */
export function emptyBoard(say, enough) {
  return make('section', { class: 'empty' },
    podium(),
    make('h2', {}, say('empty_title')),
    make('p', {}, say('empty_lead')),
    make('ol', {}, ...STEPS.map((step) => make('li', {}, say(`empty_${step}`)))),
    make('p', { class: 'quiet' }, say('empty_enough', { enough })),
    make('button', {
      type: 'button', class: 'go', onclick: () => document.getElementById('tab-compare').click(),
    }, say('empty_go')));
}

/** The votes cannot be read at all. */
export const failedBoard = (say, line) => make('section', { class: 'failed', role: 'alert' }, make('h2', {}, say('title')), make('p', {}, line));

export const waitingBoard = (say) => make('p', { class: 'waiting', role: 'status' }, say('reckoning'));

function podium() {
  const step = (x, height) => draw('rect', { x, y: 48 - height, width: 20, height, rx: 4 });
  return draw('svg', { class: 'podium', viewBox: '0 0 72 56', width: 72, height: 56, 'aria-hidden': 'true' },
    step(2, 20), step(26, 34), step(50, 13), draw('circle', { cx: 36, cy: 6, r: 4.5 }), draw('path', { d: 'M0 52.5h72' }));
}
