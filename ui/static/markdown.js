/* Markdown that grows. Blocks that are closed are never looked at again while text comes in; only
   the last, open one is parsed anew, and an open code fence only has text appended. `finish`
   parses the whole once and corrects what the end of the text decided about its beginning, so
   that the result does not depend on how the text was cut into pieces. */

import { appendText, h, patchChildren, textNode, updateText } from "./dom_patch.js";
import { fenceOpening, isMarkdown } from "./markdown_fences.js";
import { heal, withoutUndecidedEnd } from "./markdown_heal.js";
import { blocks, codeBlock, parse } from "./markdown_nodes.js";
import { expandTabs, normalise, protect, restore } from "./markdown_source.js";

const OPEN_FENCE = /^(`{3,}|~{3,})([^\n]*)\n/;
const LONGEST_BLOCK = 60_000; // characters; what is longer is shown as plain text
const LONG_LIST = 6_000; // characters after which the first items of a list are closed
const OPEN_ITEMS = 3;

export class GrowingMarkdown {
  /** Paints into `element`, which belongs to this object alone. */
  constructor(element) {
    this.element = element;
    this.reset();
  }

  reset() {
    this.element.replaceChildren();
    this.pieces = [];
    this.held = "";
    this.tail = "";
    this.closed = [];
    this.open = [];
    this.list = null;
    this.fence = null;
    this.plain = null;
    this.overflowed = false;
  }

  get text() {
    return this.pieces.join("");
  }

  write(text) {
    const whole = this.held + text;
    const cut = /[\uD800-\uDBFF\r]$/.test(whole) ? whole.length - 1 : whole.length;
    this.held = whole.slice(cut);
    const piece = normalise(whole.slice(0, cut));
    if (!piece) return;
    this.pieces.push(piece);
    this.tail += piece;
    this.advance();
  }

  /** Ends the text. Returns nothing; what is shown is final. */
  finish() {
    this.pieces.push(normalise(this.held));
    this.tail += normalise(this.held);
    this.held = "";
    if (this.overflowed) return this.finishPlain();
    const { text, math } = protect(expandTabs(this.text), false);
    const next = this.made(text, { math });
    this.closed = patchChildren(this.element, [...this.closed, ...this.open], next);
    this.open = [];
    this.tail = "";
  }

  finishPlain() {
    if (this.plain) appendText(this.plain, this.tail);
    this.tail = "";
  }

  advance() {
    let before;
    do {
      before = this.tail.length;
      if (this.plain) this.growPlain();
      else if (this.fence) this.growFence();
      else this.growBlocks();
    } while (this.tail.length && this.tail.length < before);
  }

  growBlocks() {
    if (this.tail.length > LONGEST_BLOCK && !this.tail.includes("\n\n")) return this.startPlain();
    this.tail = expandTabs(this.tail);
    const shown = protect(withoutUndecidedEnd(this.tail), true);
    const tokens = this.tokens(shown.text).filter(({ type }) => type !== "space");
    if (!tokens.length) return;
    const starts = offsets(shown.text, tokens);
    const context = { math: shown.math };
    if (tokens.length > 1) this.close(tokens.slice(0, -1), context);
    const last = tokens.at(-1);
    this.tail = this.tail.slice(restore(shown.text.slice(0, starts.at(-1)), shown.math).length);
    if (this.startFence(last)) return;
    this.paintOpen(last, shown);
    if (last.type === "list") this.closeItems(last);
    if (this.tail.length > LONGEST_BLOCK) this.startPlain();
  }

  close(tokens, context) {
    const first = this.list && tokens[0].type === "list" ? [this.listOf(tokens[0], context)] : [];
    const rest = blocks(tokens.slice(first.length), context);
    this.show([...first, ...rest]);
    this.closed.push(...this.open);
    this.open = [];
    this.list = null;
  }

  /** Paints the open block, with what is unfinished at its end closed for the eye. */
  paintOpen(token, shown) {
    const source = shown.open || token.type === "code" ? token.raw : heal(token.raw);
    const healed = source === token.raw ? [token] : this.tokens(source);
    const context = { math: shown.math };
    const [first, ...rest] = healed.filter(({ type }) => type !== "space");
    if (!first) return;
    const head = this.list && first.type === "list" ? this.listOf(first, context) : null;
    this.show(head ? [head, ...blocks(rest, context)] : blocks([first, ...rest], context));
  }

  show(next) {
    const continues = this.list && next[0] === this.list.node;
    if (this.list && !continues) {
      this.closed.push(...this.open);
      this.open = [];
      this.list = null;
    }
    this.open = patchChildren(this.element, this.open, next);
  }

  /** The open list whose first items are closed already, with the items of `token` behind them. */
  listOf(token, context) {
    const { node, count, loose } = this.list;
    const [fresh] = blocks([token], { ...context, loose });
    const items = patchChildren(node.node, node.kids.slice(count), fresh.kids);
    node.kids = [...node.kids.slice(0, count), ...items];
    return node;
  }

  closeItems(token) {
    const extra = token.items.length - OPEN_ITEMS;
    if (this.tail.length < LONG_LIST || extra < 1) return;
    const shown = protect(this.tail, true);
    const cut = offsets(shown.text, token.items)[extra];
    this.tail = this.tail.slice(restore(shown.text.slice(0, cut), shown.math).length);
    const node = this.open[0];
    const loose = token.loose || Boolean(this.list?.loose);
    this.list = { node, count: (this.list?.count ?? 0) + extra, loose };
  }

  startFence(token) {
    const opening = token.type === "code" ? OPEN_FENCE.exec(token.raw) : null;
    if (!opening) return false;
    const block = codeBlock(opening[2].trim(), "");
    this.show([block]);
    const code = this.open[0].kids[1].kids[0];
    const text = code.kids[0];
    updateText(text, "");
    const closing = new RegExp(`^ {0,3}\\${opening[1][0]}{${opening[1].length},}[ \\t]*$`);
    const holds = isMarkdown(opening[2].trim());
    this.fence = { text, closing, marks: opening[1], lineStart: true, holds, levels: 0 };
    this.tail = this.tail.slice(opening[0].length);
    return true;
  }

  growFence() {
    const { fence } = this;
    const ready = [];
    let at = 0;
    while (at < this.tail.length) {
      const end = this.tail.indexOf("\n", at);
      const line = this.tail.slice(at, end === -1 ? undefined : end);
      if (end === -1 && fence.lineStart && mayClose(line, fence)) break;
      if (end !== -1 && fence.lineStart && this.ends(line)) {
        return this.endFence(ready.join(""), this.tail.slice(end + 1));
      }
      ready.push(end === -1 ? line : `${line}\n`);
      fence.lineStart = end !== -1;
      at += line.length + (end === -1 ? 0 : 1);
    }
    if (ready.length) appendText(fence.text, ready.join(""));
    this.tail = this.tail.slice(at);
  }

  /** Whether a line ends the open fence, and not a fence inside Markdown. */
  ends(line) {
    const { fence } = this;
    const inner = fence.holds ? fenceOpening(line) : null;
    if (inner?.marks === fence.marks && inner.language) fence.levels += 1;
    if (!fence.closing.test(line)) return false;
    if (!fence.levels) return true;
    fence.levels -= 1;
    return false;
  }

  endFence(code, rest) {
    const { text } = this.fence;
    updateText(text, `${(text.text + code).replace(/\n$/, "")}\n`);
    this.closed.push(...this.open);
    this.open = [];
    this.fence = null;
    this.tail = rest;
  }

  startPlain() {
    this.overflowed = true;
    const paragraph = h("p", null, [textNode("")]);
    this.list = null;
    this.show([paragraph]);
    this.plain = this.open[0].kids[0];
    if (this.plain?.tag !== "#text") this.plain = this.plainAnew();
    updateText(this.plain, "");
    this.growPlain();
  }

  plainAnew() {
    const [paragraph] = patchChildren(this.element, [], [h("p", null, [textNode("")])]);
    for (const { node } of this.open) node.remove();
    this.open = [paragraph];
    return paragraph.kids[0];
  }

  growPlain() {
    const end = this.tail.indexOf("\n\n");
    appendText(this.plain, end === -1 ? this.tail : this.tail.slice(0, end));
    this.tail = end === -1 ? "" : this.tail.slice(end + 2);
    if (end === -1) return;
    this.closed.push(...this.open);
    this.open = [];
    this.plain = null;
  }

  made(text, context) {
    try {
      return blocks(parse(text), context);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return [h("p", null, [restore(text, context.math)])];
    }
  }

  /** Block tokens; text nested too deep for the parser is one paragraph of text. */
  tokens(text) {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return [{ type: "paragraph", raw: text, tokens: [{ type: "text", raw: text }] }];
    }
  }
}

/** A line that has not come whole: it may end the fence, or open one inside Markdown. */
function mayClose(line, { marks, holds }) {
  const rest = line.replace(/^ {0,3}/, "");
  if (holds && /^[ \t>]*[`~\d*+-]/.test(line)) return true;
  return [...rest.trimEnd()].every((letter) => letter === marks[0]);
}

/** Where each token starts in the text it was read from; the parser trims some at their ends. */
function offsets(text, tokens) {
  let at = 0;
  return tokens.map(({ raw }) => {
    const start = Math.max(at, text.indexOf(raw, at));
    at = start + raw.length;
    return start;
  });
}
