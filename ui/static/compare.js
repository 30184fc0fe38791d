// The comparison tab: its lanes, and what can be done with each.

/**
 * @param {object} page - bridge (trigger), follower, text(key, params), labels (of the painter),
 *   view() of the page, open(chat) and tabs
 */
export function createCompare() {
  return {
    /** The comparison that Python describes (ui/compare_handlers.py). */
    show() {},
    /** The page turned to another chat, or looks at this tab now. */
    turn() {},
    /** The running turns of all chats, from /ws. */
    running() {},
  };
}
