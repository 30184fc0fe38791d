/* Fenced code. Inside a fence of Markdown, one with a language opens a level and one without
   closes it; ui/markdown/fences.py does the same for a settled answer. */

const FENCE_LINE = /^(?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*(`{3,}|~{3,})(.*)$/;
const FENCE_LINES = new RegExp(FENCE_LINE, "gm");

/** {marks, language} where a line begins fenced code, else null. */
export function fenceOpening(line) {
  const [, marks, language] = FENCE_LINE.exec(line.trimEnd()) ?? [];
  if (!marks || (marks[0] === "`" && language.includes("`"))) return null;
  return { marks, language: language.trim() };
}

export function isMarkdown(language) {
  return /^(?:markdown|md)$/i.test(language);
}

/** Tells whether a line ends code that began with `marks`. */
export function closingOf(marks) {
  return new RegExp(`^[ >]*\\${marks[0]}{${marks.length},}[ \\t]*$`);
}

/**
 * The levels that hold another one, by where the line that opens them starts.
 * Each is {end}: where the line that closes it starts, or null.
 */
export function levels(source) {
  const found = new Map();
  const open = new Map(); // by the marks
  for (const { 0: line, index } of source.matchAll(FENCE_LINES)) {
    const fence = fenceOpening(line);
    if (!fence) continue;
    if (!open.has(fence.marks)) open.set(fence.marks, []);
    const stack = open.get(fence.marks);
    if (fence.language) {
      if (stack.length) found.set(stack.at(-1), { end: null });
      stack.push(index);
    } else if (stack.length) {
      const level = found.get(stack.pop());
      if (level) level.end = index;
    }
  }
  return found;
}
