// Citation marks in answers: `[1]` opens the passage it stands for. In the chat Python draws them
// (ui/documents_answer.py): `cite-<message>-<number>`; in lanes they are found in what was painted.

import { openPassages } from './citations_sheet.js';
import * as api from './documents_api.js';
import { make } from './elements.js';

const MARK = /\[(\d{1,3}(?:\s*[,;]\s*\d{1,3}){0,9})\]/g;
const LEFT_ALONE = 'pre, code, a, button, .katex, .divan-reasoning, .divan-tools, .divan-unfounded';

/** @param {object} page - words, view() of the page and failed(error) */
export function createCitations({ words, view, failed }) {
  async function open(message, number) {
    const { passages, quotes } = await api.citations(view().chat, message);
    const quoted = (passage) => quotes.filter((quote) => quote.number === passage.number)
      .map((quote) => quote.text);
    const shown = passages.map((passage) => ({ ...passage, quotes: quoted(passage) }));
    if (shown.length) openPassages({ words, passages: shown, at: number, kept: true });
  }

  document.getElementById('chatbot').addEventListener('click', (event) => {
    const button = event.target.closest('.divan-cite');
    if (!button) return;
    const [, message, number] = /^(?:cite|passage)-(.+)-(\d+)$/.exec(button.id) ?? [];
    if (message) open(message, Number(number)).catch(failed);
  });

  return {
    /** Makes the marks of a lane's painted answer buttons, and marks quotes no passage holds. */
    link: (root, { id, passages, unfounded }) => linkMarks(root, {
      numbers: new Set(passages.map((passage) => passage.number)),
      unfounded,
      hint: words.say('unfounded'),
      open: (number) => open(id, number).catch(failed),
    }),
    /** The passages an answer was given, folded, for a lane. */
    list: (message, passages) => listed(words, passages, (number) =>
      open(message, number).catch(failed)),
  };
}

function linkMarks(root, marks) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, (node) =>
    (node.parentElement.closest(LEFT_ALONE) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  for (const node of nodes) {
    const parts = withQuotes(node.data, marks).flatMap((part) =>
      (typeof part === 'string' ? withMarks(part, marks) : [part]));
    if (parts.some((part) => typeof part !== 'string')) node.replaceWith(...parts);
  }
}

function withQuotes(text, { unfounded, hint }) {
  const quote = unfounded.find((one) => text.includes(one));
  if (!quote) return [text];
  const at = text.indexOf(quote);
  return [
    text.slice(0, at), make('span', { class: 'divan-unfounded', title: hint }, quote),
    ...withQuotes(text.slice(at + quote.length), { unfounded, hint }),
  ];
}

function withMarks(text, { numbers, open }) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(MARK)) {
    const named = found[1].split(/[,;]/).map(Number).filter((number) => numbers.has(number));
    if (!named.length) continue;
    parts.push(text.slice(from, found.index), ...named.map((number) => markButton(number, open)));
    from = found.index + found[0].length;
  }
  return [...parts, text.slice(from)];
}

const markButton = (number, open) => make('button', {
  type: 'button', class: 'divan-cite', onclick: () => open(number),
}, String(number));

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
