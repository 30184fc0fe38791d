// How far a replay is, in words. Of a comparison answers are counted, in the lanes; of one model
// questions, in its branch.

/** @param {(key: string, params?: object) => string} text - the page's texts */
export function createReplayWords(text) {
  const told = (lanes, key, params) =>
    text(`replay.${key}${lanes.length > 1 ? '_lanes' : ''}`, params);
  return {
    begun: ({ branch, lanes }) => told(lanes, 'running', { branch, count: lanes.length }),
    progress: ({ lanes, done, total }) => told(lanes, 'progress', { done, total }),
    ended: ({ state, done, total, branch, lanes }) => told(lanes, state, { done, total, branch }),
    /** The same beside its name. */
    over: ({ state, done, total, lanes }) =>
      told(lanes, state === 'done' ? 'finished' : state, { done, total }),
    /** Whose answers it makes. */
    name: ({ branch, lanes }) =>
      (lanes.length > 1 ? lanes.map((lane) => lane.label).join(', ') : branch),
  };
}

/** What a replay failed at, as {message, hint}; null where it did not. */
export function problem({ error }) {
  if (!error) return null;
  return typeof error === 'string' ? { message: error } : error;
}
