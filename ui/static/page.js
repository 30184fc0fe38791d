// The page's own scripts, started by the invisible bridge (ui/panels/bridge.py).

import * as api from './api.js';
import { createBranches } from './branches.js';
import { copyText } from './clipboard.js';
import { showToast } from './chat_list.js';
import { createCompare } from './compare.js';
import { createLeaderboard } from './leaderboard.js';
import { createNotices } from './notices.js';
import { createComposer } from './composer.js';
import { createFollower } from './follow.js';
import { createLive } from './live.js';
import { createModels } from './models.js';
import { nameParts } from './names.js';
import { followScroll } from './scroll_follow.js';
import { createSidebar, foldOnNarrow } from './sidebar.js';
import { createTabs } from './tabs.js';

const SETTLING_MS = 1500;
/** How long the view of one's own question may take before another page must have asked it. */
const JOIN_MS = 400;

/** @param {object} bridge - trigger(name, data) to Python, onView(show) from Python */
export function start(bridge) {
  let page = null;
  bridge.onView((value) => {
    if (!value) return;
    const view = JSON.parse(value);
    if (view.warning) warn(view.warning);
    if (view.compare) page?.compare(view.compare);
    if (view.leaderboard) page?.leaderboard(view.leaderboard);
    if (!('chat' in view)) return; // nothing has changed but the warning
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
  const notice = createNotices(text('page.dismiss'));
  let view = null;
  let refused = false;
  let away = false;
  let joining = 0;
  let opens = 0; // the two events in turn: each ends what the other streams (ui/wiring.py)

  const models = createModels(section('reason'));
  const composer = createComposer({
    isAnswering: () => Boolean(document.body.dataset.answering),
    editing: (on) => notice('editing', on ? text('page.editing') : ''),
  });
  const follower = createFollower(first.language, {
    running,
    chats: () => list.refresh(),
    models: () => models.refresh(),
    state: connection,
  });
  const open = (chat) => {
    opens += 1;
    bridge.trigger(opens % 2 ? 'open' : 'reopen', {
      chat, painted: !refused, ...(chat === view?.chat && { shown: view?.shown }),
    });
  };
  const where = () =>
    JSON.stringify({
      chat: view.chat, shown: view.shown, painted: follower.isOpen(), edits: composer.edits(),
    });
  const live = createLive({
    follower,
    labels: section('painter'),
    settle: () => bridge.trigger('settle', {}),
    answering,
  });
  const tabs = createTabs((tab) => {
    if (tab === 'compare') compare.turn();
    if (tab === 'leaderboard') leaderboard.open();
  });
  const compare = createCompare({
    bridge, follower, text, labels: section('painter'), view: () => view, open, tabs,
  });
  const leaderboard = createLeaderboard({ bridge, text });
  const branches = createBranches({
    text, view: () => view, open, failed: (error) => failed(error),
  });
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
    if (!view) composer.start(next.chat);
    else composer.turn(next.chat, asked);
    if (moved) turnTo(next, !view);
    view = next;
    branches.show();
    if (moved) compare.turn();
    showTitle(next.title);
    document.body.classList.toggle('divan-empty', next.empty);
    document.body.classList.toggle('divan-read-only', next.readOnly);
    notice('read-only', next.readOnly ? text('page.read_only') : '');
    if (!refused) live.show(next.turn);
    else if (next.turn && next.painted) open(next.chat);
    else answering(next.turn);
    if (moved || asked) toBottom();
    if (moved || turned) list.refresh(); // at once, and without /ws nobody else tells it
  }

  function turnTo(next, isFirst) {
    const address = next.chat ? `/?chat=${next.chat}` : '/';
    const state = { chat: next.chat };
    if (isFirst) history.replaceState(state, '', address);
    else if (location.pathname + location.search !== address) history.pushState(state, '', address);
    list.setActive(next.chat);
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
    const inChat = turns.filter((one) => one.chat === view?.chat);
    const here = inChat.at(-1);
    clearTimeout(joining);
    if (!here || refused || inChat.some((one) => one.turn === view.turn)) return;
    live.show(here.turn); // its frames wait until the Chatbot has a place for them
    joining = setTimeout(() => { if (here.turn !== view.turn) open(view.chat); }, JOIN_MS);
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

  document.getElementById('chatbot').addEventListener('click', (event) => {
    const button = event.target.closest('.divan-action');
    if (!button) return;
    const [action, message] = button.id.split(/-(.*)/s);
    if (action === 'retry' || action === 'again') bridge.trigger('retry', { answer: message });
    if (action === 'version') bridge.trigger('choose', { message });
    if (action === 'edit') edit(message).catch(failed);
    if (action === 'copy') copy(message).catch(failed);
  });

  const failed = (error) => showToast(text('page.failed_action', { detail: error.message }));

  const written = async (message) =>
    (await api.chat(view.chat)).messages.find((one) => one.id === message)?.content ?? '';

  async function copy(message) {
    if (await copyText(await written(message))) showToast(text('page.copied'));
  }

  async function edit(message) {
    composer.edit(message, await written(message));
  }

  document.getElementById('language').addEventListener('click', () => {
    const other = first.language === 'tr' ? 'en' : 'tr';
    api.chooseLanguage(other).then(() => location.reload(), failed);
  });
  window.addEventListener('popstate', (event) => open(event.state?.chat ?? null));
  document.getElementById('logout')?.addEventListener('click', () => {
    fetch('/logout', { method: 'POST' }).then(toLogin, failed);
  });
  applyTheme();
  nameParts(text);
  foldOnNarrow();
  first.problems.forEach((line, index) => notice(`problem-${index}`, line));
  return { show, compare: compare.show, leaderboard: leaderboard.show };
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

function toggleTheme() {
  const dark = document.body.classList.toggle('dark');
  localStorage.setItem('divan-theme', dark ? 'dark' : 'light');
}

/** Gradio follows the system when it starts; a choice made here wins. */
function applyTheme() {
  const chosen = localStorage.getItem('divan-theme');
  if (chosen) document.body.classList.toggle('dark', chosen === 'dark');
}
