/* Where rows and headings of the chat list stand. Pure numbers; heights in CSS pixels. */

export const HEADING_HEIGHT = 34;
export const ROW_HEIGHT = 38;
export const FOUND_ROW_HEIGHT = 58;
const BOTTOM = 12;

/** Lays out `groups` of {key, count}, or `total` rows without headings when `searching`. */
export function layOut({ total, groups }, searching) {
  const rowHeight = searching ? FOUND_ROW_HEIGHT : ROW_HEIGHT;
  const heading = searching ? 0 : HEADING_HEIGHT;
  const wanted = searching || !groups?.length ? [{ key: "", count: total }] : groups;
  const parts = [];
  let top = 0;
  let first = 0;
  for (const { key, count } of wanted.filter((group) => group.count > 0)) {
    const rows = top + (key ? heading : 0);
    parts.push({ key, count, first, top, rows });
    top = rows + count * rowHeight;
    first += count;
  }
  return { parts, rowHeight, total: first, height: first ? top + BOTTOM : 0 };
}

/** Top of row `index`. */
export function rowTop(layout, index) {
  const part = partOf(layout, (candidate) => candidate.first <= index);
  return part.rows + (index - part.first) * layout.rowHeight;
}

/** First and last row to be seen between two heights; `last` is -1 where there is none. */
export function rowsBetween(layout, from, to) {
  if (!layout.total) return { first: 0, last: -1 };
  const first = rowAt(layout, Math.max(0, from));
  return { first, last: Math.min(layout.total - 1, rowAt(layout, Math.max(0, to))) };
}

/** Headings to be seen between two heights. */
export function headingsBetween(layout, from, to) {
  return layout.parts.filter(({ key, top }) => key && top < to && top + HEADING_HEIGHT > from);
}

function rowAt(layout, height) {
  const part = partOf(layout, (candidate) => candidate.top <= height);
  const within = Math.floor((height - part.rows) / layout.rowHeight);
  return part.first + Math.min(Math.max(within, 0), part.count - 1);
}

/** The last part for which `before` holds. */
function partOf({ parts }, before) {
  let low = 0;
  let high = parts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (before(parts[middle])) low = middle;
    else high = middle - 1;
  }
  return parts[low];
}
