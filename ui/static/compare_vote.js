// The vote of a blind comparison: four buttons under its lanes, and afterwards who was who.

import { make } from './elements.js';

const VOTES = ['left', 'tie', 'both_bad', 'right'];

/** @param {object} parts - text, act(action, data), begin(blind) and tabs */
export function createVote({ text, act, begin, tabs }) {
  const place = make('div', { id: 'compare-vote', role: 'group', 'aria-label': text('compare.vote_title'), hidden: true });
  document.getElementById('compare-composer').before(place);
  const button = (label, onclick, kind = '') =>
    make('button', { type: 'button', class: kind, onclick }, label);

  function ask() {
    return VOTES.map((vote) => {
      const made = button(text(`compare.vote_${vote}`), () => {
        place.querySelectorAll('button').forEach((other) => { other.disabled = true; });
        act('vote', { vote });
      });
      made.dataset.vote = vote;
      return made;
    });
  }

  function reveal(sheet) {
    const [left, right] = sheet.sides;
    return [
      make('p', {}, make('strong', {}, text(`compare.voted_${sheet.vote}`)), ' ',
        text('compare.revealed', { left, right })),
      button(text('compare.new_round'), () => begin(true), 'primary'),
      button(text('page.tab_leaderboard'), () => tabs.show('leaderboard')),
    ];
  }

  return {
    draw(sheet, running) {
      const voted = sheet.blind && sheet.vote !== null;
      const failed = sheet.hidden && !sheet.planned && !running && !sheet.canVote;
      const parts = sheet.canVote ? ask() : voted ? reveal(sheet) : failed
        ? [make('p', {}, text('compare.vote_not_yet')), button(text('compare.new_round'), () => begin(true))]
        : [];
      place.hidden = !parts.length;
      place.replaceChildren(...parts);
    },
  };
}
