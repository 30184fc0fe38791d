// A question as it was written: nothing in it is Markdown but fenced code (ui/question.py).

import { make } from './elements.js';
import { GrowingMarkdown } from './markdown.js';
import { closingOf, fenceOpening, isMarkdown, levels } from './markdown_fences.js';

/** The elements of a question's text. */
export function drawQuestion(text) {
  return parts(text.replace(/\r\n?/g, '\n')).map(({ lines, isCode }) => (
    isCode ? drawCode(lines.join('\n')) : make('div', { class: 'divan-said' }, lines.join('\n'))
  ));
}

function drawCode(text) {
  const body = make('div', {});
  const markdown = new GrowingMarkdown(body);
  markdown.write(text);
  markdown.finish();
  return body;
}

/** Text and fenced code, in turn. A fence that is never closed is text. */
function parts(text) {
  const lines = text.split('\n');
  const end = endOf(text, lines);
  const found = [];
  let start = 0;
  const add = (next, isCode) => {
    if (next > start) found.push({ lines: lines.slice(start, next), isCode });
    start = next;
  };
  for (let at = 0; at < lines.length; at += 1) {
    const last = end(at);
    if (last === null) continue;
    add(at, false);
    add(last + 1, true);
    at = last;
  }
  add(lines.length, false);
  return found;
}

/** The last line of the code that begins at a line, or null. */
function endOf(text, lines) {
  const unclosed = new Set();
  const starts = [0];
  lines.forEach((line) => starts.push(starts.at(-1) + line.length + 1));
  const nested = levels(text);
  return (at) => {
    const opening = /^ {0,3}[`~]/.test(lines[at]) ? fenceOpening(lines[at]) : null;
    if (!opening || unclosed.has(opening.marks)) return null;
    const level = isMarkdown(opening.language) ? nested.get(starts[at]) : null;
    if (level && level.end !== null) return starts.indexOf(level.end);
    const closing = closingOf(opening.marks);
    const end = lines.findIndex((line, index) => index > at && closing.test(line));
    if (end >= 0) return end;
    unclosed.add(opening.marks);
    return null;
  };
}
