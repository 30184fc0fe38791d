// The page's own scripts, started by the invisible bridge (ui/panels/bridge.py).

import { createActions } from './actions.js';
import { createAddress } from './address.js';
import * as api from './api.js';
import { createBranches } from './branches.js';
import { showToast } from './chat_list.js';
import { createChatNotices } from './chat_notices.js';
import { createCitations } from './citations.js';
import { createCompare } from './compare.js';
import { createComposer } from './composer.js';
import { createDocuments } from './documents.js';
import { createStore } from './documents_store.js';
import { createUse } from './documents_use.js';
import { createWords } from './documents_words.js';
import { createFollower } from './follow.js';
import { createGauge } from './gauge.js';
import { createJoining } from './joining.js';
import { createLeaderboard } from './leaderboard.js';
import { createLive } from './live.js';
import { createModels } from './models.js';
import { nameParts } from './names.js';
import { createNotices } from './notices.js';
import { followScroll } from './scroll_follow.js';
import { createSidebar, foldOnNarrow } from './sidebar.js';
import { createSummaries } from './summaries.js';
import { createTabs } from './tabs.js';
import { applyTheme, toggleTheme } from './theme.js';

const SETTLING_MS = 1500;

/** @param {object} bridge - trigger(name, data) to Python, onView(show) from Python */
export function start(bridge) {
  let page = null;
  bridge.onView((value) => {
    if (!value) return;
    const view = JSON.parse(value);
    const answered = page?.told(view.warning);
    if (view.warning && !answered) warn(view.warning);
    if (view.compare) page?.compare(view.compare);
    if (view.leaderboard) page?.leaderboard(view.leaderboard);
    if (!('chat' in view)) {
      if ('gauge' in view) page?.changed(view);
      return;
    }
    if (!page && view.texts) page = createPage(bridge, view);
    page?.show(view);
  });
}

let warned = null;

/** Why something was not done; one at a time, for the settings and Send may both complain. */
function warn(line) {
  warned?.close();
  warned = showToast(line);
}

function createPage(bridge, first) {
  const text = (key, params = {}) =>
    (first.texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => params[name] ?? '');
  const section = (name) => Object.fromEntries(
    Object.entries(first.texts)
      .filter(([key]) => key.startsWith(`${name}.`))
      .map(([key, value]) => [key.slice(name.length + 1), value]),
  );
  const failed = (error) => showToast(text('page.failed_action', { detail: error.message }));
  const notice = createNotices(text('page.dismiss'));
  let view = null;
  let refused = false;
  let away = false;
  let opens = 0; // the two events in turn: each ends what the other streams (ui/wiring.py)

  const models = createModels(section('reason'));
  const composer = createComposer({
    isAnswering: () => Boolean(document.body.dataset.answering),
    editing: (on) => notice('editing', on ? text('page.editing') : ''),
  });
  const shelf = createStore(() => follower.isOpen());
  const words = createWords(first.language, (key, params) => text(`documents.${key}`, params));
  const follower = createFollower(first.language, {
    running,
    chats: () => list.refresh(),
    models: () => { models.refresh(); compare.models(); },
    documents: () => shelf.changed(),
    summary: (chat) => { if (chat === view?.chat) settle(); },
    state: connection,
  });
  const open = (chat) => {
    opens += 1;
    bridge.trigger(opens % 2 ? 'open' : 'reopen', {
      chat, painted: !refused, ...(chat === view?.chat && { shown: view?.shown }),
    });
  };
  const settle = () => bridge.trigger('settle', {});
  const where = () =>
    JSON.stringify({
      chat: view.chat, shown: view.shown, leaf: view.leaf, turn: document.body.dataset.answering,
      painted: follower.isOpen(), edits: composer.edits(), documents: use.chosen(),
    });
  const live = createLive({
    follower,
    labels: section('painter'),
    settle,
    answering,
  });
  const joining = createJoining({ view: () => view, open });
  const tabs = createTabs((tab) => {
    address.turnTab();
    if (tab === 'chat') live.look();
    if (tab === 'compare') compare.turn();
    if (tab === 'leaderboard') leaderboard.open();
    if (tab === 'documents') documents.open();
  });
  const address = createAddress({ tabs, open });
  const citations = createCitations({ words, view: () => view, failed });
  const compare = createCompare({
    bridge, follower, text, labels: section('painter'), view: () => view, open, tabs, citations,
  });
  const leaderboard = createLeaderboard({ bridge, text });
  const documents = createDocuments({ words, store: shelf, failed });
  const use = createUse({
    words, store: shelf, view: () => view, goTo: (tab) => tabs.show(tab), failed,
  });
  const tellOfChat = createChatNotices({ notice, text, view: () => view, open, failed });
  const branches = createBranches({ text, view: () => view, open, failed });
  const summaries = createSummaries({ bridge, text, view: () => view });
  const gauge = createGauge({ text, language: first.language, model: () => view.goesOn });
  const list = createSidebar({
    labels: { ...section('list'), locale: first.language },
    text,
    open,
    renamed: (chat, title) => { if (chat === view?.chat) showTitle(title); },
    setAside: (files) => notice('set-aside', files.length ? text('page.set_aside', {
      count: files.length, names: files.map((file) => file.name).join(', '),
    }) : ''),
    closed: (chat) => { if (chat === view?.chat) document.getElementById('new-chat').click(); },
  });
  window.divan = { where, toggleTheme };

  function show(next) {
    const moved = !view || next.chat !== view.chat;
    const asked = Boolean(next.turn) && next.turn !== view?.turn;
    const turned = refused && next.turn !== view?.turn;
    if (view && !view.chat && asked) use.sent();
    if (!view) composer.start(next.chat);
    else composer.turn(next.chat, asked);
    view = next;
    joining.show();
    if (moved) {
      address.turnTo(next);
      list.setActive(next.chat);
    } else {
      address.update(next);
    }
    branches.show();
    if (moved) use.show(next);
    if (moved) compare.turn();
    showTitle(next.title);
    document.body.classList.toggle('divan-empty', next.empty);
    tellOfChat();
    if (moved) gauge.forget();
    gauge.show(next.gauge, next.empty);
    gauge.summarising(next.summarising);
    if (!refused) live.show(next.turn);
    else if (next.turn && next.painted) open(next.chat);
    else answering(next.turn);
    if (moved || asked) toBottom();
    if (moved || turned) list.refresh(); // at once, and without /ws nobody else tells it
  }

  /** The model or the settings have changed, and with them some of what the view says. */
  function changed(some) {
    view = { ...view, ...some };
    tellOfChat();
    gauge.show(some.gauge, view.empty);
  }

  function showTitle(title) {
    document.title = title ? `${title} – Divan` : 'Divan';
    document.getElementById('chat-title').textContent = title;
  }

  function answering(turn) {
    const was = document.body.dataset.answering;
    if (turn) document.body.dataset.answering = turn;
    else delete document.body.dataset.answering;
    if (was && !turn && document.activeElement === document.body) composer.focus();
  }

  function running(turns) {
    list.setRunning(new Set(turns.map((one) => one.chat)));
    compare.running(turns);
    if (refused) return;
    const next = joining.running(turns);
    if (next) live.show(next); // its frames wait until the Chatbot has a place for them
  }

  function connection(state) {
    notice('offline', state === 'lost' ? text('page.offline') : '');
    document.body.classList.toggle('divan-offline', state === 'lost');
    if (state !== 'lost') document.body.dataset.ready = state;
    if (state === 'lost') {
      away = true;
      fetch('/api/models').then((answer) => answer.status === 401 && toLogin(), () => {});
    }
    if (state === 'open') {
      const back = away || refused;
      refused = away = false;
      if (back && view?.chat) open(view.chat); // the server may be another one than before
    } else if (state === 'refused' && !refused) {
      refused = true;
      if (view?.turn) open(view.chat);
    }
  }

  createActions({ bridge, text, view: () => view, composer, branches, summaries, failed });
  document.getElementById('language').addEventListener('click', () => {
    const other = first.language === 'tr' ? 'en' : 'tr';
    api.chooseLanguage(other).then(() => location.reload(), failed);
  });
  document.getElementById('new-chat').addEventListener('click', () => {
    if (!['chat', 'compare'].includes(tabs.current())) tabs.show('chat'); // where one can write
  });
  document.getElementById('logout')?.addEventListener('click', () => {
    fetch('/logout', { method: 'POST' }).then(toLogin, failed);
  });
  applyTheme();
  nameParts(text);
  foldOnNarrow();
  first.problems.forEach((line, index) => notice(`problem-${index}`, line));
  return {
    show,
    compare: compare.show,
    leaderboard: leaderboard.show,
    changed,
    told: summaries.told,
  };
}

const toLogin = () => { location.href = '/login'; };

/** The end of the chat, also while code and mathematics still get their final height. */
function toBottom() {
  const scroller = document.querySelector('#chatbot .bubble-wrap');
  if (!scroller) return;
  const following = followScroll(scroller);
  following.stick();
  setTimeout(following.stop, SETTLING_MS);
}
