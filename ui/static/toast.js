/* Short messages at the bottom of the page, with one thing to do about them. */

const SHOWN = 8000; // ms
const SHOWN_BRIEFLY = 2500;
const DOCKED = "#composer, #compare-composer, #compare-vote, .divan-queue";
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
  const toast = openToast(shown);
  toast.say(text, actionLabel && onAction ? [{ label: actionLabel, run: onAction }] : []);
  return toast;
}

/**
 * A toast that says one thing after the other: say(text, [{label, run}]) shows it for 8 s from then
 * on, close() hides it, isOpen().
 */
export function openToast(shown = SHOWN) {
  const toast = document.createElement("div");
  toast.className = "divan-toast";
  const message = document.createElement("span");
  let timer = 0;
  const close = () => {
    clearTimeout(timer);
    toast.remove();
  };
  const holds = new Set(); // what keeps it: the pointer, the focus
  const wait = () => {
    clearTimeout(timer);
    if (!holds.size) timer = setTimeout(close, shown);
  };
  for (const [comes, goes] of [["pointerenter", "pointerleave"], ["focusin", "focusout"]]) {
    toast.addEventListener(comes, () => {
      holds.add(comes);
      clearTimeout(timer);
    });
    toast.addEventListener(goes, () => {
      holds.delete(comes);
      wait();
    });
  }
  toast.addEventListener("keydown", (event) => event.key === "Escape" && close());
  keepClear();
  place().append(toast);
  return {
    close,
    isOpen: () => toast.isConnected,
    say(text, actions) {
      const focused = toast.contains(document.activeElement) && document.activeElement.textContent;
      const buttons = actions.map((action) => actionButton(action, close));
      message.textContent = text;
      toast.replaceChildren(message, ...buttons);
      holds.delete("focusin");
      buttons.find((button) => button.textContent === focused)?.focus();
      wait();
    },
  };
}

function actionButton({ label, run }, close) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label;
  button.addEventListener("click", () => {
    close();
    run();
  });
  return button;
}
