/* A selection that outlives its answer's change of clothes: the same text in other elements. */

/**
 * Remembers what is selected in `from`. Returns restore(to, before), which selects it in `to`,
 * where elements that match `before` come ahead of the text. Letters are counted, for spaces
 * between blocks differ.
 */
export function keepSelection(from) {
  const selection = document.getSelection();
  const whole = selection?.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
  if (!whole || !from.contains(whole.commonAncestorContainer)) return () => {};
  const start = lettersUpTo(from, whole.startContainer, whole.startOffset);
  const end = lettersUpTo(from, whole.endContainer, whole.endOffset);
  return (to, before) => {
    const ahead = [...to.querySelectorAll(before)].reduce((sum, one) => sum + letters(one.textContent), 0);
    const [first, last] = [placeOf(to, ahead + start + 1), placeOf(to, ahead + end)];
    if (first && last) selection.setBaseAndExtent(first.node, first.at, last.node, last.at + 1);
  };
}

const letters = (text) => text.match(/\S/g)?.length ?? 0;

function lettersUpTo(root, node, offset) {
  const range = document.createRange();
  range.setStart(root, 0);
  range.setEnd(node, offset);
  return letters(range.toString());
}

/** The text node that holds letter number `count`, and where it stands in it. */
function placeOf(root, count) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let left = count;
  while (walker.nextNode()) {
    const { data } = walker.currentNode;
    const here = letters(data);
    if (left > here) {
      left -= here;
      continue;
    }
    for (const { index } of data.matchAll(/\S/g)) {
      left -= 1;
      if (left === 0) return { node: walker.currentNode, at: index };
    }
  }
  return null;
}
