// The leaderboard tab: ratings from one's own blind votes.

/** @param {object} page - bridge (trigger) and text(key, params) */
export function createLeaderboard() {
  return {
    /** What Python has reckoned (ui/leaderboard_wiring.py). */
    show() {},
    /** The person looks at this tab now. */
    open() {},
  };
}
