// A chat opened from the search: its hits are marked, and a bar above the conversation steps from
// one to the next.

import { chatIcon } from './chat_icons.js';
import { make } from './elements.js';
import { hitsOf, mark, messages } from './found_marks.js';
import { bring, whileSettling } from './found_place.js';
import { isComposing } from './input_method.js';

const PAUSE_MS = 100; // a message that grows is looked through ten times a second
// What is open keeps Escape.
const OPEN = 'dialog[open], :is([role=dialog], [role=menu]):not([hidden])';

/**
 * @param {object} page - text(key, params), view() of the page, more(query): the same chat with the
 *   hits further up, and turn(message, query): to the path with a message
 */
export function createFound({ text, view, more, turn }) {
  const chatbot = document.getElementById('chatbot');
  const bar = createBar(text, { step, close, elsewhere });
  let state = null; // what View.found says, with the versions that were looked at
  let hits = [];
  let at = -1; // the hit that is looked at; -1 where its message shows none
  let goal = null; // says which one that is, until the page has settled
  let wanted = null; // the goal of a view that is on its way
  let settling = null;
  let waiting = 0;

  chatbot.before(bar.element);
  new MutationObserver(() => { if (state) later(); })
    .observe(chatbot, { childList: true, subtree: true, characterData: true });
  listenForEscape((event) => {
    if (state && !event.defaultPrevented && !isComposing(event)) close();
  });

  function later(pause = PAUSE_MS) {
    waiting ||= setTimeout(refresh, pause);
  }

  function refresh() {
    waiting = 0;
    if (!state) return;
    const current = hits[at];
    hits = state.row === null ? [] : hitsOf(state.patterns);
    if (goal && !settling?.isOver()) arrive();
    else at = current ? placeOf(current, hits) : -1;
    draw();
  }

  function arrive() {
    if (state.row !== null && messages().length !== state.rows) return; // they are still drawn
    at = goal(hits);
    settling ??= whileSettling(look);
    look();
  }

  const hasMore = () => state.before > 0 && view().hidden > 0;
  const look = () => bring(hits[at], messages()[state.row]);

  function draw() {
    mark(hits, hits[at]);
    const isThere = !goal || settling !== null;
    const seen = isThere && { at, total: hits.length, hasMore: hasMore() };
    bar.draw(state, seen, view().readOnly);
  }

  function begin(found) {
    const isSame = state?.chat === view().chat && state.query === found.query;
    state = { ...found, chat: view().chat, visited: isSame ? state.visited : new Set() };
    settling?.stop();
    settling = null;
    goal = wanted ?? ((all) => all.findIndex(({ row }) => row === found.row));
    wanted = null;
    at = -1;
    hits = [];
    draw();
    later(0);
  }

  function leave() {
    settling?.stop();
    settling = null;
    goal = null;
  }

  function close() {
    leave();
    wanted = null;
    state = null;
    hits = [];
    mark([]);
    bar.hide();
  }

  /** To the next hit, or with -1 to the one before; what is not on the page yet is fetched. */
  function step(by) {
    leave();
    if (by < 0 && at <= 0 && hasMore()) {
      const known = hits.length;
      wanted = (all) => all.length - known - 1;
      more(state.query);
      return;
    }
    if (!hits.length) return;
    at = (Math.max(at, by < 0 ? 0 : -1) + by + hits.length) % hits.length;
    bring(hits[at]);
    draw();
  }

  /** To a version beside the path, each in its turn. */
  function elsewhere() {
    const left = state.elsewhere.filter((message) => !state.visited.has(message));
    if (!left.length) state.visited.clear();
    const message = left[0] ?? state.elsewhere[0];
    state.visited.add(message);
    turn(message, state.query);
  }

  return {
    /** The page shows a view; `moved` says that it is of another chat, `asked` that a question was
     * asked. Returns whether the page is to stand at a hit. */
    show(next, { moved, asked }) {
      if (next.found) begin(next.found);
      else if (moved) close();
      else if (asked) leave();
      return next.found?.row != null;
    },
    /** To the next hit of this query, or the one before; false where it is not what is shown. */
    step(query, by) {
      if (!query || state?.query !== query) return false;
      step(by);
      return true;
    },
  };
}

/** Where a hit is among those of the page as it is drawn now; by its place from the end where its
 * message was drawn again. */
function placeOf({ range, fromEnd, nth }, hits) {
  const same = hits.findIndex((hit) => hit.range.startContainer === range.startContainer
    && hit.range.startOffset === range.startOffset);
  if (same >= 0) return same;
  const there = hits.findIndex((hit) => hit.fromEnd === fromEnd && hit.nth === nth);
  return there >= 0 ? there : Math.min(0, hits.length - 1);
}

/** Calls `act` with an Escape that closes nothing else. */
function listenForEscape(act) {
  let isFree = false;
  document.addEventListener('keydown', ({ key }) => {
    isFree = key === 'Escape' && !document.querySelector(OPEN);
  }, true);
  document.addEventListener('keydown', (event) => {
    if (isFree) act(event);
  });
}

function createBar(text, { step, close, elsewhere }) {
  const button = (name, label, run, ...kids) => make('button', {
    type: 'button', class: name, title: label, 'aria-label': label, onclick: run,
  }, ...kids);
  const count = make('span', { class: 'count', role: 'status' });
  const query = make('span', { class: 'query', dir: 'auto' });
  const before = button('before', text('found.previous'), () => step(-1), chatIcon('up'));
  const after = button('after', text('found.next'), () => step(1), chatIcon('down'));
  const other = make('button', { type: 'button', class: 'elsewhere', onclick: elsewhere });
  const end = button('close', text('found.close'), close, chatIcon('close'));
  const element = make('div', {
    id: 'found', role: 'group', 'aria-label': text('found.title'), hidden: true,
  }, query, count, before, after, other, end);

  function line({ row, elsewhere: others }, seen) {
    if (row === null) return text(others.length ? 'found.only_elsewhere' : 'found.only_title');
    if (!seen) return '';
    const { at, total, hasMore } = seen;
    if (at < 0) return total ? text('found.count', { at: '–', total }) : text('found.unseen');
    return text(hasMore ? 'found.more' : 'found.count', { at: at + 1, total });
  }

  return {
    element,
    /** `seen` says which hit of how many is looked at, once they are on the page. */
    draw(state, seen, locked) {
      element.hidden = false;
      query.textContent = state.query;
      const says = line(state, seen);
      if (count.textContent !== says) count.textContent = says;
      before.hidden = after.hidden = state.row === null;
      before.disabled = after.disabled = !seen || (!seen.total && !seen.hasMore);
      other.hidden = locked || !state.elsewhere.length;
      other.textContent = text(state.row === null ? 'found.open_elsewhere' : 'found.elsewhere');
    },
    hide() { element.hidden = true; },
  };
}
