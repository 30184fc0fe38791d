// The message box of the comparison: what a question will cost is told beside Send, drafts survive
// a reload, and while lanes are answered Send becomes a Stop for all of them.

import { make } from './elements.js';
import { isComposing } from './input_method.js';
import { laneIcon } from './lanes_icons.js';

const DRAFT = 'divan-compare-draft';
const PAUSE_MS = 350;

/** @param {object} parts - text, estimate(text) asks for one, stopAll(), isRunning(), editing(line):
 *   what is being edited, and wait(text) while lanes are answered, which resolves to whether it was
 *   taken */
export function createCompareComposer({ text, estimate, stopAll, isRunning, editing, wait }) {
  const row = document.getElementById('compare-composer');
  const box = () => document.querySelector('#compare-prompt textarea');
  const key = (chat) => `${DRAFT}:${chat ?? 'new'}`;
  const told = make('output', { id: 'compare-estimate', hidden: true });
  const stop = make('button', { type: 'button', id: 'compare-stop', onclick: stopAll },
    laneIcon('stop', 14), make('span', {}, text('compare.stop_all')));
  let chat;
  let coming = false; // the page is on its way to this chat: its lanes are not there yet,
  let wanted = false; // and its first question is
  let timer = 0;
  let waiting = false; // a question is on its way into the queue
  let edited = null; // {save} of a question that waits: meanwhile the draft waits beside the box

  row.insertBefore(told, document.getElementById('compare-send'));
  row.append(stop);

  const ask = () => estimate(box().value);

  document.addEventListener('keydown', (event) => {
    if (event.target !== box()) return;
    if (isComposing(event)) {
      event.stopPropagation();
    } else if (event.key === 'Enter' && !event.shiftKey && coming) {
      hold(event);
    } else if (event.key === 'Enter' && !event.shiftKey && (edited || isRunning())) {
      putOff(event);
    } else if (event.key === 'Escape' && edited) {
      leaveEdit();
    } else if (event.key === 'Escape' && isRunning()) {
      stopAll();
    }
  }, true);

  document.addEventListener('click', (event) => {
    if (!event.target.closest?.('#compare-send')) return;
    if (coming) hold(event);
    else if (edited || isRunning()) putOff(event);
  }, true);

  /** Asked of each lane when it is free; what is written meanwhile stays. */
  async function putOff(event) {
    event.stopPropagation();
    event.preventDefault();
    const value = box().value;
    if (waiting || !value.trim()) return;
    waiting = true;
    const mine = edited;
    const taken = await (mine ? mine.save(value) : wait(value)).finally(() => { waiting = false; });
    if (taken && mine) leaveEdit();
    else if (taken && box().value.startsWith(value)) fill(box().value.slice(value.length));
  }

  function leaveEdit() {
    if (!edited) return;
    edited = null;
    editing('');
    fill(sessionStorage.getItem(key(chat)) ?? '');
  }

  /** Asked where the page is going to, not where it has just been. */
  function hold(event) {
    event.stopPropagation();
    event.preventDefault();
    wanted = true;
  }

  document.addEventListener('input', (event) => {
    if (event.target !== box()) return;
    if (!edited) sessionStorage.setItem(key(chat), event.target.value);
    later();
  }, true);

  function later() {
    clearTimeout(timer);
    timer = setTimeout(ask, box().value.trim() ? PAUSE_MS : 0);
  }

  function fill(value) {
    const area = box();
    area.value = value;
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }

  return {
    /** The page is on its way to a chat: what is written from now on belongs there. */
    setOut(next) {
      this.turn(next, false);
      coming = true;
    },
    /** The way there came to nothing; the page shows `still`. */
    stay(still) {
      coming = wanted = false;
      this.turn(still, false);
    },
    /** The page shows a chat: its draft; `asked` where a question has just been accepted. */
    turn(next, asked) {
      if (coming && next !== chat) return;
      if (next !== chat) leaveEdit();
      const send = wanted && !asked;
      coming = wanted = false;
      if (asked) {
        sessionStorage.removeItem(key(chat));
        sessionStorage.removeItem(key(next));
      } else if (next !== chat) {
        const draft = sessionStorage.getItem(key(next)) ?? '';
        const typed = chat === undefined && !draft; // before the first sheet came
        chat = next;
        if (!typed && draft !== box().value) fill(draft);
      }
      chat = next;
      if (send) document.getElementById('compare-send').click();
    },
    /** What was estimated; an empty one, or one that comes when the question has been sent, is taken
     * away. Returns whether it is shown. */
    told(found) {
      const empty = !found?.total || !box().value.trim();
      told.hidden = empty;
      if (empty) return false;
      const kind = found.partly ? 'estimate_partly' : Object.keys(found.lanes).length ? 'estimate_total' : 'estimate_most';
      told.textContent = text(`compare.${kind}`, { total: found.total });
      return true;
    },
    /** Write another text for a question that waits; `save(text)` resolves to whether it was taken. */
    rewrite(value, save) {
      edited = { save };
      editing('waiting.editing');
      fill(value);
      box().focus();
    },
    /** Ask anew for the same text: other models, or another context. */
    again: later,
    focus: () => box()?.focus({ preventScroll: true }),
  };
}
