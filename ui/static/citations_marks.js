// What a painted answer cites: its marks made buttons, and quotations no passage holds underlined.

import { make } from './elements.js';

const MARK = /\[(\d{1,3}(?:\s*[,;]\s*\d{1,3}){0,9})\]/g;
const ELSEWHERE = '.divan-reasoning, .divan-tools, .katex';
const LEFT_ALONE = `pre, code, a, button, ${ELSEWHERE}`;

/**
 * @param {object} marks - numbers that may be named, unfounded quotations, hint, and what draws a
 *   mark: open(number, mark) for a button, or draw(number)
 */
export function linkMarks(root, { numbers, unfounded = [], hint, open, draw }) {
  for (const quote of unfounded) underline(root, quote, hint);
  for (const node of textNodes(root, LEFT_ALONE)) {
    const parts = withMarks(node.data, numbers, draw ?? ((number) => markButton(number, open)));
    if (parts.length > 1) node.replaceWith(...parts);
  }
}

function textNodes(root, without) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, (node) =>
    (node.parentElement.closest(without) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  return nodes;
}

/** Underlines a quotation wherever it stands, over emphasis and the ends of lines. */
function underline(root, quote, hint) {
  const words = quote.match(/[\p{L}\p{N}]+/gu);
  if (!words) return;
  const said = new RegExp(`(?<![\\p{L}\\p{N}])${words.join('[^\\p{L}\\p{N}]*')}(?![\\p{L}\\p{N}])`, 'gu');
  const nodes = textNodes(root, ELSEWHERE);
  const places = [...nodes.map((node) => node.data).join('\n').matchAll(said)]
    .map((found) => ({ from: found.index, to: found.index + found[0].length }));
  let at = 0;
  for (const node of nodes) {
    const { length } = node.data;
    const within = places.filter(({ from, to }) => from < at + length && to > at)
      .map(({ from, to }) => [Math.max(0, from - at), Math.min(length, to - at)]);
    if (within.length && !node.parentElement.closest('.divan-unfounded')) wrap(node, within, hint);
    at += length + 1;
  }
}

function wrap(node, within, hint) {
  const text = node.data;
  const parts = [];
  let done = 0;
  for (const [from, to] of within) {
    parts.push(text.slice(done, from),
      make('span', { class: 'divan-unfounded', title: hint }, text.slice(from, to)));
    done = to;
  }
  node.replaceWith(...parts, text.slice(done));
}

function withMarks(text, numbers, draw) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(MARK)) {
    const named = found[1].split(/[,;]/).map(Number).filter((number) => numbers.has(number));
    if (!named.length) continue;
    parts.push(text.slice(from, found.index), ...named.map(draw));
    from = found.index + found[0].length;
  }
  return [...parts, text.slice(from)];
}

function markButton(number, open) {
  const button = make('button', {
    type: 'button', class: 'divan-cite', onclick: () => open(number, button),
  }, String(number));
  return button;
}

const BLOCK = 'p, li, tr, dd, blockquote, h1, h2, h3, h4, h5, h6';
const LONGEST_CLAIM = 600;

/** The words before a mark in its paragraph, which it vouches for; other marks end a line. */
export function claimOf(mark) {
  const range = document.createRange();
  range.setStart(mark.closest(BLOCK) ?? mark.parentElement, 0);
  range.setEndBefore(mark);
  const before = range.cloneContents();
  before.querySelectorAll('.katex-mathml').forEach((one) => one.remove());
  before.querySelectorAll('.divan-cite').forEach((one) => one.replaceWith('\n'));
  before.querySelectorAll('br, td, th').forEach((one) => one.before(' '));
  return before.textContent.trim().slice(-LONGEST_CLAIM);
}
