// The branches of the shown chat: a list, a picture of the tree, and pruning.

/** @param {object} page - text(key, params), view() of the page, open(chat) and failed(error) */
export function createBranches() {
  return {
    /** The page shows a chat, or a change of it. */
    show() {},
    /** Ask for a name and begin a branch at a message. */
    begin() {},
  };
}
