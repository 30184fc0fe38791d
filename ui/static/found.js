// A chat opened from the search: its hits are marked, and a bar above the conversation or the lanes
// steps from one to the next.

import { chatIcon } from './chat_icons.js';
import { make } from './elements.js';
import { mark } from './found_marks.js';
import { bring, whileSettling } from './found_place.js';
import { surfaceOf, surfaces } from './found_surfaces.js';
import { isComposing } from './input_method.js';

const PAUSE_MS = 100; // a message that grows is looked through ten times a second
// What is open keeps Escape.
const OPEN = 'dialog[open], :is([role=dialog], [role=menu]):not([hidden])';

/**
 * @param {object} page - text(key, params), view() of the page, tab(), more(query): the same chat with
 *   the hits further up, toChat(): to its tab, and turn(message, query): there, to the path with a
 *   message
 */
export function createFound({ text, view, tab, more, toChat, turn }) {
  const bar = createBar(text, { step, close, elsewhere });
  let state = null; // what View.found says, with the versions that were looked at
  let hits = [];
  let at = -1; // the hit that is looked at; -1 where its message shows none
  let goal = null; // says which one that is, until the page has settled
  let wanted = null; // the goal of a view that is on its way
  let settling = null;
  let waiting = 0;

  const surface = () => surfaceOf(tab());
  const first = (found) => surface().first(found, state);
  const changes = new MutationObserver(() => { if (state) later(); });
  for (const { element } of surfaces) {
    changes.observe(element(), { childList: true, subtree: true, characterData: true });
  }
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
    hits = surface().hits(state);
    if (goal && !settling?.isOver()) arrive();
    else at = current ? placeOf(current, hits) : -1;
    draw();
  }

  function arrive() {
    if (!surface().isDrawn(state)) return; // they are still drawn
    at = goal(hits);
    settling ??= whileSettling(look);
    look();
  }

  const hasMore = () => surface().hasMore(state, view());
  const look = () => bring(hits[at], surface().message(state));

  function draw() {
    mark(hits, hits[at]);
    const isThere = !goal || settling !== null;
    const { isWithout, isElsewhere, says } = surface();
    bar.draw({
      query: state.query,
      says,
      isWithout: isWithout(state, hits),
      isElsewhere: isElsewhere(state, hits),
      seen: isThere && { at, total: hits.length, hasMore: hasMore() },
      locked: view().readOnly,
    });
  }

  function begin(found) {
    const isSame = state?.chat === view().chat && state.query === found.query;
    state = { ...found, chat: view().chat, visited: isSame ? state.visited : new Set() };
    go(wanted ?? first);
    wanted = null;
  }

  /** To a hit, as soon as all are on the page. */
  function go(to) {
    surface().element().before(bar.element);
    settling?.stop();
    settling = null;
    goal = to;
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

  /** To the path from the lanes that have no hit; else to a version beside it, each in its turn. */
  function elsewhere() {
    if (tab() === 'compare' && state.row !== null) {
      toChat();
      return;
    }
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
    /** Another tab is looked at. */
    look() { if (state) go(first); },
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

  function line({ says, isWithout, isElsewhere, seen }) {
    if (!seen) return '';
    if (isWithout) return text(isElsewhere ? says.onlyElsewhere : 'found.only_title');
    const { at, total, hasMore } = seen;
    if (at < 0) return total ? text('found.count', { at: '–', total }) : text('found.unseen');
    return text(hasMore ? 'found.more' : 'found.count', { at: at + 1, total });
  }

  return {
    element,
    /** `seen` says which hit of how many is looked at, once they are on the page. */
    draw({ seen, locked, ...state }) {
      element.hidden = false;
      query.textContent = state.query;
      const words = line({ seen, ...state });
      if (count.textContent !== words) count.textContent = words;
      before.hidden = after.hidden = state.isWithout;
      before.disabled = after.disabled = !seen || (!seen.total && !seen.hasMore);
      other.hidden = locked || !state.isElsewhere;
      other.textContent = text(state.isWithout ? state.says.openElsewhere : 'found.elsewhere');
    },
    hide() { element.hidden = true; },
  };
}
