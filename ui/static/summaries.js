// The cards of summaries in the chat, which Python draws (ui/summary_card.py): what their buttons do.

import * as api from './api.js';
import { openDialog } from './dialog.js';
import { make } from './elements.js';

/** @param {object} page - trips, text(key) and view() of the page */
export function createSummaries({ trips, text, view }) {
  const chatbot = document.getElementById('chatbot');
  const unfolded = new Set();

  // A card that was unfolded stays so when it is drawn anew.
  chatbot.addEventListener('toggle', ({ target }) => {
    if (!target.matches('.divan-summary')) return;
    if (target.open) unfolded.add(target.id);
    else unfolded.delete(target.id);
  }, true);
  new MutationObserver(() => {
    for (const card of chatbot.querySelectorAll('.divan-summary:not([data-seen])')) {
      card.dataset.seen = '';
      card.open = unfolded.has(card.id);
    }
  }).observe(chatbot, { childList: true, subtree: true });

  async function edit(summary) {
    const { summaries } = await api.chat(view().chat);
    const area = make('textarea', {
      class: 'divan-summary-text', rows: 12, 'aria-label': text('context.summary_text'),
    });
    area.value = summaries.find((one) => one.id === summary)?.text ?? '';
    const dialog = openDialog({
      title: text('context.summary_edit'),
      kind: 'middle',
      kids: [make('p', {}, text('context.summary_hint')), area],
      close: text('context.close'),
      actions: [
        { label: text('context.cancel'), run: () => dialog.close() },
        {
          label: text('context.save'),
          kind: 'primary',
          run: async () => {
            await trips.ask('summary', { action: 'edit', summary, text: area.value });
            dialog.close();
          },
        },
      ],
    });
    area.focus();
  }

  const change = (action) => (summary) => trips.go('summary', { action, summary });
  const actions = { edit, undo: change('undo'), redo: change('redo') };

  return {
    /** A button of a card was pressed. */
    act: (action, summary) => actions[action]?.(summary),
  };
}
