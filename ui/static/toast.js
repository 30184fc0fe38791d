/* Short messages at the bottom of the page, with one thing to do about them. */

const SHOWN = 8000; // ms
const SHOWN_BRIEFLY = 2500;
const DOCKED = "#composer, #compare-composer, #compare-vote, .divan-waiting";
const GAP = 12; // px
let region = null;

function place() {
  if (region?.isConnected) return region;
  region = document.createElement("div");
  region.className = "divan-toasts";
  region.setAttribute("role", "status");
  region.setAttribute("aria-live", "polite");
  document.body.append(region);
  return region;
}

/** Above what the page has at its foot to write or to vote in. */
function keepClear() {
  const docked = [...document.querySelectorAll(DOCKED)].filter((one) => one.checkVisibility());
  const top = Math.min(innerHeight, ...docked.map((one) => one.getBoundingClientRect().top));
  place().style.bottom = `${innerHeight - top + GAP}px`;
}

/** Says that what was asked for has been done; it hides after 2.5 s. */
export const confirmDone = (text) => showToast(text, "", null, SHOWN_BRIEFLY);

/**
 * Shows `text`, and a button `actionLabel` that calls `onAction` where both are given. It hides
 * after 8 s, not while it is pointed at or has the focus; Escape hides it too. Returns {close()}.
 */
export function showToast(text, actionLabel, onAction, shown = SHOWN) {
  const toast = document.createElement("div");
  toast.className = "divan-toast";
  const message = document.createElement("span");
  message.textContent = text;
  toast.append(message);
  let timer = 0;
  const close = () => {
    clearTimeout(timer);
    toast.remove();
  };
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(close, shown);
  };
  if (actionLabel && onAction) toast.append(actionButton(actionLabel, onAction, close));
  for (const event of ["pointerenter", "focusin"]) {
    toast.addEventListener(event, () => clearTimeout(timer));
  }
  for (const event of ["pointerleave", "focusout"]) toast.addEventListener(event, wait);
  toast.addEventListener("keydown", (event) => event.key === "Escape" && close());
  keepClear();
  place().append(toast);
  wait();
  return { close };
}

function actionButton(label, onAction, close) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label;
  button.addEventListener("click", () => {
    close();
    onAction();
  });
  return button;
}
