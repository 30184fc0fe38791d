// The page's own scripts, started by the invisible bridge (ui/panels/bridge.py).

import { createActions } from './actions.js';
import { createAddress } from './address.js';
import * as api from './api.js';
import { createBranches } from './branches.js';
import { showToast } from './chat_list.js';
import { createChatEnd } from './chat_end.js';
import { createChatNotices } from './chat_notices.js';
import { createCitations } from './citations.js';
import { createCompare } from './compare.js';
import { createComposer } from './composer.js';
import { createCursor } from './cursor.js';
import { followDirections } from './directions.js';
import { createDocuments } from './documents.js';
import { createDropped } from './documents_drop.js';
import { createStore } from './documents_store.js';
import { createUse } from './documents_use.js';
import { createWords } from './documents_words.js';
import { createFollower } from './follow.js';
import { createFound } from './found.js';
import { createGauge } from './gauge.js';
import { createJoining } from './joining.js';
import { createLeaderboard } from './leaderboard.js';
import { createLive } from './live.js';
import { createModels } from './models.js';
import { nameParts } from './names.js';
import { createNotices } from './notices.js';
import { createSettings } from './settings.js';
import { createSidebar, foldOnNarrow } from './sidebar.js';
import { createStreams } from './streams.js';
import { createSummaries } from './summaries.js';
import { createTabs } from './tabs.js';
import { applyTheme, toggleTheme } from './theme.js';
import { createTrips } from './trips.js';
import { createWaiting } from './waiting.js';

const STREAMED = -1; // in the place of a trip (ui/view.py)

/** @param {object} bridge - trigger(name, data) to Python, onView(show) from Python */
export function start(bridge) {
  let page = null;
  bridge.onView((value) => {
    if (!value) return;
    const message = JSON.parse(value);
    const first = !page && message.texts;
    if (first) page = createPage(bridge, message);
    if (page) page.hear(message);
    else if (message.warning) warn(message);
    if (first) window.divanEarly?.();
  });
}

let warned = null;

/** Why something was not done; one at a time, for the settings and Send may both complain. */
function warn({ warning }) {
  warned?.close();
  warned = showToast(warning);
  return warned;
}

function createPage(gradio, first) {
  const text = (key, params = {}) =>
    (first.texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => params[name] ?? '');
  const section = (name) => Object.fromEntries(
    Object.entries(first.texts)
      .filter(([key]) => key.startsWith(`${name}.`))
      .map(([key, value]) => [key.slice(name.length + 1), value]),
  );
  const failed = (error) => showToast(text('page.failed_action', { detail: error.message }));
  const notice = createNotices(text('page.dismiss'));
  const editing = (line) => notice('editing', line && text(line));
  let view = null;
  let refused = false;
  let away = false;
  let leaving = false;
  let offered = first.catalog; // the edition of the catalog whose models can be chosen
  let problems = 0; // lines about the catalog and the keys that are shown

  const streams = createStreams(gradio);
  const settings = createSettings();
  const refuse = (message) => {
    const toast = warn(message);
    if (message.setting) settings.refuse(message.setting, message.warning, toast);
  };
  const trips = createTrips(gradio, { departs: streams.stop, warn: refuse });
  const bridge = trips; // for the parts that start events beside trips, too
  const models = createModels(section('reason'), () => {
    if (!view || view.chat || !models.haveLanguages()) return;
    bridge.trigger('welcome', { model: models.chosen(), language: first.language });
  });
  const composer = createComposer({
    isAnswering: () => Boolean(document.body.dataset.answering),
    editing,
    ask: async (question, chat) => {
      const wanted = () => !leaving && view.chat === chat && !document.body.dataset.answering;
      const came = await trips.go('send', question, wanted);
      return Boolean(came && !came.warning);
    },
    wait: (question, chat) => waiting.add(question, chat),
  });
  const shelf = createStore(() => follower.isOpen());
  const words = createWords(first.language, (key, params) => text(`documents.${key}`, params));
  const follower = createFollower(first.language, {
    running,
    chats: () => list.refresh(),
    models: (catalog) => {
      if (catalog !== offered) {
        offered = catalog;
        bridge.trigger('models', { model: models.value(), compared: compare.chosen() });
      }
      models.refresh();
      compare.models();
    },
    documents: () => shelf.changed(),
    summary: (chat) => { if (chat === view?.chat) settle(); },
    state: connection,
  });
  /** A chat, with a query at its first hit, or `further` up than what is shown. */
  const open = (chat, find = '', further = false) => {
    trips.go('open', {
      chat, painted: !refused, language: first.language, ...(find && { find, further }),
      ...(chat === view?.chat && { shown: view?.shown }),
    });
    setOut();
    cursor.home();
  };
  /** The shown chat once more, unless the page is on its way to another. */
  const again = () => { if (!trips.opening()) open(view.chat); };
  const settle = () => trips.go('settle');
  const where = () =>
    JSON.stringify({
      chat: view.chat, shown: view.shown, first: view.first, leaf: view.leaf,
      turn: document.body.dataset.answering, painted: follower.isOpen(), documents: use.chosen(),
      language: first.language,
    });
  const live = createLive({
    follower,
    labels: section('painter'),
    settle,
    answering,
    end: () => end.show(),
  });
  const joining = createJoining({ view: () => view, again });
  const tabs = createTabs((tab) => {
    address.turnTab();
    if (tab === 'chat') {
      live.look();
      end.look();
    }
    if (tab === 'compare') {
      compare.turn();
      setOut(); // the page may be on its way to another chat
    }
    found.look();
    if (tab === 'leaderboard') leaderboard.open();
    if (tab === 'documents') documents.open();
    cursor.home();
  });
  const cursor = createCursor(tabs.current);
  const end = createChatEnd(tabs.current);
  const address = createAddress({ tabs, open });
  const citations = createCitations({ words, view: () => view, failed });
  const compare = createCompare({
    bridge, follower, text, labels: section('painter'), view: () => view, open, tabs, citations,
    editing,
    wait: (question, chat) => waiting.add({ text: question, lanes: true }, chat),
  });
  const waiting = createWaiting({
    text, follower, view: () => view, again: () => { again(); compare.again(); }, failed,
    boxes: { chat: composer, compare: compare.composer },
  });
  const leaderboard = createLeaderboard({ bridge, text });
  const documents = createDocuments({ words, store: shelf, failed });
  const use = createUse({
    words, store: shelf, view: () => view, goTo: (tab) => tabs.show(tab), failed,
  });
  createDropped({ words, store: shelf, upload: documents.upload, use, tabs });
  const tellOfChat = createChatNotices({ notice, text, view: () => view, again, failed });
  const branches = createBranches({ trips, text, view: () => view, open, again, failed });
  const found = createFound({
    text,
    view: () => view,
    more: (query) => open(view.chat, query, true),
    tab: tabs.current,
    toChat: () => tabs.show('chat'),
    turn: (message, query) => {
      tabs.show('chat');
      trips.go('path', { message, find: query });
    },
  });
  const summaries = createSummaries({ trips, text, view: () => view });
  const gauge = createGauge({ text, language: first.language, model: () => view.goesOn });
  const list = createSidebar({
    labels: { ...section('list'), locale: first.language },
    text,
    open,
    step: (query, by) => found.step(query, by),
    renamed: (chat, title) => { if (chat === view?.chat) showTitle(title); },
    setAside: (files) => notice('set-aside', files.length ? text('page.set_aside', {
      count: files.length, names: files.map((file) => file.name).join(', '),
    }) : ''),
    closed: (chat) => { if (chat === view?.chat) document.getElementById('new-chat').click(); },
  });
  window.divan = { where, lost, toggleTheme };

  /** Something has come from Python. */
  function hear(message) {
    const departed = trips.departed();
    const landed = trips.arrive(message);
    if (message.warning && !landed) {
      refuse(message);
      // It may be the lanes that were asked for: without them nothing is on its way any more.
      if (!message.compare && !trips.opening()) compare.stay();
    }
    if (message.compare) compare.show(message.compare);
    if (message.leaderboard) leaderboard.show(message.leaderboard);
    if (message.ask) composer.send(message.ask);
    if (message.problems && view) offer(message);
    if ('chat' in message) (isStray(message) ? again() : show(message));
    else if ('gauge' in message) changed(message);
    else if (landed) streams.show(view);
    landed?.();
    if (landed) requestAnimationFrame(() => setTimeout(() => models.landed(departed)));
  }

  /** The models of another catalog have come. */
  function offer(message) {
    showProblems(message.problems);
    models.refresh();
    compare.models();
    if (!message.gone || !view.chat) return;
    view = { ...view, gone: message.gone, goesOn: message.goesOn };
    tellOfChat();
  }

  function showProblems(lines) {
    for (let index = 0; index < Math.max(lines.length, problems); index += 1) {
      notice(`problem-${index}`, lines[index] ?? '');
    }
    problems = lines.length;
  }

  /** Whether it is a frame of a stream that was left: it has drawn over what is shown. */
  const isStray = ({ chat, trip }) =>
    trip === STREAMED && (chat !== view.chat || Boolean(trips.opening()));

  function lost() {
    trips.lost(text('page.lost'));
    setOut();
    compare.stay();
  }

  /** The message box belongs to the chat the page is on its way to, and nothing can be done with the
   * messages and settings of the one that is still shown. */
  function setOut() {
    const next = trips.opening();
    if (next) composer.turn(next.chat);
    else composer.arrive(view.chat);
    if (next) compare.setOut(next.chat);
    list.setActive(next ? next.chat : view.chat);
    const turning = Boolean(next) && (next.chat === null || next.chat !== view.chat);
    document.body.classList.toggle('divan-turning', turning);
    for (const part of document.querySelectorAll('#chatbot, #found, #model, #earlier, #settings')) {
      part.inert = turning;
    }
  }

  function show(next) {
    const moved = !view || next.chat !== view.chat;
    const asked = Boolean(next.turn) && next.turn !== view?.turn;
    const turned = refused && next.turn !== view?.turn;
    if (view && !view.chat && asked) use.sent();
    if (!view) composer.start(next.chat, window.divanTyped?.() ?? '');
    view = next;
    setOut();
    joining.show();
    if (moved) address.turnTo(next);
    else address.update(next);
    branches.show();
    if (moved) use.show(next);
    if (moved) waiting.show();
    if (moved || next.found) compare.turn();
    showTitle(next.title);
    document.body.classList.toggle('divan-empty', next.empty);
    tellOfChat();
    if (moved || asked) settings.clear();
    if (moved) gauge.forget();
    gauge.show(next.gauge, next.empty);
    gauge.summarising(next.summarising);
    if (!refused) live.show(next.turn);
    else if (next.turn && next.painted) again();
    else answering(next.turn);
    streams.show(next);
    const atHit = found.show(next, { moved, asked });
    if (atHit && !next.comparison) tabs.show('chat');
    if (!atHit && (moved || asked)) end.show();
    if (moved || turned) list.refresh(); // at once, and without /ws nobody else tells it
  }

  /** The model or the settings have changed, and with them some of what the view says. */
  function changed(some) {
    view = { ...view, ...some };
    settings.clear();
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
    if (was && !turn && document.activeElement === document.body) cursor.home();
  }

  function running(turns) {
    list.setRunning(new Set(turns.map((one) => one.chat)));
    compare.running(turns);
    branches.running(turns);
    waiting.running();
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
      if (back && view?.chat) again(); // the server may be another one than before
    } else if (state === 'refused' && !refused) {
      refused = true;
      live.show(null); // from now on Gradio streams what runs
      if (view?.turn) again();
    }
  }

  createActions({ trips, text, view: () => view, composer, branches, summaries, failed });
  document.getElementById('language').addEventListener('click', () => {
    const other = first.language === 'tr' ? 'en' : 'tr';
    leaving = true; // what is sent from now on stays in the box, and is there after the reload
    trips.idle().then(() => api.chooseLanguage(other)).then(() => location.reload(), (error) => {
      leaving = false;
      failed(error);
    });
  });
  document.getElementById('new-chat').addEventListener('click', () => {
    if (!['chat', 'compare'].includes(tabs.current())) tabs.show('chat'); // where one can write
    foldOnNarrow();
    open(null);
  });
  document.addEventListener('click', ({ target }) => {
    if (target.closest?.('#earlier')) trips.go('earlier');
  });
  document.getElementById('logout')?.addEventListener('click', () => {
    fetch('/logout', { method: 'POST' }).then(toLogin, failed);
  });
  applyTheme();
  nameParts(text);
  followDirections(document.getElementById('chatbot'));
  foldOnNarrow();
  showProblems(first.problems);
  cursor.home();
  return { hear };
}

const toLogin = () => { location.href = '/login'; };
