// The routes of the documents, as functions.

import { call, json, localized, problem, query, unanswered } from './api.js';
import { placeParameters } from './documents_places.js';

export const list = () => call('/api/documents');
export const remove = (id) => call(`/api/documents/${id}`, { method: 'DELETE' });
export const retryEmbedder = () => call('/api/documents/embedder', { method: 'POST' });
export const readScanned = () => call('/api/documents/ocr', { method: 'POST' });
export const reindex = (id) => call(`/api/documents/${id}/reindex`, { method: 'POST' });
export const addAddress = (url, collection) =>
  call('/api/documents/address', json('POST', { url, collection }));
export const addCollection = (name) => call('/api/documents/collections', json('POST', { name }));
export const dropCollection = (name) =>
  call('/api/documents/collections', json('DELETE', { name }));
export const search = (q, places, count) => call(`/api/documents/search?${query([
  ['q', q], ...placeParameters(places), ['count', count],
])}`);
export const map = (q, places) => call(`/api/documents/map?${query([
  ['q', q], ...placeParameters(places),
])}`);
export const chunk = (document, number) => call(`/api/documents/${document}/chunks/${number}`);
export const evaluate = (questions, collections) =>
  call('/api/documents/evaluate', json('POST', { questions, collections }));
export const citations = (chat, message, claim) =>
  call(`/api/chats/${chat}/citations/${message}?${query([['claim', claim]])}`);
export const original = (document) => `/api/documents/${document}/file`;
export const use = (chat, values) => call(`/api/chats/${chat}/documents`, json('POST', values));

/** Sends one file; `told` hears the share that has been sent. `fetch` could not tell it. */
export function upload(file, collection, told) {
  const form = new FormData();
  form.append('collection', collection);
  form.append('files', file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', localized('/api/documents'));
    request.upload.onprogress = ({ loaded, total }) => told(total ? loaded / total : 0);
    request.onerror = () => reject(unanswered());
    request.onload = () => {
      const body = parsed(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(body);
      else reject(problem(request, body.error));
    };
    request.send(form);
  });
}

function parsed(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
