// The hits of a search on the page: where they are, and how they are marked. Nothing of the page's
// elements is changed, for they belong to Gradio.

import { fold } from './found_fold.js';

/** What is in a message and was not searched: not what was asked or answered. */
const BESIDE = `button, .divan-meta, .divan-reasoning, .divan-tools, .divan-error, .divan-note,
  .divan-passages, .divan-summary, .divan-live, .katex, .divan-painted .message-content > .md`;
const BLOCKS = 'p, li, td, th, pre, h1, h2, h3, h4, h5, h6, blockquote, div';
const [ALL, CURRENT] = ['divan-found', 'divan-found-now'];

const folds = new WeakMap(); // message -> {source, folding}, for most of them stay as they are

/**
 * All hits in these messages, in their order, as {row, fromEnd, nth, range}: their message from above
 * and from below, and which one in it. In the messages with all words, or in those with any where none has
 * all.
 */
export function hitsOf(messages, patterns) {
  const words = patterns.map((pattern) => new RegExp(pattern, 'u'));
  const any = new RegExp(patterns.join('|'), 'gu');
  const texts = messages.map(textOf);
  const counts = texts.map(({ folded }) => words.filter((word) => word.test(folded)).length);
  const wanted = counts.includes(words.length) ? words.length : 1;
  return texts.flatMap((text, row) => (counts[row] < wanted ? [] : rangesOf(text, any)
    .map((range, nth) => ({ row, fromEnd: texts.length - row, nth, range }))));
}

/** The text of a message in one piece, folded, with the nodes it comes from. */
function textOf(message) {
  const nodes = [];
  const pieces = [];
  let length = 0;
  let block = null;
  for (const node of textNodes(message)) {
    const its = node.parentElement.closest(BLOCKS);
    if (its !== block && nodes.length) {
      pieces.push('\n');
      length += 1;
    }
    block = its;
    nodes.push({ node, start: length });
    pieces.push(node.data);
    length += node.data.length;
  }
  return { nodes, ...folding(message, pieces.join('')) };
}

function folding(message, source) {
  const known = folds.get(message);
  if (known?.source === source) return known.folding;
  const folding = fold(source);
  folds.set(message, { source, folding });
  return folding;
}

function* textNodes(message) {
  const { SHOW_TEXT, SHOW_ELEMENT, FILTER_REJECT, FILTER_ACCEPT } = NodeFilter;
  const walker = document.createTreeWalker(message, SHOW_TEXT | SHOW_ELEMENT, {
    acceptNode: (node) => (node.matches?.(BESIDE) ? FILTER_REJECT : FILTER_ACCEPT),
  });
  while (walker.nextNode()) {
    if (walker.currentNode.nodeType === Node.TEXT_NODE) yield walker.currentNode;
  }
}

function rangesOf({ nodes, folded, startOf, endOf }, any) {
  let at = 0;
  const place = (offset, isEnd) => {
    while (at + 1 < nodes.length && nodes[at + 1].start + (isEnd ? 1 : 0) <= offset) at += 1;
    const { node, start } = nodes[at];
    return [node, Math.min(offset - start, node.data.length)];
  };
  return [...folded.matchAll(any)].map((hit) => {
    const [startContainer, startOffset] = place(startOf(hit.index), false);
    const [endContainer, endOffset] = place(endOf(hit.index + hit[0].length), true);
    return new StaticRange({ startContainer, startOffset, endContainer, endOffset });
  });
}

/** Marks these hits, and one of them as the one that is looked at. */
export function mark(hits, current) {
  if (!CSS.highlights) return; // an older browser steps from hit to hit without colours
  paint(ALL, hits.filter((hit) => hit !== current), 0);
  paint(CURRENT, current ? [current] : [], 1);
}

function paint(name, hits, priority) {
  const highlight = new Highlight();
  highlight.priority = priority;
  hits.forEach(({ range }) => highlight.add(range));
  if (hits.length) CSS.highlights.set(name, highlight);
  else CSS.highlights.delete(name);
}
