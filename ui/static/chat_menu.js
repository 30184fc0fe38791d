/* The small menu of one chat. */

import { chatIcon } from "./chat_icons.js";

const EDGE = 8; // CSS pixels kept free at the borders of the window
let closeOpen = null;

/**
 * Opens a menu beside `anchor`. `items` are {name, label, danger, run} or null for a line between.
 * The first item has the focus; it returns to `anchor` unless an item took it elsewhere.
 */
export function openMenu(anchor, label, items) {
  closeMenu();
  const menu = document.createElement("div");
  menu.className = "divan-menu";
  menu.setAttribute("role", "menu");
  menu.setAttribute("aria-label", label);
  menu.append(...items.map((item) => (item ? menuItem(item) : line())));
  document.body.append(menu);
  position(menu, anchor.getBoundingClientRect());
  anchor.setAttribute("aria-expanded", "true");
  const leave = new AbortController();
  closeOpen = (back) => {
    closeOpen = null;
    leave.abort();
    menu.remove();
    anchor.setAttribute("aria-expanded", "false");
    if (back) anchor.focus();
  };
  menu.addEventListener("keydown", onKey);
  menu.addEventListener("contextmenu", (event) => event.preventDefault());
  const outside = (event) => !menu.contains(event.target) && closeMenu();
  const options = { capture: true, signal: leave.signal };
  document.addEventListener("pointerdown", outside, options);
  const moved = (event) => event.target.contains(anchor) && closeMenu();
  document.addEventListener("scroll", moved, options);
  window.addEventListener("resize", () => closeMenu(), options);
  menu.firstChild.focus();
}

export function closeMenu(back = false) {
  closeOpen?.(back);
}

function menuItem({ name, label, danger, run }) {
  const button = document.createElement("button");
  button.type = "button";
  button.tabIndex = -1;
  button.dataset.action = name;
  button.setAttribute("role", "menuitem");
  if (danger) button.classList.add("danger");
  const text = document.createElement("span");
  text.textContent = label;
  button.append(chatIcon(name), text);
  button.addEventListener("click", () => {
    closeMenu(true);
    run();
  });
  return button;
}

function line() {
  const rule = document.createElement("div");
  rule.setAttribute("role", "separator");
  return rule;
}

function position(menu, anchor) {
  const { width, height } = menu.getBoundingClientRect();
  const below = anchor.bottom + 4;
  const top = below + height > innerHeight - EDGE ? anchor.top - height - 4 : below;
  const beside = anchor.right - width < EDGE ? anchor.left : anchor.right - width;
  const left = Math.min(beside, innerWidth - width - EDGE);
  menu.style.top = `${Math.max(EDGE, top)}px`;
  menu.style.left = `${Math.max(EDGE, left)}px`;
}

function onKey(event) {
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to !== undefined) buttons.at(to % buttons.length).focus();
  else if (event.key === "Escape" || event.key === "Tab") closeMenu(true);
  else return;
  event.preventDefault();
  event.stopPropagation();
}
