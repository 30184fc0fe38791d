/* The chat list: thousands of chats in some forty rows of the page. */

import { headingsBetween, layOut, rowsBetween, rowTop } from "./chat_layout.js";
import { closeMenu, openMenu } from "./chat_menu.js";
import { createPages } from "./chat_pages.js";
import { createRow, editTitle, fillRow } from "./chat_row.js";
import { box, stateOf } from "./chat_states.js";
import { chatTime, groupTitle } from "./chat_times.js";

export { showToast } from "./toast.js";

const OVERSCAN = 4; // rows kept ready above and below what is seen
const SCROLL_PAUSE = 60; // ms without scrolling before rows are asked for

/**
 * Makes a chat list in `element`, which gives it its height.
 *
 * `fetchOutline() -> {total, groups: [{key, count}]}` and `fetchPage(offset, limit) -> [{id,
 * title, updated, pinned, model, read_only, snippet}]` are promises; they are asked again at
 * `refresh()` and `setQuery(text)`. `onOpen(id)`, and `onAction(action, id, value)` with rename
 * (value: the new title), pin, unpin, export-markdown, export-json and delete (value: the title);
 * after an action the caller refreshes; it may return a promise. `labels`: the texts of the section `list`, with `locale`.
 * `formatDate(chat)` may replace the time shown at a row.
 */
export function createChatList(element, options) {
  return new ChatList(element, options).handle();
}

class ChatList {
  constructor(element, { fetchOutline, fetchPage, onOpen, onAction, labels = {}, formatDate }) {
    Object.assign(this, { fetchOutline, onOpen, onAction, labels });
    this.when = formatDate ?? ((chat) => chatTime(chat.updated, labels));
    this.query = "";
    this.active = null;
    this.running = new Set();
    this.layout = layOut({ total: 0, groups: [] }, false);
    this.rows = new Map(); // index -> row
    this.spare = [];
    this.current = 0; // the row that Tab reaches
    this.editing = null;
    this.asked = 0;
    this.focusNext = null;
    this.deleting = new Set(); // ids on their way out
    this.deleted = new Set(); // ids that rows of before may still show
    this.answered = null; // the query that the rows belong to
    this.tellFirst = null; // who waits for the first row of the present query
    this.pages = createPages(
      (offset, limit) => fetchPage(offset, limit, this.query),
      () => this.paint(),
      () => this.showState("failed"),
    );
    this.build(element);
  }

  handle() {
    return {
      refresh: () => this.refresh(),
      setActive: (id) => this.setActive(id),
      setRunning: (ids) => this.setRunning(ids),
      setQuery: (text) => this.setQuery(text),
      first: () => this.first(),
      focusFirst: () => this.focusRow(0),
      focusSearch,
      destroy: () => this.destroy(),
    };
  }

  build(element) {
    this.headingLayer = box("divan-chats-headings");
    this.rowLayer = box("divan-chats-rows");
    this.rowLayer.setAttribute("role", "list");
    this.rowLayer.setAttribute("aria-label", this.labels.title ?? "");
    this.space = box("divan-chats-space", this.headingLayer, this.rowLayer);
    this.state = box("divan-chats-state");
    this.scroller = box("divan-chats-scroller", this.space);
    this.scroller.tabIndex = -1;
    this.root = box("divan-chats", this.scroller, this.state);
    this.scroller.addEventListener("scroll", () => this.onScroll(), { passive: true });
    this.rowLayer.addEventListener("click", (event) => this.onClick(event));
    this.rowLayer.addEventListener("contextmenu", (event) => this.onContextMenu(event));
    this.root.addEventListener("keydown", (event) => this.onKey(event));
    this.rowLayer.addEventListener("focusin", (event) => this.onFocus(event));
    this.sizes = new ResizeObserver(() => this.paint());
    this.sizes.observe(this.scroller);
    element.append(this.root);
    this.showState("loading");
    this.refresh();
  }

  destroy() {
    closeMenu();
    this.sizes.disconnect();
    this.root.remove();
  }

  // What is shown

  async refresh() {
    this.asked += 1;
    const asking = this.asked;
    const { query } = this;
    try {
      const outline = await this.fetchOutline(query);
      if (asking !== this.asked) return;
      this.pages.expire();
      this.answered = query;
      this.show(outline);
    } catch {
      if (asking === this.asked) this.showState("failed");
    }
  }

  show(outline) {
    this.layout = layOut(outline, this.query !== "");
    this.root.classList.toggle("searching", this.query !== "");
    this.space.style.height = `${this.layout.height}px`;
    this.current = Math.max(0, Math.min(this.current, this.layout.total - 1));
    this.showState(this.layout.total ? "" : this.query ? "no_hits" : "empty");
    this.paint();
    this.restoreFocus();
  }

  showState(name) {
    if (this.state.dataset.state === name) return;
    this.state.dataset.state = name;
    this.state.replaceChildren(...stateOf(name, this.labels, () => this.refresh()));
    this.state.setAttribute("role", name === "failed" ? "alert" : "status");
  }

  setQuery(text) {
    if (text === this.query) return;
    this.query = text;
    this.current = 0;
    this.pages.clear();
    this.scroller.scrollTop = 0;
    this.refresh();
  }

  setActive(id) {
    this.active = id;
    const at = id ? this.pages.find(id) : -1;
    if (at !== -1 && !this.root.contains(document.activeElement)) this.current = at;
    this.paint();
  }

  setRunning(ids) {
    this.running = new Set(ids);
    this.paint();
  }

  onScroll() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.paint(true);
    });
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.paint(), SCROLL_PAUSE);
  }

  /** Brings the rows in view up to date; while `scrolling`, without asking for more of them. */
  paint(scrolling = false) {
    const { scrollTop, clientHeight } = this.scroller;
    const margin = OVERSCAN * this.layout.rowHeight;
    const [from, to] = [scrollTop - margin, scrollTop + clientHeight + margin];
    const seen = rowsBetween(this.layout, from, to);
    this.dropRows(seen);
    for (let index = seen.first; index <= seen.last; index += 1) this.rowAt(index);
    this.orderRows();
    for (const [index, row] of this.rows) this.fill(index, row);
    this.paintHeadings(from, to);
    if (!scrolling && seen.last >= 0) this.pages.need(seen.first, seen.last);
    this.lookForFirst();
  }

  /** The first chat of the present query once it is known; null where there is none, or where it
   * is asked for again meanwhile. */
  first() {
    this.tellFirst?.(null);
    return new Promise((resolve) => {
      this.tellFirst = resolve;
      this.lookForFirst();
    });
  }

  lookForFirst() {
    if (!this.tellFirst || this.answered !== this.query) return;
    const chat = this.chatAt(0);
    if (this.layout.total && !chat) {
      this.pages.need(0, 0);
      return;
    }
    this.tellFirst(chat ?? null);
    this.tellFirst = null;
  }

  dropRows({ first, last }) {
    for (const [index, row] of this.rows) {
      const inView = index >= first && index <= last;
      const focused = index < this.layout.total && row.element.contains(document.activeElement);
      if (inView || focused || row === this.editing) continue;
      this.rows.delete(index);
      row.element.remove();
      this.spare.push(row);
    }
  }

  rowAt(index) {
    if (!this.rows.has(index)) this.rows.set(index, this.spare.pop() ?? createRow(this.labels));
    return this.rows.get(index);
  }

  /** Puts rows into the page in their order, without moving those that are there. */
  orderRows() {
    let next = this.rowLayer.firstChild;
    for (const index of [...this.rows.keys()].sort((one, other) => one - other)) {
      const { element } = this.rows.get(index);
      if (element === next) next = next.nextSibling;
      else this.rowLayer.insertBefore(element, next);
    }
  }

  fill(index, row) {
    const { element } = row;
    element.style.transform = `translateY(${rowTop(this.layout, Math.min(index, this.layout.total - 1))}px)`;
    element.setAttribute("aria-setsize", String(this.layout.total));
    element.setAttribute("aria-posinset", String(index + 1));
    row.index = index;
    if (row === this.editing) return;
    const chat = this.chatAt(index);
    fillRow(row, chat, {
      labels: this.labels,
      when: this.when,
      active: Boolean(chat) && chat.id === this.active,
      running: Boolean(chat) && this.running.has(chat.id),
      current: index === this.current,
    });
  }

  paintHeadings(from, to) {
    const shown = headingsBetween(this.layout, from, to).map(({ key, top }) => {
      const heading = box("divan-chats-heading");
      heading.setAttribute("role", "heading");
      heading.setAttribute("aria-level", "3");
      heading.dataset.group = key;
      heading.textContent = groupTitle(key, this.labels);
      heading.style.transform = `translateY(${top}px)`;
      return heading;
    });
    const same = (one, other) =>
      one.dataset.group === other?.dataset.group && one.style.transform === other.style.transform;
    const old = [...this.headingLayer.children];
    if (old.length === shown.length && shown.every((one, at) => same(one, old[at]))) return;
    this.headingLayer.replaceChildren(...shown);
  }

  /** The chat at row `index`; undefined while it is not known which one that is. */
  chatAt(index) {
    const chat = this.pages.row(index);
    return this.deleted.has(chat?.id) && !this.pages.isFresh(index) ? undefined : chat;
  }

  // What people do

  rowOf(target) {
    const element = target.closest?.(".divan-chat");
    return [...this.rows.values()].find((row) => row.element === element);
  }

  onClick(event) {
    const row = this.rowOf(event.target);
    const chat = row && this.chatAt(row.index);
    if (!chat || event.target.closest("input")) return;
    this.current = row.index;
    if (event.target.closest(".divan-chat-more")) this.menu(row, chat, row.more);
    else this.onOpen(chat.id);
  }

  onContextMenu(event) {
    const row = this.rowOf(event.target);
    const chat = row && this.chatAt(row.index);
    if (!chat || event.target.closest("input")) return;
    event.preventDefault();
    this.menu(row, chat, row.open);
  }

  onFocus(event) {
    const row = this.rowOf(event.target);
    if (!row || row.index === this.current) return;
    this.current = row.index;
    for (const [index, each] of this.rows) this.fill(index, each);
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input")) return;
    const step = Math.max(1, Math.floor(this.scroller.clientHeight / this.layout.rowHeight) - 1);
    const last = this.layout.total - 1;
    if (event.key === "ArrowUp" && this.current === 0) {
      event.preventDefault();
      focusSearch();
      return;
    }
    const to = {
      ArrowDown: this.current + 1,
      ArrowUp: this.current - 1,
      PageDown: this.current + step,
      PageUp: this.current - step,
      Home: 0,
      End: last,
    }[event.key];
    if (to !== undefined) this.focusRow(Math.max(0, Math.min(to, last)));
    else if (!this.onActionKey(event)) return;
    event.preventDefault();
  }

  onActionKey(event) {
    const row = this.rowOf(document.activeElement);
    const chat = row && this.chatAt(row.index);
    if (!chat) return false;
    const menuKey = event.key === "ContextMenu" || (event.shiftKey && event.key === "F10");
    if (menuKey) this.menu(row, chat, row.more);
    else if (event.key === "Delete") this.remove(row, chat);
    else if (event.key === "F2" && !chat.read_only) this.rename(row, chat);
    else if (event.key === "p" && !chat.read_only) this.pin(chat);
    else return false;
    return true;
  }

  /** Gives row `index` the focus, scrolling as little as needed. */
  focusRow(index) {
    if (!this.layout.total) return this.scroller.focus();
    this.current = index;
    const top = rowTop(this.layout, index);
    const bottom = top + this.layout.rowHeight;
    const { scrollTop, clientHeight } = this.scroller;
    const heading = index === 0 ? top : 0;
    if (top < scrollTop) this.scroller.scrollTop = top - heading;
    else if (bottom > scrollTop + clientHeight) this.scroller.scrollTop = bottom - clientHeight + 4;
    this.paint();
    return this.rows.get(index)?.open.focus({ preventScroll: true });
  }

  menu(row, chat, anchor) {
    const item = (name, run, label, danger) => ({ name, run, label: label ?? name, danger });
    const { labels } = this;
    const act = (name) => () => this.onAction(name, chat.id);
    const change = [
      item("rename", () => this.rename(row, chat), labels.rename),
      chat.pinned
        ? item("unpin", () => this.pin(chat), labels.unpin)
        : item("pin", () => this.pin(chat), labels.pin),
    ];
    openMenu(anchor, `${labels.menu ?? ""}: ${chat.title}`, [
      ...(chat.read_only ? [] : change),
      item("export-markdown", act("export-markdown"), labels.export_markdown),
      item("export-json", act("export-json"), labels.export_json),
      null,
      item("delete", () => this.remove(row, chat), labels.delete, true),
    ]);
  }

  pin(chat) {
    this.onAction(chat.pinned ? "unpin" : "pin", chat.id);
  }

  async remove(row, { id, title }) {
    if (this.deleting.has(id)) return;
    this.deleting.add(id);
    this.deleted.add(id);
    this.focusNext = row.index;
    try {
      await this.onAction("delete", id, title);
    } finally {
      this.deleting.delete(id);
    }
  }

  /** After a delete, the focus goes to what took the row's place, unless it went elsewhere. */
  restoreFocus() {
    const { activeElement } = document;
    const wanted = this.focusNext;
    if (wanted === null) return;
    const free = activeElement === document.body || this.root.contains(activeElement);
    this.focusNext = null;
    if (free) this.focusRow(Math.max(0, Math.min(wanted, this.layout.total - 1)));
  }

  rename(row, chat) {
    this.editing = row;
    editTitle(row, chat.title, this.labels.rename_field, (title, focused) => {
      this.editing = null;
      if (title) {
        chat.title = title;
        this.onAction("rename", chat.id, title);
      }
      this.paint();
      if (focused) this.focusRow(row.index);
    });
  }
}

const focusSearch = () => document.querySelector("#chat-search :is(input, textarea)")?.focus();
