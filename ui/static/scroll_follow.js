/* Keeps the end of a growing page in view, for those who are looking at the end. */

const NEAR = 80; // CSS pixels from the bottom that still count as being there

/**
 * Follows the growth of what is in `scroller` while the person is near its bottom and has no text
 * selected in it. Sizes are read only where the browser has just laid out: in scroll events and
 * resize observations. Returns {stop(), stick()}; `stick` goes to the bottom whatever was before.
 */
export function followScroll(scroller) {
  let near = distance(scroller) < NEAR;
  const onScroll = () => {
    near = distance(scroller) < NEAR;
  };
  const grown = new ResizeObserver(() => {
    if (near && !selecting(scroller)) toBottom(scroller);
  });
  const observe = () => {
    grown.disconnect();
    grown.observe(scroller);
    for (const child of scroller.children) grown.observe(child);
  };
  const changed = new MutationObserver(observe);
  changed.observe(scroller, { childList: true });
  scroller.addEventListener("scroll", onScroll, { passive: true });
  observe();
  return {
    stick() {
      near = true;
      toBottom(scroller);
    },
    stop() {
      scroller.removeEventListener("scroll", onScroll);
      changed.disconnect();
      grown.disconnect();
    },
  };
}

function distance({ scrollHeight, scrollTop, clientHeight }) {
  return scrollHeight - scrollTop - clientHeight;
}

function toBottom(scroller) {
  scroller.scrollTo({ top: scroller.scrollHeight, behavior: "instant" });
}

function selecting(scroller) {
  const selection = scroller.ownerDocument.getSelection();
  return Boolean(selection && !selection.isCollapsed && scroller.contains(selection.anchorNode));
}
