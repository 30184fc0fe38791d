// The picture of a chat's tree: time goes down, one column a branch.

import { draw, make } from './elements.js';
import { layOutTree, lineTo, neighbour } from './tree_layout.js';

const FORK = 4; // radii
const TIP = 6;
const REACH = 13;
const FEW = 6; // with so few ends, those without a name say what they are about
const MARGIN = 34; // kept around what is revealed
const LABEL_MARGIN = 180;
const LONGEST = { named: 128, unnamed: 96 };
const FONT = 12;
const INSET = 7; // of the words in a pill
const BESIDE_STAR = 16;
const STAR = 'M0-5.2 1.6-1.7 5.4-1.3 2.5 1.2 3.4 4.9 0 2.9-3.4 4.9-2.5 1.2-5.4-1.3-1.6-1.7Z';
const ARROWS = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'];

/**
 * The picture as an element that scrolls.
 *
 * @param {object} tree - as GET /api/chats/{id}/tree answers
 * @param {object} on - describe(segment) in words, open(segment), point(segment or null): looked at,
 *   and label: what the picture is
 */
export function drawTree(tree, on) {
  const labels = labelsOf(tree);
  const { nodes, width, height, labelAt } = layOutTree(tree.segments, (segment) => {
    const label = labels.get(segment.id);
    return label ? textWidth(label.short) + (label.preferred ? BESIDE_STAR : 0) + (label.named ? 2 * INSET : 0) : 0;
  });
  const ends = nodes.slice(1);
  const current = ends.find(({ segment }) => segment.tip === tree.leaf)
    ?? ends.findLast(({ segment }) => segment.on_path) ?? ends[0];
  const lines = [...ends].sort((one, other) => one.segment.on_path - other.segment.on_path);
  const elements = new Map(ends.map((node) => [node, end(node)]));
  const svg = draw(
    'svg',
    { width, height, viewBox: `0 0 ${width} ${height}`, role: 'tree', 'aria-label': on.label },
    draw('circle', { class: 'start', cx: nodes[0].x, cy: nodes[0].y, r: 2.5 }),
    draw('g', { 'aria-hidden': 'true' }, ...lines.map(line)),
    ...elements.values(),
  );
  const element = make('div', { class: 'divan-tree' }, svg);

  function end(node) {
    const { segment, x, y, level } = node;
    const tip = !node.kids.length;
    const here = node === current && segment.tip === tree.leaf;
    return draw('g', {
      class: classes({ tip, here, 'on-path': segment.on_path, running: segment.running }),
      role: 'treeitem', tabindex: node === current ? 0 : -1, transform: `translate(${x} ${y})`,
      'aria-level': level, 'aria-selected': String(here), 'aria-label': on.describe(segment),
      'data-key': `tree-${segment.id}`, 'data-tip': segment.tip,
      onclick: () => on.open(segment), onkeydown: (event) => onKey(event, node),
      onfocus: () => { turnTo(node); on.point(segment); },
      onpointerenter: () => on.point(segment), onpointerleave: () => on.point(null),
    },
    draw('circle', { class: 'reach', r: REACH }),
    segment.running && draw('circle', { class: 'pulse', r: TIP }),
    draw('circle', { class: 'dot', r: tip ? TIP : FORK }),
    ...labelOf(labels.get(segment.id), labelAt));
  }

  function turnTo(node) {
    svg.querySelector('[tabindex="0"]')?.setAttribute('tabindex', -1);
    elements.get(node).setAttribute('tabindex', 0);
  }

  function onKey(event, node) {
    if (event.key === 'Enter' || event.key === ' ') on.open(node.segment);
    else if (event.key === 'Home') focus(ends[0]);
    else if (event.key === 'End') focus(current);
    else if (ARROWS.includes(event.key)) focus(neighbour(nodes, node, event.key));
    else return;
    event.preventDefault();
  }

  function focus(node) {
    if (!node) return;
    elements.get(node).focus({ preventScroll: true });
    reveal(node);
  }

  /** Brings a node and its label into sight, by as little as that takes. */
  function reveal({ x, y }) {
    const { clientWidth, clientHeight, scrollLeft, scrollTop } = element;
    element.scrollTo(
      Math.min(x - MARGIN, Math.max(scrollLeft, x + LABEL_MARGIN - clientWidth)),
      Math.min(y - MARGIN, Math.max(scrollTop, y + MARGIN - clientHeight)),
    );
  }

  return { element, current: current?.segment ?? null, reveal: () => current && reveal(current) };
}

const line = (node) => draw('path', {
  class: classes({ line: true, 'on-path': node.segment.on_path, running: node.segment.running }),
  d: lineTo(node),
});

const classes = (flags) => Object.keys(flags).filter((name) => flags[name]).join(' ');

/** What stands beside the ends of segments: the name of a branch, else what it is about. */
function labelsOf({ segments, branches }) {
  const parents = new Set(segments.map((segment) => segment.parent));
  const tips = segments.filter((segment) => !parents.has(segment.id));
  const unnamed = tips.length > 1 && tips.length <= FEW ? tips : [];
  const labels = new Map(unnamed.map((segment) => [segment.id, {
    short: shorten(segment.label || segment.models.join(', '), LONGEST.unnamed),
  }]));
  for (const segment of segments) {
    const named = branches.filter((branch) => branch.leaf === segment.tip);
    if (!named.length) continue;
    labels.set(segment.id, {
      named: true,
      current: named.some((branch) => branch.current),
      preferred: named.some((branch) => branch.preferred),
      short: shorten(named.map((branch) => branch.name).join(', '), LONGEST.named),
    });
  }
  return labels;
}

function labelOf(label, at) {
  if (!label) return [];
  const words = (x) => draw('text', { class: 'label', x, y: 0, 'dominant-baseline': 'central' }, label.short);
  if (!label.named) return [words(at)];
  const before = label.preferred ? BESIDE_STAR : 0;
  const width = textWidth(label.short) + before + 2 * INSET;
  return [
    draw('rect', { class: 'pill', x: at, y: -10, width, height: 20, rx: 10 }),
    label.preferred && draw('path', { class: 'star', d: STAR, transform: `translate(${at + INSET + 5} 0)` }),
    words(at + INSET + before),
  ];
}

let canvas = null;

function textWidth(text) {
  canvas ??= document.createElement('canvas').getContext('2d');
  canvas.font = `550 ${FONT}px ${getComputedStyle(document.body).fontFamily}`;
  return Math.ceil(canvas.measureText(text).width);
}

/** As much of a text as fits into so many pixels. */
function shorten(text, most) {
  if (textWidth(text) <= most) return text;
  const letters = [...text];
  while (letters.length > 1 && textWidth(`${letters.join('')}…`) > most) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}
