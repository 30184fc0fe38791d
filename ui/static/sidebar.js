// The chat list: rows from the server, actions to the server, and the undo of a delete.

import * as api from './api.js';
import { createChatList, showToast } from './chat_list.js';
import { createChatSearch } from './chat_search.js';
import { createTrash } from './trash.js';

/**
 * @param {object} page - labels, text(key, params), open(chat, query): at the first hit of the query
 *   it was found with, step(query, by): to another hit of what is shown, renamed(chat, title),
 *   closed(chat): it was deleted, setAside(files): what could not be read
 */
export function createSidebar({ labels, text, open, step, renamed, closed, setAside }) {
  let query = '';
  const list = createChatList(document.getElementById('chat-list'), {
    fetchOutline: () => api.outline(query).then((outline) => {
      setAside(outline.set_aside ?? []);
      return outline;
    }),
    fetchPage: (offset, limit) => api.page(query, offset, limit),
    onOpen: (id) => { foldOnNarrow(); open(id, query); },
    onAction: (action, id, value) => act(action, id, value).catch(failed),
    labels,
  });

  // Gradio measures once, maybe before the page has its styles, how far the list covers the chat.
  window.dispatchEvent(new Event('resize'));

  const actions = {
    rename: (id, title) => api.change(id, { title }).then(() => {
      renamed(id, title);
      list.refresh();
    }),
    pin: (id) => api.change(id, { pinned: true }).then(() => list.refresh()),
    unpin: (id) => api.change(id, { pinned: false }).then(() => list.refresh()),
    'export-markdown': (id) => download(api.exportUrl(id, 'markdown')),
    'export-json': (id) => download(api.exportUrl(id, 'json')),
    delete: remove,
  };
  const act = async (action, id, value) => actions[action]?.(id, value);
  const failed = (error) => showToast(text('page.failed_action', { detail: error.message }));

  function restored(id) {
    list.refresh();
    open(id);
  }

  async function remove(id, title) {
    const { undo } = await api.remove(id);
    list.refresh();
    closed(id);
    showToast(text('page.deleted', { title: title ?? '' }), text('page.undo'), () => {
      api.restore(undo).then((chat) => restored(chat.id)).catch(failed);
    });
  }

  createTrash({
    text,
    language: labels.locale,
    failed,
    restored: (id) => { foldOnNarrow(); restored(id); },
  });

  createChatSearch(document.getElementById('chat-search'), {
    list,
    changed: (text) => { query = text; },
    open: (id) => { foldOnNarrow(); open(id, query); },
    step,
  });
  return list;
}

function download(url) {
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  link.click();
}

/** Where the chat list covers the conversation instead of standing beside it, it folds away. */
export function foldOnNarrow() {
  const covers = window.matchMedia('(max-width: 768px)').matches;
  if (covers) document.querySelector('#sidebar.open .toggle-button')?.click();
}
