// The routes of replays that only their own parts of the page ask.

import { call, json, query } from './api.js';

/** The replays of a chat, newest first: those that run, and the latest that ended. */
export const latest = (chat) =>
  call(`/api/replays?${query({ chat })}`).then((found) => found.replays);
/** What asking a chat again with these values would send and cost. */
export const estimate = (chat, values) =>
  call(`/api/chats/${chat}/replay/estimate`, json('POST', values));
