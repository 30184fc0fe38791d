/* What the chat list shows where there are no rows: loading, nothing, failure. */

export function box(className, ...kids) {
  const element = document.createElement("div");
  element.className = className;
  element.append(...kids);
  return element;
}

function note(text) {
  const element = box("divan-chats-note");
  element.textContent = text ?? "";
  return element;
}

const STATES = {
  loading: () => {
    const bones = Array.from({ length: 8 }, () => box("divan-chats-bone"));
    for (const bone of bones) bone.setAttribute("aria-hidden", "true");
    return bones;
  },
  empty: (labels) => [note(labels.empty)],
  no_hits: (labels) => [note(labels.no_hits)],
  failed: (labels, retry) => {
    const again = document.createElement("button");
    again.type = "button";
    again.className = "divan-chats-retry";
    again.textContent = labels.retry ?? "";
    again.addEventListener("click", retry);
    return [note(labels.failed), again];
  },
};

/** The elements of a state by its name (loading, empty, no_hits, failed, or "" for rows). */
export function stateOf(name, labels, retry) {
  return STATES[name]?.(labels, retry) ?? [];
}
