// The lanes of a comparison as columns: patched by their keys, each with a scroll of its own.

import { make } from './elements.js';
import { createColumn } from './lanes_column.js';
import { laneIcon } from './lanes_icons.js';
import { createMessage } from './lanes_message.js';
import { createPace, unpaced } from './pace.js';
import { followScroll } from './scroll_follow.js';

/**
 * @param {HTMLElement} place - what the lanes are put into
 * @param {object} parts - text, labels, follower, citations, act(action, data), goOn(data), ended(turn),
 *   earlier() and diff(pairs)
 */
export function createLanes(place, parts) {
  const strip = make('div', { class: 'lanes-strip' });
  const aside = make('div', { class: 'lanes-aside' });
  const none = make('p', { class: 'lanes-none' }, parts.text('compare.none'));
  const columns = new Map();
  const fused = createFused(parts);
  const pace = createPace();
  let drawn = null;
  place.append(strip);

  /** Hidden names have become known: the same lanes go by them from now on. */
  function rename(sheet) {
    const same = drawn?.hidden && !sheet.hidden && drawn.chat === sheet.chat;
    if (!same || drawn.lanes.length !== sheet.lanes.length) return;
    const known = drawn.lanes.map(({ key }) => columns.get(key));
    columns.clear();
    sheet.lanes.forEach(({ key }, index) => {
      known[index].name(key);
      columns.set(key, known[index]);
    });
  }

  function drop(sheet) {
    const another = drawn && drawn.chat !== sheet.chat && drawn.chat !== null;
    const wanted = new Set(sheet.lanes.map(({ key }) => key));
    for (const [key, column] of columns) {
      if (!another && wanted.has(key)) continue;
      column.leave();
      columns.delete(key);
    }
  }

  function drawAside(list) {
    aside.hidden = !list.length;
    aside.replaceChildren(...list.map(({ key, name }) => {
      const label = parts.text('compare.bring_back', { name });
      return make('button', {
        type: 'button', class: 'lane-folded', title: label, 'aria-label': label, 'data-lane': key,
        onclick: () => parts.act('lane', { lane: key, shown: true }),
      }, laneIcon('show', 14), make('span', { dir: 'auto' }, name));
    }));
  }

  return {
    draw(sheet) {
      rename(sheet);
      drop(sheet);
      const running = sheet.lanes.some((lane) => lane.turn);
      const { hidden, planned } = sheet;
      const about = { count: sheet.lanes.length, hidden, planned, running };
      let order = [];
      pace.batch(() => {
        order = sheet.lanes.map((lane, index) => {
          if (!columns.has(lane.key)) columns.set(lane.key, createColumn({ ...parts, pace }));
          const column = columns.get(lane.key);
          column.draw(lane, { ...about, number: index + 1 });
          return column.element;
        });
      });
      fused.draw(sheet.fused);
      drawAside(sheet.aside);
      if (!order.length) order.push(none);
      put(strip, [...order, ...(sheet.fused ? [fused.element] : []), aside]);
      if (sheet.fused) fused.reveal();
      drawn = sheet;
      place.dataset.chat = sheet.chat ?? '';
    },
    estimate(found) {
      columns.forEach((column, key) => column.estimate(found?.lanes?.[key]));
    },
  };
}

/** Children in an order; those that stand right already are not touched. */
function put(parent, wanted) {
  [...parent.children].filter((child) => !wanted.includes(child)).forEach((child) => child.remove());
  wanted.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
}

/** The answer that one model wrote from all of them. */
function createFused({ text, labels, follower, citations, goOn, ended, diff }) {
  const name = make('strong', { class: 'lane-name', dir: 'auto' });
  const sources = make('p', { class: 'lane-reason' });
  const label = text('compare.continue_fused');
  const go = make('button', {
    type: 'button', class: 'lane-continue', title: label, 'aria-label': label,
    onclick: () => goOn({ message: shown }),
  }, laneIcon('continue'));
  const stop = make('button', {
    type: 'button', class: 'lane-stop', title: text('compare.stop'), 'aria-label': text('compare.stop'),
    onclick: () => follower.stop(shown),
  }, laneIcon('stop'));
  const log = make('div', { class: 'lane-log' });
  const scroller = make('div', { class: 'lane-scroll', tabindex: 0 }, log);
  const first = make('div', { class: 'lane-first' }, laneIcon('fuse'), name, stop, go);
  const element = make('section', { class: 'lane', id: 'lane-fused' },
    make('header', { class: 'lane-head' }, first, sources), scroller);
  const lane = {
    text, labels, follower, citations, ended, diff, masked: () => false,
    gate: (_, show) => unpaced(show),
  };
  let shown = null;
  let message = null;
  let scrolling = null;
  let isNew = false;

  function draw(sheet) {
    if (!sheet) {
      message?.leave();
      message = shown = null;
      log.replaceChildren();
      return;
    }
    const [one] = sheet.messages;
    name.textContent = sheet.name;
    sources.textContent = sheet.sources;
    element.setAttribute('aria-label', sheet.name);
    stop.hidden = !sheet.turn;
    go.hidden = Boolean(sheet.turn);
    if (one.id === shown) {
      message.update(one);
      return;
    }
    message?.leave();
    shown = one.id;
    message = createMessage(one, lane);
    log.replaceChildren(message.element);
    scrolling ??= followScroll(scroller);
    scrolling.stick();
    isNew = Boolean(sheet.turn);
  }

  return {
    element,
    draw,
    /** One that has just begun comes into sight. */
    reveal() {
      if (isNew) element.scrollIntoView({ inline: 'nearest', block: 'nearest' });
      isNew = false;
    },
  };
}
