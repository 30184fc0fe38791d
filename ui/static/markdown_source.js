/* What is done to Markdown text before the parser sees it. Everything is reversible, so that an
   offset in the prepared text can be turned back into one in the original. */

import { environments, isIndentedCode } from "./markdown_environments.js";
import { closingOf, fenceOpening, isMarkdown, levels } from "./markdown_fences.js";

const LESS = "\uE0F0"; // stands for a "<" that must stay text
const MATH_OPEN = "\uE0F1"; // MATH_OPEN number MATH_CLOSE stands for an equation
const MATH_CLOSE = "\uE0F2";
const RESERVED = /[\uE0F0-\uE0F7]/g;
const CALMED = { "*": "\uE0F3", _: "\uE0F4", "!": "\uE0F5" };
const INNER_FENCE = { "`": "\uE0F6", "~": "\uE0F7" }; // in Markdown that is shown as code
const ORIGINAL = Object.fromEntries(
  Object.entries({ "<": LESS, ...CALMED, ...INNER_FENCE }).map(([sign, mark]) => [mark, sign]),
);
const MOST_MARKS = 3000; // in one paragraph; the parser's time grows with their square
const DOLLARS = /\$(?![\s$]|\d[^$\n]*\s\p{L}{3,}[\s,])(?:[^$\n\\]|\\.)*?(?<!\s)\$(?!\$|(?!(?:st|nd|rd|th)\b)[\p{L}\p{N}_])/uy;
const PLACEHOLDER = /\uE0F1(\d+)\uE0F2/g;
const LIVE_TAG = /^<(?:br[ \t]*\/?>|https?:\/\/[^\s<>]*>|mailto:[^\s<>]*>|[\w.+-]+@[\w.-]+>)/i;

export const MATH_TOKEN = /^\uE0F1(\d+)\uE0F2/;
export const MATH_START = MATH_OPEN;

/** Line ends as one character, and the marks this file needs for itself taken out. */
export function normalise(text) {
  return text.replace(/\r\n?/g, "\n").replace(RESERVED, "\uFFFD");
}

/** Tabs in front of lines as four spaces, as the parser would make them; keeps offsets true. */
export function expandTabs(text) {
  return text.replace(/^( *)(\t+)/gm, (_, spaces, tabs) => spaces + "    ".repeat(tabs.length));
}

/**
 * Hides equations and HTML tags from the parser.
 * Returns {text, math: [{raw, tex, display}], open: true when the text ends inside a code fence}.
 * With `streaming` a display equation that has not closed yet hides the rest, with tex null.
 */
export function protect(source, streaming) {
  const scan = {
    source, streaming, at: 0, out: [], math: [], open: false, limit: -1, next: new Map(), levels: null,
    environments: null,
  };
  while (scan.at < source.length) {
    if (atLineStart(scan) && copyFence(scan)) continue;
    copyUntilSpecial(scan);
  }
  return { text: calm(scan.out.join("")), math: scan.math, open: scan.open };
}

/** Makes marks inside lines plain letters where there are absurdly many of them. */
function calm(text) {
  if (text.length < MOST_MARKS) return text;
  return text.replace(/(?:[^\n]|\n(?!\n))+/g, (paragraph) => {
    if (paragraph.length < MOST_MARKS) return paragraph;
    const marks = paragraph.match(/[*_!]/g)?.length ?? 0;
    if (marks < MOST_MARKS) return paragraph;
    return paragraph.replace(/(?<!^[ \t]*)[*_!]/gm, (mark) => CALMED[mark]);
  });
}

/** Gives the original text back for a piece of protected text. */
export function restore(text, math) {
  return text
    .replace(PLACEHOLDER, (_, number) => math[number]?.raw ?? "")
    .replace(/[\uE0F0\uE0F3-\uE0F7]/g, (mark) => ORIGINAL[mark]);
}

function atLineStart(scan) {
  return scan.at === 0 || scan.source[scan.at - 1] === "\n";
}

function lineEnd(source, from) {
  const end = source.indexOf("\n", from);
  return end === -1 ? source.length : end + 1;
}

function copyFence(scan) {
  const end = lineEnd(scan.source, scan.at);
  const opening = fenceOpening(scan.source.slice(scan.at, end));
  if (!opening) return false;
  if (isMarkdown(opening.language) && copyLevels(scan, end)) return true;
  const closing = closingOf(opening.marks);
  let at = end;
  scan.open = true;
  while (at < scan.source.length && scan.open) {
    const next = lineEnd(scan.source, at);
    scan.open = !closing.test(scan.source.slice(at, next).replace(/\n$/, ""));
    at = next;
  }
  take(scan, at);
  return true;
}

/** Markdown that holds fences, which the parser must not see. */
function copyLevels(scan, firstLine) {
  scan.levels ??= levels(scan.source);
  const level = scan.levels.get(scan.at);
  if (!level || (level.end === null && !scan.streaming)) return false;
  const end = level.end ?? scan.source.length;
  take(scan, firstLine);
  const inner = scan.source.slice(firstLine, end);
  scan.out.push(inner.replace(/`{3,}|~{3,}/g, (marks) => INNER_FENCE[marks[0]].repeat(marks.length)));
  scan.at = end;
  scan.open = level.end === null;
  take(scan, lineEnd(scan.source, end));
  return true;
}

function take(scan, end) {
  scan.out.push(scan.source.slice(scan.at, end));
  scan.at = end;
}

function copyUntilSpecial(scan) {
  const special = /[\\`$<\n]/g;
  special.lastIndex = scan.at;
  const hit = special.exec(scan.source);
  if (!hit) return take(scan, scan.source.length);
  take(scan, hit.index);
  if (hit[0] === "\n") return take(scan, scan.at + 1);
  if (hit[0] === "`") return copyCodeSpan(scan);
  if (hit[0] === "<") return copyLess(scan);
  return copyMaybeMath(scan);
}

/** The end of the paragraph being scanned: nothing inline reaches over an empty line. */
function paragraphEnd(scan) {
  if (scan.limit < scan.at) {
    const empty = /\n[ \t]*\n/g;
    empty.lastIndex = scan.at;
    scan.limit = empty.exec(scan.source)?.index ?? scan.source.length;
  }
  return scan.limit;
}

function copyCodeSpan(scan) {
  const run = /`+/y;
  run.lastIndex = scan.at;
  const ticks = run.exec(scan.source)[0];
  const body = scan.source.slice(scan.at + ticks.length, paragraphEnd(scan));
  const closing = new RegExp(`(?<!\`)\`{${ticks.length}}(?!\`)`).exec(body);
  take(scan, scan.at + ticks.length + (closing ? closing.index + ticks.length : 0));
}

function copyLess(scan) {
  const rest = scan.source.slice(scan.at, scan.at + 2048);
  const live = LIVE_TAG.exec(rest);
  if (live) return take(scan, scan.at + live[0].length);
  if (!/^<[a-z/!?]/i.test(rest)) return take(scan, scan.at + 1);
  scan.out.push(LESS);
  scan.at += 1;
}

const DELIMITERS = [
  { left: "$$", right: "$$", display: true },
  { left: "\\\\[", right: "\\\\]", display: true },
  { left: "\\\\(", right: "\\\\)", display: false },
  { left: "\\[", right: "\\]", display: true },
  { left: "\\(", right: "\\)", display: false },
];

function copyMaybeMath(scan) {
  if (copyEnvironment(scan)) return;
  const kind = DELIMITERS.find(({ left }) => scan.source.startsWith(left, scan.at));
  if (kind) return copyDelimited(scan, kind);
  if (scan.source[scan.at] === "\\") return take(scan, Math.min(scan.at + 2, scan.source.length));
  const length = dollarMath(scan.source, scan.at);
  if (!length) return take(scan, scan.at + 1);
  replaceByMath(scan, scan.at + length, 1, false);
}

function copyEnvironment(scan) {
  const { source, at } = scan;
  if (!source.startsWith("\\begin{", at) || isIndentedCode(source, at)) return false;
  scan.environments ??= environments(source);
  const end = scan.environments.get(at);
  if (end === undefined) return false;
  const limit = paragraphEnd(scan);
  if (end !== null && end <= limit) {
    replaceByMath(scan, end, 0, true);
    return true;
  }
  if (end !== null || !scan.streaming || limit < source.length) return false;
  hide(scan, limit, { tex: null, display: true });
  return true;
}

function copyDelimited(scan, { left, right, display }) {
  const limit = paragraphEnd(scan);
  const close = next(scan, right, scan.at + left.length);
  const closed = close !== -1 && close + right.length <= limit;
  if (closed && scan.source.slice(scan.at + left.length, close).trim()) {
    return replaceByMath(scan, close + right.length, left.length, display);
  }
  const growing = scan.streaming && display && !closed && limit === scan.source.length;
  if (!growing) return take(scan, scan.at + left.length);
  hide(scan, limit, { tex: null, display });
}

/** Where `what` comes next, or -1; looked for once. */
function next(scan, what, from) {
  const known = scan.next.get(what);
  if (known !== undefined && (known === -1 || known >= from)) return known;
  const at = scan.source.indexOf(what, from);
  scan.next.set(what, at);
  return at;
}

/**
 * Length of the `$...$` that starts at `at`, or 0. Pandoc's rule (no space after the opening
 * dollar or before the closing one), stricter beside letters and digits, so that prices and shell
 * variables stay text; the equation stays in its line. As ui/markdown/mathematics.py.
 */
function dollarMath(source, at) {
  if (/[\p{L}\p{N}_$]/u.test(source[at - 1] ?? "")) return 0;
  DOLLARS.lastIndex = at;
  return DOLLARS.exec(source)?.[0].length ?? 0;
}

function replaceByMath(scan, end, margin, display) {
  const tex = scan.source.slice(scan.at + margin, end - margin);
  hide(scan, end, { tex, display });
}

function hide(scan, end, equation) {
  const raw = scan.source.slice(scan.at, end);
  scan.out.push(`${MATH_OPEN}${scan.math.length}${MATH_CLOSE}`);
  scan.math.push({ ...equation, raw });
  scan.at = end;
}
