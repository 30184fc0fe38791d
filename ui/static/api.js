// Divan's HTTP routes, as functions.

let silence = {};
/** What to say where no answer comes: `message` and `hint`. */
export const sayOfSilence = (words) => { silence = words; };

/** No answer came, as an Error: the server is gone, or the way to it. */
export const unanswered = () =>
  Object.assign(new Error(silence.message), { hint: silence.hint, again: true });

/** The address of a route that answers in the page's language. */
export const localized = (path) =>
  `${path}${path.includes('?') ? '&' : '?'}lang=${document.documentElement.lang}`;

/** The JSON a route answers with; what it refuses is thrown. */
export async function call(path, options = {}) {
  const response = await fetch(localized(path), {
    headers: options.body ? { 'Content-Type': 'application/json' } : {},
    ...options,
  }).catch((error) => {
    throw error instanceof TypeError ? unanswered() : error;
  });
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw problem(response, body.error);
  return body;
}

/** What went wrong as an Error; `hint` is what to do about it, `again` whether the same request may
 * go well another time. */
export function problem(response, error) {
  return Object.assign(new Error(error?.message ?? `HTTP ${response.status}`), {
    hint: error?.hint, again: response.status >= 500,
  });
}

export const json = (method, body) => ({ method, body: JSON.stringify(body) });
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
export const query = (values) => new URLSearchParams(values).toString();

export const models = () => call('/api/models');
export const outline = (q) => call(`/api/chats/outline?${query({ q, tz: zone })}`);
export const page = (q, offset, limit) =>
  call(`/api/chats?${query({ q, offset, limit })}`).then((found) => found.rows);
export const chat = (id) => call(`/api/chats/${id}`);
export const change = (id, values) => call(`/api/chats/${id}`, json('PATCH', values));
export const remove = (id) => call(`/api/chats/${id}`, { method: 'DELETE' });
export const restore = (undo) => call(`/api/trash/${undo}/restore`, { method: 'POST' });
export const trash = (offset, limit) => call(`/api/trash?${query({ offset, limit })}`);
export const discard = (token) => call(`/api/trash/${token}`, { method: 'DELETE' });
export const emptyTrash = (until) => call(`/api/trash?${query({ until })}`, { method: 'DELETE' });
export const repair = (id) => call(`/api/chats/${id}/repair`, { method: 'POST' });
export const waiting = (id) => call(`/api/chats/${id}/waiting`);
export const wait = (id, text, lanes) =>
  call(`/api/chats/${id}/waiting`, json('POST', { text, lanes }));
export const rewrite = (id, waitingId, text) =>
  call(`/api/chats/${id}/waiting`, json('PATCH', { id: waitingId, text }));
export const withdraw = (id, waitingId) =>
  call(`/api/chats/${id}/waiting`, json('DELETE', { id: waitingId }));
export const sendWaiting = (id) => call(`/api/chats/${id}/waiting/send`, { method: 'POST' });
export const exportUrl = (id, format) => `/api/chats/${id}/export?${query({ format })}`;
export const chooseLanguage = (language) => call('/api/language', json('POST', { language }));

export const tree = (chat) => call(`/api/chats/${chat}/tree`);
export const changeBranch = (chat, branch, values) =>
  call(`/api/chats/${chat}/branches`, json('PATCH', { branch, ...values }));
export const removeBranch = (chat, branch) =>
  call(`/api/chats/${chat}/branches`, json('DELETE', { branch }));
export const prune = (chat) => call(`/api/chats/${chat}/prune`, { method: 'POST' });
export const diff = (chat, a, b, alone = false) =>
  call(`/api/chats/${chat}/diff?${query({ a, b, alone })}`);
export const startReplay = (chat, values) =>
  call(`/api/chats/${chat}/replay`, json('POST', values));
export const replay = (id) => call(`/api/replays/${id}`);
export const stopReplay = (id) => call(`/api/replays/${id}`, { method: 'DELETE' });
