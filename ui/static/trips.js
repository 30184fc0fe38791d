// The page's trips to Python for a view, one at a time: a view never comes over one that was asked
// for later, and a question is asked where the page has come to, not where it has just been.

/** The events that answer with a view, or with why there is none (ui/wiring.py). */
const VIEWS = [
  'open', 'settle', 'earlier', 'send', 'retry', 'continue', 'choose', 'summary', 'branch', 'path',
];

/**
 * @param {object} bridge - trigger(name, data), as Gradio gives it
 * @param {object} on - departs(): one begins; warn({warning, setting}): why it was refused, where nobody else asks
 */
export function createTrips(bridge, { departs, warn }) {
  let count = 0;
  let current = null; // {number, name, data, still, asks, resolve, reject}
  const waiting = [];
  const idle = [];

  /** A view that is asked for later shows what an earlier one would have. */
  function enqueue(trip) {
    const covered = { open: ['open', 'settle'], settle: ['settle'] }[trip.name] ?? [];
    while (covered.includes(waiting.at(-1)?.name)) waiting.pop().resolve(null);
    waiting.push(trip);
    depart();
  }

  function depart() {
    if (current) return;
    const next = waiting.shift();
    if (!next) {
      idle.splice(0).forEach((resolve) => resolve());
    } else if (!next.still()) {
      next.resolve(null);
      depart();
    } else {
      count += 1;
      current = { ...next, number: count, departed: performance.now() };
      departs();
      bridge.trigger(next.name, { ...next.data, trip: count });
    }
  }

  function end() {
    const trip = current;
    current = null;
    setTimeout(depart); // once Gradio has set what came with the view
    return trip;
  }

  const start = (name, data, more) => new Promise((resolve, reject) => {
    enqueue({ name, data, resolve, reject, still: () => true, asks: false, ...more });
  });

  return {
    /** Goes; resolves with what came, or with null where it came to nothing. `still` is asked at
     * departure whether the trip is wanted yet. */
    go: (name, data = {}, still = () => true) => start(name, data, { still }),
    /** As `go`, and what Python refuses is thrown. */
    ask: (name, data = {}) => start(name, data, { asks: true }),
    /** For parts of the page that know the bridge alone. */
    trigger(name, data) {
      if (VIEWS.includes(name)) start(name, data);
      else bridge.trigger(name, data);
    },
    /** The chat the page is on its way to as {chat}; null where it is on its way nowhere. */
    opening() {
      return [current, ...waiting].findLast((trip) => trip?.name === 'open')?.data ?? null;
    },
    /** When the trip that is on its way began, in the page's own time. */
    departed: () => current?.departed ?? null,
    /** A message has come. The trip it ends is over; what is returned tells who waits for it, once
     * its view is on the page. Null where it ends none. */
    arrive(message) {
      if (!current || message.trip !== current.number) return null;
      const { asks, resolve, reject } = end();
      return () => {
        if (message.warning && asks) reject(new Error(message.warning));
        else resolve(message);
        if (message.warning && !asks) warn(message);
      };
    },
    /** It failed on the way; `line` says so. */
    lost(line) {
      if (!current) return;
      const { asks, resolve, reject } = end();
      if (asks) reject(new Error(line));
      else resolve(null);
      if (!asks) warn({ warning: line });
    },
    /** Until all trips have ended. */
    idle: () => new Promise((resolve) => {
      if (current || waiting.length) idle.push(resolve);
      else resolve();
    }),
  };
}
