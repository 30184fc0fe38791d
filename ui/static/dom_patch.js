/* A small tree of plain values, and the DOM kept in step with it by the fewest changes: what is
   equal stays the same node, growing text grows in place. */

import { renderMath } from "./math.js";

/** An element to be. `kids` are elements to be and strings; equal neighbours of text merge. */
export function h(tag, attributes, kids = []) {
  return { tag, attributes: attributes ?? {}, kids: mergeText(kids), node: null };
}

/** An equation to be; `tex` null means it has not closed yet and is shown as it was written. */
export function equation({ tex, display, raw }) {
  return { tag: "#math", tex, display, raw, node: null };
}

export function textNode(text) {
  return { tag: "#text", text, node: null };
}

function mergeText(kids) {
  const merged = [];
  for (const kid of kids.flat(Infinity)) {
    const last = merged.at(-1);
    if (typeof kid !== "string") merged.push(kid);
    else if (last?.tag === "#text" && last.node === null) last.text += kid;
    else if (kid) merged.push(textNode(kid));
  }
  return merged;
}

/** Turns the children `old` of `parent` into `next`; they are its last children. Returns what is
    there now. */
export function patchChildren(parent, old, next) {
  const now = next.map((wanted, index) => patchOne(parent, old[index], wanted));
  for (const gone of old.slice(next.length)) gone.node.remove();
  return now;
}

function patchOne(parent, old, wanted) {
  if (!old) {
    parent.append(create(wanted));
    return wanted;
  }
  if (old === wanted || update(old, wanted)) return old;
  old.node.replaceWith(create(wanted));
  return wanted;
}

function update(old, wanted) {
  if (old.tag !== wanted.tag) return false;
  if (old.tag === "#text") return updateText(old, wanted.text);
  if (old.tag === "#math") return sameMath(old, wanted);
  if (!sameAttributes(old.attributes, wanted.attributes)) return false;
  old.kids = patchChildren(old.node, old.kids, wanted.kids);
  return true;
}

/** Makes a text read `text`, by appending where it only grew. */
export function updateText(old, text) {
  if (old.text === text) return true;
  if (text.startsWith(old.text)) old.node.appendData(text.slice(old.text.length));
  else old.node.data = text;
  old.text = text;
  return true;
}

/** Appends to a text that is in the page. */
export function appendText(old, more) {
  old.node.appendData(more);
  old.text += more;
}

function sameMath(old, wanted) {
  if (old.tex === null && wanted.tex === null) {
    old.node.textContent = wanted.raw;
    old.raw = wanted.raw;
    return true;
  }
  return old.tex === wanted.tex && old.display === wanted.display;
}

function sameAttributes(one, other) {
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key])
  );
}

function create(wanted) {
  wanted.node = build(wanted);
  return wanted.node;
}

function build(wanted) {
  if (wanted.tag === "#text") return document.createTextNode(wanted.text);
  if (wanted.tag === "#math") return buildMath(wanted);
  const element = document.createElement(wanted.tag);
  for (const [name, value] of Object.entries(wanted.attributes)) element.setAttribute(name, value);
  if (wanted.attributes.class === "copy_code_button") element.append(...copyIcons());
  for (const kid of wanted.kids) element.append(create(kid));
  return element;
}

function buildMath({ tex, display, raw }) {
  const span = document.createElement("span");
  span.textContent = raw;
  if (tex === null) span.className = "divan-math-open";
  else renderMath(span, tex, display);
  return span;
}

const SVG = "http://www.w3.org/2000/svg";

/** An icon of one path, drawn with the colour of the text around it. */
export function icon(size, viewBox, paths, attributes = {}) {
  const svg = document.createElementNS(SVG, "svg");
  const all = { width: size, height: size, viewBox, "aria-hidden": "true", ...attributes };
  for (const [name, value] of Object.entries(all)) svg.setAttribute(name, value);
  for (const d of paths) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

/** The children of Gradio's own copy button, so that the settled code block looks the same. */
function copyIcons() {
  const copy = document.createElement("span");
  copy.className = "copy-text";
  copy.append(
    icon(
      15,
      "0 0 15 15",
      [
        "M12.728 4.545v8.182H4.545V4.545zm0 -0.909H4.545a0.909 0.909 0 0 0 -0.909 0.909v8.182a0.909 0.909 0 0 0 0.909 0.909h8.182a0.909 0.909 0 0 0 0.909 -0.909V4.545a0.909 0.909 0 0 0 -0.909 -0.909",
        "M1.818 8.182H0.909V1.818a0.909 0.909 0 0 1 0.909 -0.909h6.364v0.909H1.818Z",
      ],
      { fill: "currentColor" },
    ),
  );
  const check = document.createElement("span");
  check.className = "check";
  const stroke = { fill: "none", stroke: "currentColor", "stroke-width": "1.3" };
  check.append(icon(17, "0 0 17 17", ["m13.813 4.781 -7.438 7.438 -3.188 -3.188"], stroke));
  return [copy, check];
}
