// Citation marks in answers: `[1]` opens the passage it stands for. In the chat Python draws them
// (ui/documents_answer.py): `cite-<message>-<number>`; in lanes they are found in what was painted.

import { claimOf, linkMarks } from './citations_marks.js';
import { openPassages } from './citations_sheet.js';
import * as api from './documents_api.js';
import { make } from './elements.js';

/** @param {object} page - words, view() of the page and failed(error) */
export function createCitations({ words, view, failed }) {
  async function open(message, number, claim = '') {
    const { passages, quotes } = await api.citations(view().chat, message, claim);
    const quoted = (passage) => quotes
      .filter((quote) => quote.number === passage.number && (!claim || holds(claim, quote.text)))
      .flatMap((quote) => quote.held);
    const shown = passages.map((passage) => ({ ...passage, quotes: quoted(passage) }));
    if (shown.length) openPassages({ words, passages: shown, at: number, kept: true });
  }

  document.getElementById('chatbot').addEventListener('click', (event) => {
    const button = event.target.closest('.divan-cite');
    if (!button) return;
    const [, kind, message, number] = /^(cite|passage)-(.+)-(\d+)$/.exec(button.id) ?? [];
    if (message) open(message, Number(number), kind === 'cite' ? claimOf(button) : '').catch(failed);
  });

  return {
    /** Makes the marks of a lane's painted answer buttons, and marks quotes no passage holds. */
    link: (root, { id, passages, unfounded }) => linkMarks(root, {
      numbers: new Set(passages.map((passage) => passage.number)),
      unfounded,
      hint: words.say('unfounded'),
      open: (number, mark) => open(id, number, claimOf(mark)).catch(failed),
    }),
    /** The passages an answer was given, folded, for a lane. */
    list: (message, passages) => listed(words, passages, (number) =>
      open(message, number).catch(failed)),
  };
}

/** Whether a claim says a quotation, whatever Markdown's signs in it. */
function holds(claim, quote) {
  const said = (text) => text.replace(/[^\p{L}\p{N}]/gu, '');
  return said(claim).includes(said(quote));
}

function listed({ say, place }, passages, open) {
  return make('details', { class: 'divan-passages' },
    make('summary', {}, make('span', {}, say('used', { count: passages.length }))),
    make('ol', {}, ...passages.map((passage) => make('li', {},
      make('button', { type: 'button', class: 'divan-cite', onclick: () => open(passage.number) },
        String(passage.number)),
      make('div', {}, make('div', { class: 'divan-passage-from' },
        make('strong', { dir: 'auto' }, passage.name),
        make('span', { dir: 'auto' }, place(passage))))))));
}
