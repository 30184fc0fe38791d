// Where `/ws` is refused, Gradio streams the running answer by itself: `follow` draws it in Python.
// Two events take turns, for Gradio could end the very stream that begins while it ends another.

const ENDS = { follow: 'leave', refollow: 'leave_again' };

/** @param {object} bridge - trigger(name, data) */
export function createStreams(bridge) {
  let last = 'refollow';
  let running = null; // the event that streams

  function stop() {
    if (running) bridge.trigger(ENDS[running], {});
    running = null;
  }

  return {
    stop,
    /** Follow the answer that runs in the shown view; nothing to do while that is done already. */
    show({ turn, painted }) {
      if (!turn || painted) {
        running = null; // it ends by itself
      } else if (!running) {
        last = running = last === 'follow' ? 'refollow' : 'follow';
        bridge.trigger(running, {});
      }
    },
  };
}
