// The message box: Enter sends, while an answer runs into the queue; Escape stops it or gives up an
// edit; drafts survive a reload. What was sent stays in the box until it is asked.

import { isComposing } from './input_method.js';

const DRAFT = 'divan-draft';

/**
 * @param {object} page - isAnswering(), editing(line): what is being edited, ask({text, edits},
 *   chat) and wait({text, edits}, chat) while an answer runs: both resolve to whether it was taken
 */
export function createComposer({ isAnswering, editing, ask, wait }) {
  const box = () => document.querySelector('#prompt textarea');
  const key = (chat) => `${DRAFT}:${chat ?? 'new'}`;
  let chat = null; // the one the box belongs to: the shown one, or the one the page is on its way to
  let edited = null; // a question, or {save}: meanwhile the draft of the chat waits beside the box
  let turns = 0;
  let sending = false;
  let marks = []; // ends of further questions: where Enter was pressed while one was on its way

  document.addEventListener('keydown', (event) => {
    if (event.target !== box()) return;
    if (isComposing(event)) {
      event.stopPropagation();
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.stopPropagation();
      event.preventDefault();
      send(event.target.value);
    } else if (event.key === 'Escape' && edited) {
      event.preventDefault(); // it closes nothing beside
      leaveEdit();
      fill(draft(chat));
    } else if (event.key === 'Escape' && isAnswering()) {
      event.preventDefault();
      document.getElementById('stop').click();
    }
  }, true);

  document.getElementById('send').addEventListener('click', () => send(box().value));

  document.addEventListener('input', (event) => {
    if (event.target === box() && !edited) keep(chat, event.target.value);
  }, true);

  const draft = (of) => sessionStorage.getItem(key(of)) ?? '';

  function keep(of, text) {
    if (text) sessionStorage.setItem(key(of), text);
    else sessionStorage.removeItem(key(of));
  }

  /** Ask once: a second Enter while one is on its way asks what was written since, when that one
   * has been asked. */
  async function send(text) {
    if (sending) {
      marks.push(box().value.length);
      return;
    }
    sending = true;
    marks = [];
    try {
      for (let next = text; next !== null;) next = await submitted(next);
    } finally {
      sending = false;
    }
  }

  /** Submits a question; the one after it, or null. */
  async function submitted(text) {
    const from = { chat, edits: edited, turns };
    if (!(await submit(text, from))) return null;
    asked(text, from);
    marks = marks.map((mark) => mark - text.length).filter((mark) => mark > 0);
    const next = from.turns === turns && marks.length ? box().value.slice(0, marks.shift()) : '';
    return next.trim() ? next : null;
  }

  function submit(text, { chat: to, edits }) {
    if (edits?.save) return edits.save(text);
    return (isAnswering() ? wait : ask)({ text, edits }, to);
  }

  /** The question is on the page: what was written after it stays. */
  function asked(text, from) {
    const isHere = from.turns === turns || from.chat === chat;
    const isEdit = Boolean(edited && edited === from.edits);
    const written = isHere ? box().value : draft(from.chat);
    if (isEdit) leaveEdit();
    if (!written.startsWith(text)) return;
    const rest = written.slice(text.length);
    if (isHere) fill(isEdit ? draft(chat) + rest : rest);
    else keep(from.chat, rest);
  }

  function leaveEdit() {
    edited = null;
    editing('');
  }

  function fill(text) {
    const area = box();
    area.value = text;
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }

  return {
    send,
    /** The page sets out for a chat: what was being written there, ready to go on with. */
    turn(next) {
      if (next === chat) return;
      if (edited) leaveEdit();
      turns += 1;
      chat = next;
      fill(draft(chat));
    },
    /** The page has come to another chat than it set out for, or the new chat has got its file: what
     * is written goes along. */
    arrive(next) {
      if (next === chat) return;
      const text = box().value;
      keep(chat, '');
      chat = next;
      if (text) keep(chat, text);
      else fill(draft(chat));
    },
    /** The page was opened: a draft that a reload left behind, and what was typed meanwhile. */
    start(first, typed) {
      chat = first;
      const text = (box().value || draft(chat)) + typed;
      if (text !== box().value) fill(text);
    },
    /** Write another text for a question that waits; `save(text)` resolves to whether it was taken. */
    rewrite(text, save) {
      edited = { save };
      editing('waiting.editing');
      fill(text);
      box().focus();
    },
    /** Write a new version of a question; Send asks it, Escape leaves everything as it was. */
    edit(question, text) {
      edited = question;
      editing('page.editing');
      fill(text);
      box().focus();
    },
  };
}
