// The comparison tab: asks Python for its sheet (ui/compare_sheet.py), and draws what comes.

import { createBar } from './compare_bar.js';
import { createChips } from './compare_chips.js';
import { createCompareComposer } from './compare_composer.js';
import { createVote } from './compare_vote.js';
import { createDiff } from './diff.js';
import { createLanes } from './lanes.js';
import { showToast } from './toast.js';

const SOON_MS = 60; // lanes that end together are asked for together
const POLL_MS = 700;
const FOUND_REACH = 200; // messages of a lane in which hits are marked
const ECHO_MS = 250; // what this page has done itself comes back by then
/** What changes where the chat tab stands, or what it may show. */
const TURNS_CHAT = ['lane', 'version', 'retry', 'go_on', 'vote'];

/**
 * @param {object} page - bridge (trigger), follower, text(key, params), labels (of the painter),
 *   view() of the page, open(chat), tabs, citations, editing(line), and wait(question, chat)
 *   for the lanes
 */
export function createCompare({
  bridge, follower, text, labels, view, open, tabs, citations, editing, wait,
}) {
  let link = new URLSearchParams(location.search).get('compare');
  let sheet = null;
  let shown = null; // messages of a lane, where more than usual were asked for
  let begins = null; // what begins: {blind, pool: the chat whose models are drawn from once more}
  let soon = 0;
  let poll = 0;
  let loaded = false; // the models are known, or cannot be had
  let lost = null; // the toast that says an event failed
  let opened = null; // what came for a chat the page has not turned to yet

  const isHere = () => tabs.current() === 'compare';
  const chat = () => view()?.chat ?? null;
  const turns = () => [...(sheet?.lanes ?? []), ...(sheet?.fused ? [sheet.fused] : [])]
    .map((lane) => lane.turn).filter(Boolean);

  function act(action, data = {}) {
    if (action === 'link') chips.pick();
    bridge.trigger('compare', { action, chat: chat(), shown, ...data });
  }

  const goOn = (data) => bridge.trigger('compare_continue', data);
  const later = () => {
    clearTimeout(soon);
    soon = setTimeout(() => act('show'), SOON_MS);
  };

  const diffs = createDiff({
    text, chat, failed: (error) => showToast(text('page.failed_action', { detail: error.message })),
  });
  const diff = (pairs) => diffs.answers(pairs, pairs.length > 1 ? text('compare.beside') : '');
  const chips = createChips({ text, chat, changed: () => composer.again() });
  const lanes = createLanes(document.getElementById('lanes'), {
    text, labels, follower, citations, act, goOn, ended: later, earlier, diff,
  });
  const bar = createBar({ text, act, chips, begin });
  const vote = createVote({ text, act, begin, tabs });
  const composer = createCompareComposer({
    text,
    estimate: (value) => (value.trim() ? act('estimate', { text: value }) : estimated(null)),
    stopAll: () => turns().forEach((turn) =>
      (follower.isOpen() ? follower.stop(turn) : act('stop', { turn }))),
    isRunning: () => turns().length > 0,
    editing,
    wait: (question) => wait(question, chat()),
  });
  chips.refresh().then(() => {
    loaded = true;
    if (isHere() && view()) turn();
  });

  window.divanCompare = {
    /** Where the page is, and what it sees of the lanes, go with every event of this tab. */
    inputs([, prompt, models, ...rest]) {
      const place = { ...JSON.parse(window.divan.where()), seen: seen() };
      return [JSON.stringify(place), prompt, chips.offered(models), ...rest];
    },
    /** An event has failed: nothing came back, and what was waited for can be done again. */
    lost() {
      lost?.close();
      lost = showToast(text('page.lost'));
      if (!sheet) return;
      composer.stay(chat());
      if (sheet.chat === chat()) draw(sheet);
    },
  };

  function seen() {
    if (!sheet?.chat || sheet.planned || sheet.chat !== chat()) return null;
    const keys = sheet.hidden ? [] : sheet.lanes.map((lane) => lane.key);
    return { lanes: keys, context: sheet.context, mode: sheet.mode, hidden: sheet.hidden };
  }

  /** The lanes stand otherwise: another page has moved, hidden or turned something. */
  follower.listen('comparison', ({ chat: changed, rev }) => setTimeout(() => {
    if (changed !== chat() || sheet?.chat !== changed || sheet.rev >= rev) return;
    if (isHere()) act('show');
    bridge.trigger('settle', {});
  }, ECHO_MS));

  function estimated(found) {
    lanes.estimate(composer.told(found) ? found : null);
  }

  /** An empty chat, with the same models; another blind round is drawn from all of its pool. */
  function begin(blind) {
    begins = { blind, ...(blind && { pool: sheet.chat }) };
    if (chat() === null) turn();
    else open(null);
  }

  function earlier() {
    const most = Math.max(...sheet.lanes.map((lane) => lane.messages.length));
    shown = most * 2;
    act('show');
  }

  /** The chat has changed, or the tab is looked at now. */
  function turn() {
    if (begins !== null) tabs.show('compare');
    if (!isHere() || !loaded) return;
    if (sheet?.chat !== chat()) shown = null;
    if (view()?.found) shown = Math.max(shown ?? 0, FOUND_REACH);
    const coming = opened;
    opened = null;
    if (coming && coming.sheet.chat === chat()) {
      draw(coming.sheet, true);
      return;
    }
    if (link !== null) {
      act('link', { link });
      link = null;
      return;
    }
    // What is written from now on belongs to the shown chat, whose lanes are still to come.
    if (sheet && sheet.chat !== chat()) composer.setOut(chat());
    act('show', fresh());
    begins = null;
  }

  /** What a comparison that begins here begins with. */
  function fresh() {
    const pool = sheet === null && chat() === null && !begins ? chips.pool() : null;
    if (pool) return { models: pool, blind: true };
    const isPicked = chips.isPicked() || chat() === null;
    const chosen = isPicked ? chips.chosen() : [];
    return { models: chosen.length ? chosen : chips.remembered(), chosen: chosen.length > 0, ...begins };
  }

  function show(message) {
    if (message.told) showToast(message.told);
    if (message.sets) bar.sets(message.sets);
    if ('estimate' in message) estimated(message.estimate);
    if (message.sheet?.chat === chat()) draw(message.sheet, message.sent);
    else if (message.sent) opened = message; // the page turns to the new chat with this very view
    if (TURNS_CHAT.includes(message.did)) bridge.trigger('settle', {});
    if (message.goto) tabs.show(message.goto);
  }

  function draw(next, sent = false) {
    const before = sheet;
    sheet = next;
    const running = turns().length > 0;
    lanes.draw(next);
    bar.draw(next, running);
    vote.draw(next, running);
    chips.limit(next.most, next.planned && next.blind);
    if (!next.blind && !(next.planned && next.chat)) chips.remember(next.lanes.map((lane) => lane.key));
    document.body.classList.toggle('divan-comparing', running);
    document.getElementById('compare-composer').hidden = next.readOnly;
    composer.turn(next.chat, sent);
    if (sent) estimated(null);
    else if (before && changes(before, next)) composer.again();
    clearTimeout(poll);
    if (running && !follower.isOpen()) poll = setTimeout(() => act('show'), POLL_MS);
  }

  return {
    composer,
    /** What Python sends under `compare`. */
    show,
    turn,
    /** The lanes once more, where they are looked at. */
    again() { if (isHere() && sheet) later(); },
    /** The page is on its way to a chat. */
    setOut(next) {
      if (isHere() && sheet && sheet.chat !== next) composer.setOut(next);
    },
    /** The way there came to nothing. */
    stay() {
      if (sheet) composer.stay(chat());
    },
    /** The running turns of all chats, from /ws: another page may have asked in this chat, and one
     * that has ended may have been drawn before it was saved. */
    running(all) {
      if (!isHere() || !sheet?.chat || sheet.chat !== chat()) return;
      const here = all.filter((one) => one.chat === sheet.chat).map((one) => one.turn);
      const known = turns();
      const differ = (some, others) => some.some((one) => !others.includes(one));
      if (differ(here, known) || differ(known, here)) later();
    },
    chosen: () => chips.chosen(),
    /** The readiness of a model has changed. */
    models() {
      chips.refresh();
      if (isHere() && sheet && !turns().length) later();
    },
  };
}

/** Whether an estimate made before does not hold any more. */
function changes(before, next) {
  const key = (one) => JSON.stringify([one.context, one.hidden, one.lanes.map((lane) => lane.key)]);
  return key(before) !== key(next);
}
