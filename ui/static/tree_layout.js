// Where the parts of the tree picture stand: pure numbers, in CSS pixels.

const TOP = 16;
const LEFT = 18;
const RIGHT = 14;
const BOTTOM = 18;
const COLUMN = 30;
const LABEL_AT = 12; // from the middle of a circle to its label
const LABEL_GAP = 16;
const BUS = 15; // how far below a fork its branches turn aside
const BEND = 9;

/**
 * Nodes in the order of the tree. A node is the end of a segment: {segment, parent, kids, level,
 * column, x, y}; the first one is where the chat begins, and has no segment.
 *
 * @param {object[]} segments - as GET /api/chats/{id}/tree has them, the oldest of siblings first
 * @param {(segment: object) => number} widthOf - the width of the label beside the end of a segment
 */
export function layOutTree(segments, widthOf) {
  const start = { segment: null, parent: null, kids: [], level: 0, column: 0, y: TOP };
  const nodes = [start, ...segments.map((segment) => ({ segment, parent: null, kids: [] }))];
  const byId = new Map(nodes.slice(1).map((node) => [node.segment.id, node]));
  for (const node of nodes.slice(1)) {
    node.parent = byId.get(node.segment.parent) ?? start;
    node.parent.kids.push(node);
  }
  const columns = place(start, 0);
  const lefts = columnLefts(nodes, columns, widthOf);
  for (const node of nodes) node.x = LEFT + lefts[node.column];
  const height = Math.max(...nodes.map((node) => node.y)) + BOTTOM;
  return { nodes, width: LEFT + lefts[columns] + RIGHT, height, labelAt: LABEL_AT };
}

/** Puts a node and all below it; the first child goes straight on. Returns the next free column. */
function place(node, column) {
  node.column = column;
  let free = column + 1;
  node.kids.forEach((kid, index) => {
    kid.level = node.level + 1;
    kid.y = node.y + reach(kid.segment.count);
    free = place(kid, index ? free : column);
  });
  return free;
}

/** Longer for more messages, but a long chat is not a long way to scroll. */
const reach = (count) => 30 + 5 * Math.min(7, Math.log2(count + 1));

function columnLefts(nodes, columns, widthOf) {
  const widths = new Array(columns).fill(COLUMN);
  for (const { segment, column } of nodes) {
    const label = segment ? widthOf(segment) : 0;
    if (label) widths[column] = Math.max(widths[column], LABEL_AT + label + LABEL_GAP);
  }
  const lefts = [0];
  for (const width of widths) lefts.push(lefts.at(-1) + width);
  return lefts;
}

/** The line from the parent of a node to it, as the `d` of an SVG path. */
export function lineTo({ parent, x, y }) {
  if (parent.x === x) return `M${x} ${parent.y}V${y}`;
  const bus = parent.y + BUS;
  return `M${parent.x} ${parent.y}V${bus - BEND}Q${parent.x} ${bus} ${parent.x + BEND} ${bus}`
    + `H${x - BEND}Q${x} ${bus} ${x} ${bus + BEND}V${y}`;
}

/** The node an arrow key leads to, or null: up to the fork, down the chosen path, aside to the
 * nearest node of the next column. */
export function neighbour(nodes, node, key) {
  if (key === 'ArrowUp') return node.parent?.segment ? node.parent : null;
  if (key === 'ArrowDown') return node.kids.find((kid) => kid.segment.on_path) ?? node.kids[0] ?? null;
  const column = node.column + { ArrowLeft: -1, ArrowRight: 1 }[key];
  const beside = nodes.filter((other) => other.segment && other.column === column);
  const away = (other) => Math.abs(other.y - node.y);
  return beside.reduce((best, other) => (best && away(best) <= away(other) ? best : other), null);
}
