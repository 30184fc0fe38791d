// What stands at the end of a message of a lane: the arrows through its versions, and what an answer
// can be compared with.

import { make } from './elements.js';
import { laneIcon } from './lanes_icons.js';

const WAYS = { earlier: 'left', later: 'right' };

/** @param {object} lane - text, walk(message, way, button) and diff(pairs) */
export function drawVersions({ versions }, { text, walk }) {
  if (!versions) return null;
  const { at, count } = versions;
  const arrow = (way) => {
    const label = text(`answer.${way}_version`);
    return make('button', {
      type: 'button', class: `lane-${way}`, 'data-way': way, disabled: !versions[way],
      title: label, 'aria-label': label, onclick: (event) => walk(versions[way], way, event.currentTarget),
    }, laneIcon(WAYS[way], 14));
  };
  return make('span', {
    class: 'lane-versions', role: 'group', 'aria-label': text('compare.versions', { at, count }),
  }, arrow('earlier'), make('span', {}, `${at}/${count}`), arrow('later'));
}

/** The button that sets an answer beside another one. */
export function drawDiff({ diffs }, { text, diff }) {
  if (!diffs?.length) return null;
  const label = text('compare.compare_with');
  return make('button', {
    type: 'button', class: 'lane-diff', title: label, 'aria-label': label, onclick: () => diff(diffs),
  }, laneIcon('diff', 14));
}

/** Where somebody has walked to: the arrow under the new version is where the old one was, and has
 * the focus; at the last version the other arrow has it. */
export function arriveAt(message, { way, top }, scroller) {
  const arrow = message.querySelector(`.lane-versions [data-way="${way}"]`);
  if (!arrow) return;
  scroller.scrollTop += arrow.getBoundingClientRect().top - top;
  const usable = arrow.disabled ? arrow.parentElement.querySelector('button:enabled') : arrow;
  usable?.focus({ preventScroll: true });
}
