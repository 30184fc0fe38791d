/* Rows of the chat list as they come from the server, a bounded number of pages of them. */

export const PAGE_ROWS = 50;
const KEPT_PAGES = 12;

/**
 * A cache in front of `fetchPage(offset, limit)`. `changed()` is called when rows came,
 * `failed(error)` when they did not.
 */
export function createPages(fetchPage, changed, failed) {
  const pages = new Map(); // number -> {rows, age}; the least recently used first
  const asked = new Map(); // number -> age
  let age = 0;

  function keep(number, page) {
    pages.delete(number);
    pages.set(number, page);
    if (pages.size > KEPT_PAGES) pages.delete(pages.keys().next().value);
  }

  async function ask(number) {
    const asking = age;
    asked.set(number, asking);
    try {
      const rows = await fetchPage(number * PAGE_ROWS, PAGE_ROWS);
      if (asking === age) {
        keep(number, { rows, age });
        changed();
      }
    } catch (error) {
      if (asking === age) failed(error);
    } finally {
      if (asked.get(number) === asking) asked.delete(number);
    }
  }

  return {
    /** The row at `index`, perhaps an old one, or undefined where none has come yet. */
    row(index) {
      return pages.get(Math.floor(index / PAGE_ROWS))?.rows[index % PAGE_ROWS];
    },
    /** Whether the row at `index` is as new as the last outline. */
    isFresh: (index) => pages.get(Math.floor(index / PAGE_ROWS))?.age === age,
    /** Asks for what is missing or old between two rows. */
    need(first, last) {
      for (let n = Math.floor(first / PAGE_ROWS); n <= Math.floor(last / PAGE_ROWS); n += 1) {
        const page = pages.get(n);
        if (page) keep(n, page);
        if (page?.age !== age && asked.get(n) !== age) ask(n);
      }
    },
    /** Index of the chat `id` among the rows at hand, or -1. */
    find(id) {
      for (const [number, { rows }] of pages) {
        const at = rows.findIndex((row) => row.id === id);
        if (at !== -1) return number * PAGE_ROWS + at;
      }
      return -1;
    },
    /** What is at hand is old now: it is still shown, and asked for again. */
    expire() {
      age += 1;
    },
    clear() {
      age += 1;
      pages.clear();
    },
    size: () => pages.size,
  };
}
