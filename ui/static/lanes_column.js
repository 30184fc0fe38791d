// One lane: a model's name and what can be done with it, and its own messages below.

import { make } from './elements.js';
import { laneIcon } from './lanes_icons.js';
import { createMessage } from './lanes_message.js';
import { arriveAt } from './lanes_versions.js';
import { unpaced } from './pace.js';
import { followScroll } from './scroll_follow.js';

const ROLES = ['primary', 'secondary', 'comparison'];

/** @param {object} parts - text, labels, follower, citations, act(action, data), goOn(data), ended(turn),
 *   earlier(), diff(pairs) and pace, the one of all lanes */
export function createColumn({ text, labels, follower, citations, act, goOn, ended, earlier, diff, pace }) {
  const messages = new Map(); // id -> what createMessage returns
  let sheet = null;
  let about = null; // {number, count, hidden: names, running: some lane, planned}
  let folded = true; // what was said before this model came to it
  const last = () => sheet.messages.at(-1);
  const turn = () => sheet.turn ?? (messages.get(last()?.id)?.isHeld() ? last().id : null);
  const head = createHead({ text, follower, act, goOn, key: () => sheet.key, turn });
  const before = make('button', { type: 'button', class: 'lane-earlier', onclick: earlier }, text('compare.earlier'));
  const empty = make('p', { class: 'lane-empty' });
  const fold = make('button', {
    type: 'button', class: 'lane-inherited', onclick: () => {
      folded = !folded;
      drawFold();
    },
  });
  const log = make('div', { class: 'lane-log' }, fold, before, empty);
  const scroller = make('div', { class: 'lane-scroll', tabindex: 0 }, log);
  const estimate = make('div', { class: 'lane-estimate', hidden: true });
  const element = make('section', { class: 'lane' }, head.element, scroller, estimate);
  const lane = {
    text, labels, follower, citations, ended, diff, walk, gate,
    masked: () => about.hidden,
    again: (action) => act(action, { lane: sheet.key }),
  };
  let scrolling = null;
  let walking = null; // to which version, and where the arrow is that was pressed

  function walk(message, way, button) {
    walking = { message, way, top: button.getBoundingClientRect().top };
    act('version', { lane: sheet.key, message });
  }

  /** How an answer comes to be shown: while names are hidden at the pace of all. One that had ended
   * before this page showed it waits for the lane that is still answered. */
  function gate(one, show) {
    const late = about.running && one.id === last().id && one.id !== walking?.message;
    return about.hidden && (one.open || late) ? pace.enter(show, drawHead) : unpaced(show);
  }

  function drawHead() {
    element.classList.toggle('running', Boolean(turn()));
    head.draw(sheet, about);
  }

  function drawFold() {
    const some = sheet.messages.length > 0;
    const own = sheet.messages.some((message) => !message.inherited);
    fold.hidden = !sheet.inherited;
    fold.textContent = text('compare.inherited_count', { count: sheet.inherited });
    fold.setAttribute('aria-expanded', String(!folded));
    log.classList.toggle('folded', folded);
    before.hidden = !sheet.before || (folded && sheet.before < sheet.inherited);
    empty.hidden = own || (some && !folded);
  }

  function drawMessages(list) {
    const wanted = new Set(list.map((message) => message.id));
    for (const [id, message] of messages) {
      if (wanted.has(id)) continue;
      message.leave();
      message.element.remove();
      messages.delete(id);
    }
    let after = empty;
    for (const one of list) {
      const known = messages.get(one.id);
      if (known) known.update(one);
      else messages.set(one.id, createMessage(one, lane));
      const { element: drawn } = messages.get(one.id);
      drawn.toggleAttribute('data-inherited', Boolean(one.inherited));
      if (after.nextSibling !== drawn) after.after(drawn);
      after = drawn;
    }
  }

  function draw(next, place) {
    const asked = next.messages.at(-1)?.id !== sheet?.messages.at(-1)?.id;
    const older = sheet && next.before < sheet.before && scroller.scrollHeight - scroller.scrollTop;
    sheet = next;
    about = place;
    if (element.id !== `lane-${about.number}`) element.id = `lane-${about.number}`;
    element.setAttribute('aria-label', next.name);
    element.classList.toggle('wide', next.wide);
    scroller.setAttribute('aria-label', next.name);
    empty.textContent = text(about.hidden ? 'compare.empty_blind' : 'compare.empty_lane');
    drawFold();
    drawMessages(next.messages);
    drawHead();
    scrolling ??= followScroll(scroller);
    const arrived = messages.get(walking?.message);
    if (arrived) {
      arriveAt(arrived.element, walking, scroller);
      walking = null;
    } else if (older) scroller.scrollTop = scroller.scrollHeight - older;
    else if (asked) scrolling.stick();
  }

  return {
    element,
    draw,
    key: () => sheet.key,
    name: (key) => { sheet = { ...sheet, key }; },
    estimate(found) {
      estimate.hidden = !found;
      estimate.textContent = found ? text('compare.lane_estimate', found) : '';
    },
    leave() {
      messages.forEach((message) => message.leave());
      scrolling?.stop();
      element.remove();
    },
  };
}

function createHead({ text, follower, act, goOn, key, turn }) {
  const button = (name, onclick) => make('button', {
    type: 'button', class: `lane-${name}`, title: text(`compare.${name}`),
    'aria-label': text(`compare.${name}`), onclick,
  }, laneIcon(name));
  const change = (values) => act('lane', { lane: key(), ...values });
  let wide = false;
  let masked = false;
  let stopped = null; // what of it is not shown yet still comes, at the pace of all

  const dot = make('i', { class: 'lane-dot' });
  const name = make('strong', { class: 'lane-name', dir: 'auto' });
  const stop = button('stop', () => {
    stopped = turn();
    stop.disabled = masked;
    if (follower.isOpen()) follower.stop(stopped);
    else act('stop', { turn: stopped });
  });
  const retry = button('retry', () => act('retry', { lane: key() }));
  const goOnWith = button('continue', () => goOn({ lane: key() }));
  const role = make('select', {
    class: 'lane-role', 'aria-label': text('compare.role'), title: text('compare.role_hint'),
    onchange: () => change({ role: role.value }),
  }, ...ROLES.map((one) => make('option', { value: one }, text(`compare.role_${one}`))));
  const left = button('left', () => change({ move: -1 }));
  const right = button('right', () => change({ move: 1 }));
  const widen = button('wide', () => change({ wide: !wide }));
  const hide = button('hide', () => change({ shown: false }));
  const tools = make('span', { class: 'lane-tools' }, left, right, widen, hide);
  const second = make('div', { class: 'lane-second' }, role, tools);
  const reason = make('p', { class: 'lane-reason' });
  const element = make('header', { class: 'lane-head' },
    make('div', { class: 'lane-first' }, dot, name, stop, retry, goOnWith), second, reason);

  function draw(sheet, { number, count, hidden, planned }) {
    const end = sheet.messages.at(-1);
    const answered = end?.role === 'assistant' && !('author' in end) && !planned;
    masked = hidden;
    name.textContent = sheet.name;
    name.title = sheet.name;
    dot.dataset.state = hidden ? 'hidden' : sheet.ready ? 'ready' : 'unready';
    reason.textContent = hidden || sheet.ready ? '' : sheet.reason.replaceAll('`', '');
    stop.hidden = !turn();
    stop.disabled = hidden && stopped !== null && stopped === turn();
    retry.hidden = Boolean(turn()) || !answered || sheet.gone;
    goOnWith.hidden = Boolean(turn()) || !answered || hidden;
    second.hidden = hidden;
    if (hidden) return;
    role.value = sheet.role;
    left.disabled = number === 1;
    right.disabled = number === count;
    hide.disabled = count === 1;
    wide = sheet.wide;
    const label = text(wide ? 'compare.narrow' : 'compare.wide');
    widen.replaceChildren(laneIcon(wide ? 'narrow' : 'wide'));
    widen.title = label;
    widen.setAttribute('aria-label', label);
    widen.setAttribute('aria-pressed', String(wide));
  }

  return { element, draw };
}
