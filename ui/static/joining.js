// Answers that begin in the shown chat without this page having asked: it joins them.

/** How long the view of one's own question may take before another page must have asked it. */
const JOIN_MS = 400;

/** @param {object} page - view() of the page, and again(), which asks Python for it anew */
export function createJoining({ view, again }) {
  const seen = new Set(); // running turns that a view asked for later need not show: other lanes
  let running = [];
  let timer = 0;
  let due = null; // {turn, chat} that has begun, and whose view has not come

  const inChat = () => running.filter((one) => one.chat === view()?.chat).map((one) => one.turn);

  function look() {
    const isPast = due && due.chat !== view()?.chat;
    due = null;
    if (isPast) return;
    inChat().forEach((turn) => seen.add(turn));
    again();
  }

  return {
    /** The running turns of all chats, from /ws. Returns the one the page is about to show: a single
     * new one in a chat that does not compare models. */
    running(turns) {
      running = turns;
      clearTimeout(timer);
      const all = inChat();
      if (due && !all.length && due.chat === view()?.chat) { // it has been answered before its view came
        timer = setTimeout(look, JOIN_MS);
        return null;
      }
      if (all.includes(view()?.turn) || all.every((turn) => seen.has(turn))) return null;
      due = view().comparison ? null : { turn: all[0], chat: view().chat };
      timer = setTimeout(look, JOIN_MS);
      return all.length === 1 && !view().comparison ? all[0] : null;
    },
    /** A view has come. */
    show() {
      if (view().comparison) due = null; // its lanes follow their turns by themselves
      if (!inChat().includes(view().turn) && view().leaf !== due?.turn) return;
      clearTimeout(timer);
      due = null;
    },
  };
}
