/* How the end of a text that is still growing is shown. Nothing here is kept: as soon as more
   text comes it is decided again, and the finished text is shown as it is. */

const UNDECIDED_LINE = /(^|\n)[ \t>]*(?:[-+*=_]+|\d{1,9}[.)]?|#{1,6}|`{1,2}|~{1,2})?[ \t]*$/;
const UNDECIDED_TABLE = /(?:^|\n)(?<!\|[ \t]*\n)\|[^\n]*(?:\n[|:\- \t]*)?$/;
const HALF_LINK = /!?\[([^[\]\n]*)\]\([^()\s]*(?:\s+"[^"\n]*"?)?$/;
const LAST_BLOCK = /(?:^|\n)(?:[ \t]*\n|[ \t>]*(?:[-*+]|\d{1,9}[.)]|#{1,6}|>)[ \t])/g;
const MARK = /\\[^]|\*\*|~~|\*|_/g;

/** The part of `text` whose meaning is settled enough to be shown: without a last line that may
    still become a list, a heading, a rule or a table. */
export function withoutUndecidedEnd(text) {
  const line = UNDECIDED_LINE.exec(text);
  if (line) return text.slice(0, line.index + line[1].length);
  const table = UNDECIDED_TABLE.exec(text);
  return table ? text.slice(0, table.index + (text[table.index] === "\n" ? 1 : 0)) : text;
}

/** Closes what is open at the end (bold, italic, code, a link), so that it is shown at once. */
export function heal(text) {
  const start = lastBlockStart(text);
  const block = text.slice(start).replace(HALF_LINK, "$1");
  const head = text.slice(0, start);
  const plain = block.replace(/(?<!`)(`+)(?!`)[^]*?(?<!`)\1(?!`)/g, (span) => "x".repeat(span.length));
  const ticks = /`+/.exec(plain);
  if (ticks) return head + closeCode(block, ticks);
  const cut = plain.replace(/[*_~\s]+$/, "");
  const missing = closers(cut);
  const halfMark = /[*_~]\s*$/.test(plain);
  return head + (missing || halfMark ? block.slice(0, cut.length) + missing : block);
}

function lastBlockStart(text) {
  let start = 0;
  const tail = Math.max(0, text.length - 4000);
  for (const match of text.slice(tail).matchAll(LAST_BLOCK)) {
    start = tail + match.index + match[0].length;
  }
  return start || tail;
}

function closeCode(block, ticks) {
  const end = block.slice(ticks.index + ticks[0].length);
  if (!end.trim()) return block.slice(0, ticks.index);
  return `${block.replace(/`+$/, "").trimEnd()}${ticks[0]}`;
}

function closers(text) {
  const open = [];
  for (const { 0: mark, index } of text.matchAll(MARK)) {
    if (mark[0] === "\\") continue;
    const before = text[index - 1] ?? " ";
    const after = text[index + mark.length] ?? " ";
    if (open.at(-1) === mark && !/\s/.test(before)) open.pop();
    else if (/[\s\p{P}]/u.test(before) && !/\s/.test(after)) open.push(mark);
  }
  return open.reverse().join("");
}
