/* One row of the chat list, made once and filled anew as the list scrolls. */

import { chatIcon } from "./chat_icons.js";
import { isComposing } from "./input_method.js";

const HIT = /\uE000([^\uE001]*)\uE001/g;

function make(tag, className, ...kids) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...kids);
  return element;
}

function makeButton(className, ...kids) {
  const button = make("button", className, ...kids);
  button.type = "button";
  return button;
}

/** An empty row. Its parts are its properties: title, meta, snippet, open and more (buttons). */
export function createRow(labels) {
  const parts = {
    title: make("span", "divan-chat-title"),
    mark: make("span", "divan-chat-mark"),
    meta: make("span", "divan-chat-meta"),
    snippet: make("span", "divan-chat-snippet"),
    more: makeButton("divan-chat-more", chatIcon("more")),
  };
  parts.title.dir = "auto";
  parts.snippet.dir = "auto";
  const first = make("span", "divan-chat-line", parts.mark, parts.title, parts.meta);
  parts.open = makeButton("divan-chat-open", first, parts.snippet);
  parts.more.setAttribute("aria-haspopup", "menu");
  parts.more.setAttribute("aria-expanded", "false");
  parts.more.tabIndex = -1;
  parts.more.title = labels.menu ?? "";
  parts.element = make("div", "divan-chat", parts.open, parts.more);
  parts.element.setAttribute("role", "listitem");
  return parts;
}

/** Shows `chat` in a row, or that it is still coming where `chat` is undefined. */
export function fillRow(row, chat, { labels, when, active, running, current }) {
  row.element.classList.toggle("loading", !chat);
  row.element.classList.toggle("active", active);
  row.element.classList.toggle("running", running);
  row.open.tabIndex = current ? 0 : -1;
  row.more.tabIndex = current ? 0 : -1;
  if (active) row.open.setAttribute("aria-current", "page");
  else row.open.removeAttribute("aria-current");
  if (chat) fill(row, chat, labels, when, running);
  else empty(row);
}

function empty(row) {
  delete row.element.dataset.chatId;
  row.open.setAttribute("aria-busy", "true");
  for (const part of [row.title, row.mark, row.meta, row.snippet]) part.replaceChildren();
}

function fill(row, chat, labels, when, running) {
  const title = chat.title || labels.untitled || "";
  row.element.dataset.chatId = chat.id;
  row.open.removeAttribute("aria-busy");
  setText(row.title, title);
  row.open.title = [title, chat.model].filter(Boolean).join("\n");
  row.more.setAttribute("aria-label", `${labels.menu ?? ""}: ${title}`);
  showMark(row.mark, running ? "running" : chat.pinned ? "pin" : "", labels);
  setText(row.meta, when(chat));
  showSnippet(row.snippet, chat.snippet ?? "");
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function showMark(mark, kind, labels) {
  if (mark.dataset.kind === kind) return;
  mark.dataset.kind = kind;
  mark.replaceChildren(...(kind === "pin" ? [chatIcon("pin", 13)] : []));
  const label = { running: labels.running, pin: labels.pinned }[kind];
  if (label) mark.append(make("span", "divan-unseen", label));
}

function showSnippet(element, snippet) {
  const pieces = [];
  let at = 0;
  for (const match of snippet.matchAll(HIT)) {
    pieces.push(snippet.slice(at, match.index), make("mark", "", match[1]));
    at = match.index + match[0].length;
  }
  pieces.push(snippet.slice(at));
  element.replaceChildren(...pieces.filter(Boolean).map(withoutMarks));
}

function withoutMarks(piece) {
  return typeof piece === "string" ? piece.replace(/[\uE000\uE001]/g, "") : piece;
}

/**
 * Puts an input in the place of the row's title. `done(text)` is called once, with null when the
 * person left it as it was.
 */
export function editTitle(row, title, label, done) {
  const input = make("input", "divan-chat-rename");
  input.type = "text";
  input.value = title;
  input.maxLength = 200;
  input.setAttribute("aria-label", label ?? "");
  let open = true;
  const end = (value) => {
    if (!open) return;
    open = false;
    row.element.classList.remove("editing");
    const text = value?.trim();
    const focused = document.activeElement === input;
    input.remove();
    done(text && text !== title ? text : null, focused);
  };
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (isComposing(event) || !["Enter", "Escape"].includes(event.key)) return;
    event.preventDefault(); // the button that gets the focus back must not take this key, too
    end(event.key === "Enter" ? input.value : null);
  });
  input.addEventListener("blur", () => end(input.value));
  row.element.classList.add("editing");
  row.element.append(input);
  input.focus();
  input.select();
}
