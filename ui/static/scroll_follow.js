/* Keeps the end of a growing page in view, for those who are looking at the end. */

const NEAR = 80; // CSS pixels from the bottom at which following begins
const AT_END = 2; // and at which it begins again after it was left

/**
 * Follows the growth of what is in `scroller` until the person moves upwards, and again once the end
 * is reached; not while text is selected in it. Sizes are read only where the browser has just laid
 * out: in scroll events and resize observations.
 * Returns {stop(), stick(), follows()}; `stick` goes to the bottom whatever was before.
 */
export function followScroll(scroller) {
  let follows = distance(scroller) < NEAR;
  let top = scroller.scrollTop;
  const leave = () => {
    if (scroller.scrollTop > 0) follows = false;
  };
  const hands = new AbortController();
  const listen = (name, act) =>
    scroller.addEventListener(name, act, { passive: true, signal: hands.signal });
  listen("scroll", () => {
    const left = distance(scroller);
    if (scroller.scrollTop < top && left >= AT_END) follows = false;
    else if (scroller.scrollTop > top && left < AT_END) follows = true;
    top = scroller.scrollTop;
  });
  listen("wheel", ({ deltaY }) => deltaY < 0 && leave());
  listen("keydown", ({ key }) => ["ArrowUp", "PageUp", "Home"].includes(key) && leave());
  listenForFingers(listen, leave);
  const toBottom = () => {
    scroller.scrollTo({ top: scroller.scrollHeight, behavior: "instant" });
    top = scroller.scrollTop;
  };
  const grown = new ResizeObserver(() => {
    if (follows && !selecting(scroller)) toBottom();
  });
  const observe = () => {
    grown.disconnect();
    grown.observe(scroller);
    for (const child of scroller.children) grown.observe(child);
  };
  const changed = new MutationObserver(observe);
  changed.observe(scroller, { childList: true });
  observe();
  return {
    follows: () => follows,
    stick() {
      follows = true;
      toBottom();
    },
    stop() {
      hands.abort();
      changed.disconnect();
      grown.disconnect();
    },
  };
}

/** A finger that moves down takes the page upwards. */
function listenForFingers(listen, leave) {
  let from = 0;
  listen("touchstart", ({ touches }) => { from = touches[0].clientY; });
  listen("touchmove", ({ touches }) => touches[0].clientY > from && leave());
}

function distance({ scrollHeight, scrollTop, clientHeight }) {
  return scrollHeight - scrollTop - clientHeight;
}

function selecting(scroller) {
  const selection = scroller.ownerDocument.getSelection();
  return Boolean(selection && !selection.isCollapsed && scroller.contains(selection.anchorNode));
}
