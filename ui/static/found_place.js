// Brings a hit into view, and keeps it there while code and mathematics still get their height.

const SETTLING_MS = 1500;
const FROM_TOP = 0.3; // of the conversation's height
const HANDS = ['wheel', 'touchstart', 'pointerdown', 'keydown'];
const SCROLLERS = '#chatbot .bubble-wrap, #lanes .lane-scroll';

/** Scrolls to a hit {row, range}, or to a message where it has none that is seen. */
export function bring(hit, message) {
  const element = hit ? hit.range.startContainer.parentElement : message;
  const frame = element?.closest(SCROLLERS);
  if (!frame) return;
  if (hit) unfold(element);
  frame.closest('.lane')?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
  const box = hit ? boxOf(hit.range) : element.getBoundingClientRect();
  if (hit) sideways(element, frame, box);
  const top = box.top - frame.getBoundingClientRect().top;
  const isSeen = top >= 0 && top + box.height <= frame.clientHeight;
  if (isSeen && hit) return;
  const target = frame.scrollTop + top - frame.clientHeight * FROM_TOP;
  frame.scrollTo({ top: target, behavior: 'instant' });
}

/** A static range has no box of its own. */
function boxOf({ startContainer, startOffset, endContainer, endOffset }) {
  const range = document.createRange();
  range.setStart(startContainer, startOffset);
  range.setEnd(endContainer, endOffset);
  return range.getBoundingClientRect();
}

function unfold(element) {
  const inherited = element.closest('.lane-log.folded > [data-inherited]');
  inherited?.parentElement.querySelector('.lane-inherited').click();
  element.closest('.lane-bubble.folded')?.querySelector('.lane-unfold').click();
  const long = element.closest('.divan-long:not(.divan-open)');
  long?.closest('.message').querySelector('.divan-unfold')?.click();
  for (let at = element.closest('details'); at; at = at.parentElement.closest('details')) {
    at.open = true;
  }
}

/** A long line of code, or a wide table, scrolls by itself. */
function sideways(element, frame, box) {
  for (let at = element; at && at !== frame; at = at.parentElement) {
    const { left, right } = at.getBoundingClientRect();
    const isWide = at.scrollWidth > at.clientWidth && getComputedStyle(at).overflowX === 'auto';
    if (isWide && (box.left < left || box.right > right)) {
      at.scrollLeft += box.left - left - at.clientWidth * FROM_TOP;
    }
  }
}

/** Calls `again` whenever the conversation is laid out again, until it has settled or the person
 * moves. Returns {stop()}. */
export function whileSettling(again) {
  const frames = [...document.querySelectorAll(SCROLLERS)];
  const hands = new AbortController();
  const laidOut = new ResizeObserver(again);
  for (const frame of frames) for (const child of frame.children) laidOut.observe(child);
  const stop = () => {
    hands.abort();
    laidOut.disconnect();
    clearTimeout(end);
  };
  const end = setTimeout(stop, SETTLING_MS);
  for (const frame of frames) {
    for (const name of HANDS) {
      frame.addEventListener(name, stop, { passive: true, signal: hands.signal });
    }
  }
  return { stop, isOver: () => hands.signal.aborted };
}
