/* Parsed Markdown -> elements to be, in the shape Gradio's Chatbot gives the settled message. */

import { equation, h } from "./dom_patch.js";
import { Lexer, Marked } from "./vendor/marked/marked.esm.js";
import { tokenizer } from "./markdown_inline.js";
import { MATH_START, MATH_TOKEN, restore } from "./markdown_source.js";
import { imageSource, safeLink } from "./safe_links.js";

const mathExtension = {
  name: "math",
  level: "inline",
  start: (source) => source.indexOf(MATH_START),
  tokenizer(source) {
    const match = MATH_TOKEN.exec(source);
    return match ? { type: "math", raw: match[0], number: Number(match[1]) } : undefined;
  },
};

const marked = new Marked({ gfm: true, breaks: true, extensions: [mathExtension], tokenizer });

/** Block tokens of protected text. */
export function parse(text) {
  return separated(new Lexer(marked.defaults).lex(text));
}

/** Lists as they are numbered: an item whose number does not count on begins a list of its own. */
function separated(tokens) {
  return tokens.flatMap((token) => {
    if (token.type === "blockquote") return { ...token, tokens: separated(token.tokens) };
    if (token.type !== "list") return token;
    const runs = token.ordered ? runsOf(token.items) : [token.items];
    if (runs.length > 1) return runs.flatMap((run) => parse(run.map(({ raw }) => raw).join("")));
    const items = token.items.map((item) => ({ ...item, tokens: separated(item.tokens) }));
    return { ...token, items };
  });
}

function runsOf(items) {
  const runs = [];
  let before = null;
  for (const item of items) {
    const number = Number(/\d+/.exec(item.raw)[0]);
    if (number === before + 1 && runs.length) runs.at(-1).push(item);
    else runs.push([item]);
    before = number;
  }
  return runs;
}

/** The elements of block tokens. `context` is {math} of the protected text they come from. */
export function blocks(tokens, context, top = true) {
  const made = [];
  for (const token of tokens) {
    if (token.type === "text") made.push(...looseText(token, context, top, made));
    else made.push(...(BLOCKS[token.type]?.(token, context) ?? []));
  }
  return made;
}

function looseText(token, context, top, made) {
  const kids = inlineOf(token, context);
  if (top) return [h("p", null, kids)];
  const after = made.length && typeof made.at(-1) === "string" ? ["\n"] : [];
  return [...after, ...kids];
}

const AUTO = { dir: "auto" }; // from the right where its first letter is written so

const BLOCKS = {
  heading: (token, context) => [h(`h${token.depth}`, null, inlineOf(token, context))],
  paragraph: (token, context) => [h("p", null, inlineOf(token, context))],
  blockquote: (token, context) => [h("blockquote", AUTO, blocks(token.tokens, context))],
  hr: () => [h("hr")],
  html: (token, context) => [h("p", null, textWithBreaks(restore(token.raw.trim(), context.math)))],
  code: (token, context) => [codeBlock(token.lang, restore(token.text, context.math))],
  list: (token, context) => [list(token, context)],
  table: (token, context) => [table(token, context)],
};

/** A code block; `language` is all that stands behind the fence. */
export function codeBlock(language, text) {
  const name = /^\S*/.exec(language ?? "")[0];
  const attributes = name && name !== "mermaid" ? { class: `language-${name}` } : null;
  const code = h("code", attributes, [`${text.replace(/\n$/, "")}\n`]);
  const copy = h("button", { class: "copy_code_button", type: "button", title: "copy" });
  return h("div", { class: "code_wrap" }, [copy, h("pre", null, [code])]);
}

function list(token, context) {
  const loose = token.loose || Boolean(context.loose);
  const inner = { ...context, loose: false };
  const start = token.ordered && token.start !== 1 ? { start: String(token.start) } : {};
  const items = token.items.map((item) => h("li", null, itemKids(item, loose, inner)));
  return h(token.ordered ? "ol" : "ul", { ...AUTO, ...start }, items);
}

function itemKids(item, loose, context) {
  const kids = blocks(item.tokens, context, loose);
  if (!item.task) return kids;
  const box = h("input", {
    ...(item.checked ? { checked: "" } : {}),
    disabled: "",
    type: "checkbox",
  });
  if (!loose || kids[0]?.tag !== "p") return [box, " ", ...kids];
  return [h("p", null, [box, " ", ...withStrings(kids[0].kids)]), ...kids.slice(1)];
}

function withStrings(kids) {
  return kids.map((kid) => (kid.tag === "#text" ? kid.text : kid));
}

function table(token, context) {
  const row = (cells, tag) =>
    h("tr", null, cells.map((cell, column) => tableCell(cell, tag, token.align[column], context)));
  const head = h("thead", null, [row(token.header, "th")]);
  const rows = token.rows.map((cells) => row(cells, "td"));
  return h("table", AUTO, rows.length ? [head, h("tbody", null, rows)] : [head]);
}

function tableCell(cell, tag, align, context) {
  return h(tag, align ? { align } : null, inlineOf(cell, context));
}

function inlineOf(token, context) {
  return inline(token.tokens ?? [{ type: "text", raw: token.raw }], context);
}

function inline(tokens, context) {
  return tokens.flatMap((token) => INLINE[token.type]?.(token, context) ?? []);
}

const INLINE = {
  text: (token, context) =>
    token.tokens ? inline(token.tokens, context) : restore(decodeEntities(token.raw), context.math),
  escape: (token) => token.raw.slice(1),
  strong: (token, context) => h("strong", null, inline(token.tokens, context)),
  em: (token, context) => h("em", null, inline(token.tokens, context)),
  del: (token, context) => h("del", null, inline(token.tokens, context)),
  br: () => h("br"),
  html: (token, context) => textWithBreaks(restore(token.raw, context.math)),
  codespan: (token, context) => h("code", null, [restore(unescape(token.text), context.math)]),
  math: (token, context) => (context.math[token.number] ? equation(context.math[token.number]) : []),
  link: (token, context) => link(token, context),
  image: (token, context) => image(token, context),
};

const OUTSIDE = { target: "_blank", rel: "noopener noreferrer" };

function link(token, context) {
  const kids = inline(token.tokens, context);
  const href = safeLink(restore(decodeEntities(token.href), context.math));
  if (!href) return kids;
  const title = token.title ? { title: restore(decodeEntities(token.title), context.math) } : {};
  return h("a", { ...OUTSIDE, href, ...title }, kids);
}

function image(token, context) {
  const alt = restore(decodeEntities(token.text), context.math);
  const address = restore(decodeEntities(token.href), context.math);
  const source = imageSource(address);
  if (source) return h("img", { src: source, alt });
  const href = safeLink(address);
  return href ? h("a", { ...OUTSIDE, href, class: "divan-image-link" }, [alt || href]) : alt;
}

function textWithBreaks(text) {
  const parts = text.split(/<br[ \t]*\/?>/i);
  return parts.flatMap((part, index) => (index ? [h("br"), part] : [part]));
}

const ESCAPED = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" };

function unescape(text) {
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ESCAPED[entity]);
}

const decoded = new Map();

/** Character references as the characters they name, each read by the browser's own parser. */
function decodeEntities(text) {
  return text.replace(/&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/gi, (entity) => {
    if (!decoded.has(entity)) decoded.set(entity, decodeOne(entity));
    return decoded.get(entity);
  });
}

function decodeOne(entity) {
  return new DOMParser().parseFromString(entity, "text/html").documentElement.textContent || entity;
}
