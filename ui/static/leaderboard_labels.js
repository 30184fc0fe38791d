// Names beside points, where they cover neither a point nor each other.

const GAP = 9;
const HEIGHT = 14;

let measuring = null;

/** The width of words on the plots, in pixels. */
export function widthOf(words) {
  measuring ??= document.createElement('canvas').getContext('2d');
  measuring.font = `12px ${getComputedStyle(document.body).fontFamily}`;
  return measuring.measureText(words).width;
}

/** The words, cut where they are wider than `room` pixels. */
export function fitting(words, room) {
  if (widthOf(words) <= room) return words;
  let length = words.length - 1;
  while (length > 1 && widthOf(`${words.slice(0, length)}…`) > room) length -= 1;
  return `${words.slice(0, length).trimEnd()}…`;
}

/**
 * A place for each name, or none where all would cover something.
 *
 * @param {{x, y, name}[]} points
 * @param {{left, right, top, bottom}} frame
 * @returns {({x, y, anchor}|null)[]} the start, middle or end of each name's base line
 */
export function placeLabels(points, frame) {
  const taken = points.map(({ x, y }) => box(x - 6, y - 6, 12, 12));
  return points.map(({ x, y, name }) => {
    const width = widthOf(name);
    const found = candidates(x, y, width).find(({ area }) => inside(area, frame) && !taken.some((other) => meet(area, other)));
    if (!found) return null;
    taken.push(found.area);
    return { x: found.x, y: found.y, anchor: found.anchor };
  });
}

const candidates = (x, y, width) => [
  { x: x + GAP, y: y + 4, anchor: 'start', area: box(x + GAP, y - HEIGHT / 2, width, HEIGHT) },
  { x: x - GAP, y: y + 4, anchor: 'end', area: box(x - GAP - width, y - HEIGHT / 2, width, HEIGHT) },
  { x: x + GAP, y: y - GAP, anchor: 'start', area: box(x + GAP, y - GAP - HEIGHT + 3, width, HEIGHT) },
  { x: x + GAP, y: y + GAP + 9, anchor: 'start', area: box(x + GAP, y + GAP - 2, width, HEIGHT) },
  { x: x - GAP, y: y - GAP, anchor: 'end', area: box(x - GAP - width, y - GAP - HEIGHT + 3, width, HEIGHT) },
  { x: x - GAP, y: y + GAP + 9, anchor: 'end', area: box(x - GAP - width, y + GAP - 2, width, HEIGHT) },
];

const box = (left, top, width, height) => ({ left, top, right: left + width, bottom: top + height });
const meet = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
const inside = (area, frame) => area.left >= frame.left && area.right <= frame.right && area.top >= frame.top && area.bottom <= frame.bottom;
