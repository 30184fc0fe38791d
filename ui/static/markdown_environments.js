/* Environments of LaTeX that stand in a text without delimiters: \begin{align} … \end{align}.
   ui/markdown/environments.py finds the same for a settled answer. */

const NAMES = new Set([
  "align", "align*", "aligned", "alignat", "alignat*", "alignedat", "array", "darray", "bmatrix",
  "bmatrix*", "Bmatrix", "Bmatrix*", "cases", "dcases", "rcases", "drcases", "CD", "equation",
  "equation*", "gather", "gather*", "gathered", "matrix", "matrix*", "pmatrix", "pmatrix*",
  "smallmatrix", "split", "subarray", "vmatrix", "vmatrix*", "Vmatrix", "Vmatrix*",
]); // those that KaTeX draws; any other, like a list, is no mathematics
const BORDER = /\\(begin|end)\{([A-Za-z]+\*?)\}/g;
const INDENTED = /^(?: {4}| {0,3}\t)[ \t]*/;
const NEAR = 200; // characters in which the beginning of a line is looked for

/** Where each environment ends, by where it begins; null where it does not end. */
export function environments(source) {
  const ends = new Map();
  const begun = new Map();
  for (const { 0: border, 1: kind, 2: name, index } of source.matchAll(BORDER)) {
    if (!NAMES.has(name)) continue;
    if (!begun.has(name)) begun.set(name, []);
    if (kind === "begin") {
      begun.get(name).push(index);
      ends.set(index, null);
    } else if (begun.get(name).length) {
      ends.set(begun.get(name).pop(), index + border.length);
    }
  }
  return ends;
}

/** Whether `at` begins a line that four spaces make code, as far as the line above tells. */
export function isIndentedCode(source, at) {
  const lines = source.slice(Math.max(0, at - NEAR), at).split("\n");
  const before = lines.at(-1);
  if (INDENTED.exec(before)?.[0] !== before) return false;
  const above = lines.at(-2) ?? "";
  return !above.trim() || INDENTED.test(above);
}
