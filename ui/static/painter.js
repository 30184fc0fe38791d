/* Paints one answer while it is being made: its waiting state, reasoning, tool calls and text. */

import { copyText } from "./clipboard.js";
import { icon } from "./dom_patch.js";
import { everyFrame } from "./frames.js";
import { GrowingMarkdown } from "./markdown.js";

export { followScroll } from "./scroll_follow.js";

const ANSWER_CLASS = "md chatbot prose";
const CHEVRON = ["M6 4l4 4-4 4"];
const TOOL = [
  "M9.7 2.2a3.6 3.6 0 0 0-3.4 4.9L2.2 11.2a1.2 1.2 0 0 0 0 1.7l.9.9a1.2 1.2 0 0 0 1.7 0l4.1-4.1a3.6 3.6 0 0 0 4.7-4.6l-2.3 2.3-2-.6-.5-1.9 2.2-2.3a3.6 3.6 0 0 0-1.3-.4z",
];

function make(tag, className, ...kids) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...kids);
  return element;
}

/**
 * Makes a painter inside `host`.
 *
 * `labels`: {reasoning, reasoning_running, tool, waiting, answering, done, copied}.
 * `answerClass`: classes of the element that holds the text; give those of the Chatbot's own
 * `span.md`, so that the same styles apply.
 *
 * `append(text)` and `reasoning(text)` take the next pieces, `tools(list)` the whole list of
 * {name, arguments} so far, `status` a {text, fraction} or null. `reset()` starts anew, `finish()`
 * paints what is left and ends the answer, `destroy()` removes it. All but the last two only
 * remember: the next frame paints.
 */
export function createPainter(host, { labels = {}, answerClass = ANSWER_CLASS } = {}) {
  const parts = buildParts(labels, answerClass);
  host.append(parts.element);
  const markdown = new GrowingMarkdown(parts.answer);
  const state = fresh();
  const frames = everyFrame(() => paint(parts, markdown, state, labels));
  const remember = (change) => {
    change();
    frames.ask();
  };
  announce(parts, labels.answering);
  return {
    element: parts.element,
    append: (text) => text && remember(() => state.text.push(text)),
    reasoning: (text) => text && remember(() => state.thoughts.push(text)),
    tools: (list) => remember(() => (state.tools = list)),
    status: (status) => remember(() => (state.status = status)),
    reset() {
      Object.assign(state, fresh());
      markdown.reset();
      parts.element.setAttribute("aria-busy", "true");
      clear(parts);
      frames.ask();
    },
    finish() {
      state.finished = true;
      frames.ask();
      frames.flush();
      frames.stop();
      markdown.finish();
      parts.element.setAttribute("aria-busy", "false");
      announce(parts, labels.done);
    },
    destroy() {
      frames.stop();
      parts.element.remove();
    },
  };
}

function fresh() {
  const flags = { started: false, thinking: false, finished: false };
  return { text: [], thoughts: [], tools: null, status: null, ...flags };
}

function buildParts(labels, answerClass) {
  const summary = make("summary", "", icon(14, "0 0 16 16", CHEVRON, STROKE));
  const title = make("span", "divan-reasoning-title", labels.reasoning ?? "");
  summary.append(title);
  const thoughts = document.createTextNode("");
  const reasoning = make("details", "divan-reasoning", summary, make("div", "divan-thoughts", thoughts));
  const tools = make("ul", "divan-tools");
  const answer = make("span", `${answerClass} divan-answer`);
  const announcer = make("span", "divan-announcer");
  announcer.setAttribute("aria-live", "polite");
  const waiting = buildWaiting(labels);
  reasoning.hidden = true;
  tools.hidden = true;
  const element = make("div", "divan-painter", reasoning, tools, answer, waiting.box, announcer);
  // The log around it is a live region, which would read out every token.
  element.setAttribute("aria-live", "off");
  element.setAttribute("aria-busy", "true");
  answer.addEventListener("click", (event) => copyCode(event, labels));
  return { element, reasoning, title, thoughts, tools, answer, announcer, waiting };
}

const STROKE = {
  fill: "none",
  stroke: "currentColor",
  "stroke-width": "1.5",
  "stroke-linecap": "round",
  "stroke-linejoin": "round",
};

function buildWaiting(labels) {
  const dots = make("span", "divan-dots", make("i"), make("i"), make("i"));
  dots.setAttribute("aria-hidden", "true");
  const text = make("span", "divan-status", labels.waiting ?? "");
  const bar = make("progress", "divan-progress");
  bar.max = 1;
  bar.hidden = true;
  return { box: make("div", "divan-waiting", make("div", "divan-waiting-line", dots, text), bar), text, bar };
}

function announce(parts, text) {
  parts.announcer.textContent = text ?? "";
}

function clear(parts) {
  parts.thoughts.data = "";
  parts.reasoning.hidden = true;
  parts.tools.hidden = true;
  parts.tools.replaceChildren();
}

function paint(parts, markdown, state, labels) {
  paintThoughts(parts, state, labels);
  if (state.tools) paintTools(parts, state.tools, labels);
  state.tools = null;
  if (state.text.length) {
    state.started = true;
    markdown.write(state.text.splice(0).join(""));
  }
  paintWaiting(parts.waiting, state, labels);
}

function paintThoughts(parts, state, labels) {
  if (state.thoughts.length) {
    parts.thoughts.appendData(state.thoughts.splice(0).join(""));
    parts.reasoning.hidden = false;
    state.thinking = true;
  }
  const running = !state.started && !state.text.length && !state.finished;
  parts.reasoning.classList.toggle("running", running);
  const title = running ? (labels.reasoning_running ?? labels.reasoning) : labels.reasoning;
  if (parts.title.textContent !== title) parts.title.textContent = title ?? "";
}

function paintTools(parts, list, labels) {
  parts.tools.hidden = !list.length;
  list.forEach((call, index) => {
    const card = parts.tools.children[index] ?? parts.tools.appendChild(toolCard(labels));
    setText(card.querySelector(".divan-tool-name"), call.name ?? "");
    setText(card.querySelector("pre"), pretty(call.arguments));
  });
  while (parts.tools.children.length > list.length) parts.tools.lastChild.remove();
}

function toolCard(labels) {
  const name = make("code", "divan-tool-name");
  const label = make("span", "divan-tool-label", labels.tool ?? "");
  const head = make("div", "divan-tool-head", icon(14, "0 0 16 16", TOOL, STROKE), label, name);
  return make("li", "divan-tool", head, make("pre"));
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function pretty(value) {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") return JSON.stringify(value, null, 2);
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}

function paintWaiting({ box, text, bar }, state, labels) {
  const thinking = state.thinking && !state.status; // shown by the reasoning itself
  box.hidden = state.started || state.finished || thinking;
  if (box.hidden) return;
  setText(text, state.status?.text ?? labels.waiting ?? "");
  const { fraction } = state.status ?? {};
  bar.hidden = typeof fraction !== "number";
  if (!bar.hidden) bar.value = Math.min(1, Math.max(0, fraction));
}

async function copyCode(event, labels) {
  const button = event.target.closest(".copy_code_button");
  if (!button) return;
  event.stopPropagation();
  if (!(await copyText(button.nextElementSibling.textContent))) return;
  const check = button.querySelector(".check");
  check.style.opacity = "1";
  button.title = labels.copied ?? button.title;
  setTimeout(() => check.style.removeProperty("opacity"), 2000);
}
