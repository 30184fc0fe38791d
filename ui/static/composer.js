// The message box: Enter waits while an answer runs, Escape stops it or gives up an edit, drafts
// survive a reload.

const DRAFT = 'divan-draft';

/** @param {object} page - isAnswering(), and editing(on): a question is being edited */
export function createComposer({ isAnswering, editing }) {
  const box = () => document.querySelector('#prompt textarea');
  const key = (chat) => `${DRAFT}:${chat ?? 'new'}`;
  let chat = null;
  let edited = null;

  document.addEventListener('keydown', (event) => {
    if (event.target !== box()) return;
    if (event.key === 'Enter' && !event.shiftKey && (event.isComposing || isAnswering())) {
      event.stopPropagation();
      if (!event.isComposing) event.preventDefault();
    } else if (event.key === 'Escape' && isAnswering()) {
      document.getElementById('stop').click();
    } else if (event.key === 'Escape' && edited) {
      leaveEdit();
      fill('');
    }
  }, true);

  document.addEventListener('input', (event) => {
    if (event.target !== box()) return;
    sessionStorage.setItem(key(chat), event.target.value);
  }, true);

  function leaveEdit() {
    edited = null;
    editing(false);
  }

  function fill(text) {
    const area = box();
    area.value = text;
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }

  return {
    /** The page turned to a chat: bring back what was being written there. */
    turn(next, asked) {
      if (asked) sessionStorage.removeItem(key(chat));
      if (next === chat && !asked) return;
      const moved = next !== chat;
      if (edited) leaveEdit();
      chat = next;
      if (asked) sessionStorage.removeItem(key(chat));
      else if (moved) fill(sessionStorage.getItem(key(chat)) ?? '');
    },
    /** The page was opened: a draft that a reload left behind. */
    start(first) {
      chat = first;
      const draft = sessionStorage.getItem(key(chat));
      if (draft && !box().value) fill(draft);
    },
    /** Write a new version of a question; Send asks it, Escape leaves everything as it was. */
    edit(question, text) {
      edited = question;
      editing(true);
      fill(text);
      box().focus();
    },
    edits: () => edited,
    focus: () => box()?.focus({ preventScroll: true }),
  };
}
