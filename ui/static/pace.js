// The pace of a blind comparison: while its sides are answered, each shows as many characters as the
// slower one has received, and no end before the other has come as far. So no speed names a model.
// A side that waits for its turn, or has ended, holds nobody back. There is no clock in here: what
// comes moves the sides on, and when the last of them has ended everything is shown.

const KINDS = ['reasoning', 'tools', 'text'];
const HIGH_SURROGATE = /[\uD800-\uDBFF]$/;

/** For an answer that is shown as it comes. */
export const unpaced = (show) => ({
  take: show, end: (seen) => seen(), isOver: () => true, leave() {},
});

export function createPace() {
  const sides = new Set();
  let batches = 0;

  function advance() {
    if (batches) return;
    const all = [...sides];
    const limit = Math.min(...all.filter((side) => side.limits()).map((side) => side.received()));
    all.forEach((side) => side.advance(limit));
  }

  function leave(side) {
    if (sides.delete(side)) advance();
  }

  return {
    /** Nothing is shown before `work` is done: sides that are drawn together begin together. */
    batch(work) {
      batches += 1;
      try {
        work();
      } finally {
        batches -= 1;
        advance();
      }
    },
    /** An answer at this pace; `show` gets what may be seen of it, in the shape of what it takes:
     * {reset, reasoning, tools, text}. `over` is called when its end may be seen. */
    enter(show, over) {
      const side = createSide(show, () => {
        sides.delete(side);
        over();
      });
      sides.add(side);
      return {
        take(frame) {
          side.take(frame);
          advance();
        },
        /** No more comes than what still waits here; `seen` is called once all of it is shown. */
        end(seen) {
          side.end(seen);
          advance();
        },
        isOver: side.isOver,
        leave: () => leave(side),
      };
    },
  };
}

function createSide(show, over) {
  const waiting = []; // {kind, value} in the order they came
  const ends = [];
  let received = 0;
  let shown = 0;
  let isQueued = false;
  let hasEnded = false;
  let isOver = false;

  function keep(kind, value) {
    const last = waiting.at(-1);
    const more = last?.kind === kind;
    if (more && kind === 'tools') {
      last.value = value;
      return;
    }
    received += sizeOf(kind, value);
    if (more) last.value += value;
    else waiting.push({ kind, value });
  }

  /** The beginning of the next piece, as far as there is room for it. */
  function next(room) {
    const { kind, value } = waiting[0];
    const size = sizeOf(kind, value);
    if (size <= room) {
      waiting.shift();
      return { kind, value, size };
    }
    const part = kind === 'tools' ? '' : value.slice(0, room).replace(HIGH_SURROGATE, '');
    waiting[0].value = value.slice(part.length);
    return { kind, value: part, size: part.length };
  }

  function showUpTo(most) {
    while (waiting.length && shown < most) {
      const { kind, value, size } = next(most - shown);
      if (!size) return;
      shown += size;
      show({ [kind]: value });
    }
  }

  return {
    take(frame) {
      if (isOver) {
        show(frame);
        return;
      }
      if (frame.reset) {
        waiting.length = received = shown = 0;
        show({ reset: true });
      }
      isQueued = Boolean(frame.status?.queued);
      KINDS.forEach((kind) => { if (frame[kind]?.length) keep(kind, frame[kind]); });
    },
    end(seen) {
      if (isOver) {
        seen();
        return;
      }
      hasEnded = true;
      ends.push(seen);
    },
    /** The end counts as one character more, so that one without a word waits for the other, too. */
    advance(limit) {
      showUpTo(Math.min(received, limit));
      if (!hasEnded || isOver || limit <= received) return;
      isOver = true;
      ends.splice(0).forEach((seen) => seen());
      over();
    },
    limits: () => !hasEnded && !(isQueued && !received),
    received: () => received,
    isOver: () => isOver,
  };
}

/** A list of tool calls is one step: it is shown whole. */
function sizeOf(kind, value) {
  return kind === 'tools' ? 1 : value.length;
}
