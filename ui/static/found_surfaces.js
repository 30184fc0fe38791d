// Where a search marks its hits: in the conversation of the chat's tab, or in the lanes beside each
// other.

import { hitsOf } from './found_marks.js';

const all = (selector) => [...document.querySelectorAll(selector)];
const byId = (id) => document.getElementById(id);
const messages = () => all('#chatbot :is([data-testid="user"], [data-testid="bot"])');

/** `state` is what View.found says of the shown chat. */
const CHAT = {
  element: () => byId('chatbot'),
  hits: (state) => (state.row === null ? [] : hitsOf(messages(), state.patterns)),
  /** Whether the texts are those of the found chat already. */
  isDrawn: (state) => state.row === null || messages().length === state.rows,
  first: (hits, state) => hits.findIndex(({ row }) => row === state.row),
  /** What is brought into view where its hit is not to be seen. */
  message: (state) => messages()[state.row],
  isWithout: (state) => state.row === null,
  hasMore: (state, view) => state.before > 0 && view.hidden > 0,
  isElsewhere: (state) => state.elsewhere.length > 0,
  says: { onlyElsewhere: 'found.only_elsewhere', openElsewhere: 'found.open_elsewhere' },
};

/** The lanes show other paths than the conversation, where the rest of the hits is looked at. */
const LANES = {
  element: () => byId('lanes'),
  hits: (state) =>
    hitsOf(all('#lanes :is(.lane-question-text, .lane-answer .divan-answer)'), state.patterns),
  isDrawn: (state) => byId('lanes').dataset.chat === state.chat,
  first: (hits) => Math.min(0, hits.length - 1),
  message: () => null,
  isWithout: (state, hits) => !hits.length,
  hasMore: () => false,
  isElsewhere: (state, hits) => !hits.length && (state.row !== null || state.elsewhere.length > 0),
  says: { onlyElsewhere: 'found.not_in_lanes', openElsewhere: 'found.open_in_chat' },
};

export const surfaces = [CHAT, LANES];

/** The one of a tab; the chat's where a tab has none. */
export const surfaceOf = (tab) => (tab === 'compare' ? LANES : CHAT);
