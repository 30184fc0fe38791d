// The message box: Enter waits while an answer runs, Escape stops it, drafts survive a reload.

const DRAFT = 'divan-draft';

export function createComposer({ isAnswering }) {
  const box = () => document.querySelector('#prompt textarea');
  const key = (chat) => `${DRAFT}:${chat ?? 'new'}`;
  let chat = null;

  document.addEventListener('keydown', (event) => {
    if (event.target !== box()) return;
    if (event.key === 'Enter' && !event.shiftKey && (event.isComposing || isAnswering())) {
      event.stopPropagation();
      if (!event.isComposing) event.preventDefault();
    } else if (event.key === 'Escape' && isAnswering()) {
      document.getElementById('stop').click();
    }
  }, true);

  document.addEventListener('input', (event) => {
    if (event.target !== box()) return;
    sessionStorage.setItem(key(chat), event.target.value);
  }, true);

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
    focus: () => box()?.focus({ preventScroll: true }),
  };
}
