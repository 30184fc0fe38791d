// Divan's HTTP routes, as functions.

async function call(path, options = {}) {
  const response = await fetch(path, {
    headers: options.body ? { 'Content-Type': 'application/json' } : {},
    ...options,
  });
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error?.message ?? `HTTP ${response.status}`);
  return body;
}

const json = (method, body) => ({ method, body: JSON.stringify(body) });
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
const query = (values) => new URLSearchParams(values).toString();

export const models = () => call('/api/models');
export const outline = (q) => call(`/api/chats/outline?${query({ q, tz: zone })}`);
export const page = (q, offset, limit) =>
  call(`/api/chats?${query({ q, offset, limit })}`).then((found) => found.rows);
export const chat = (id) => call(`/api/chats/${id}`);
export const change = (id, values) => call(`/api/chats/${id}`, json('PATCH', values));
export const remove = (id) => call(`/api/chats/${id}`, { method: 'DELETE' });
export const restore = (undo) => call(`/api/trash/${undo}/restore`, { method: 'POST' });
export const exportUrl = (id, format) => `/api/chats/${id}/export?${query({ format })}`;
export const chooseLanguage = (language) => call('/api/language', json('POST', { language }));
