/* Equations. KaTeX, its stylesheet and fonts are fetched from this folder with the first one. */

const STYLES = new URL("./vendor/katex/katex.min.css", import.meta.url).href;
const SCRIPT = new URL("./vendor/katex/katex.min.js", import.meta.url).href;
const MAX_SIZE = 50; // em: no model may cover the page with one \rule
const MAX_EXPAND = 1000;

let loading = null;

/** Resolves to KaTeX, once. Rejects, and may be tried again, when the file cannot be had. */
export function loadKatex() {
  loading ??= fetchKatex().catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function fetchKatex() {
  if (!document.querySelector(`link[href="${STYLES}"]`)) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = STYLES;
    document.head.append(link);
  }
  await import(SCRIPT);
  return globalThis.katex;
}

/** Draws `tex` into `element`; until KaTeX is there, or where it fails, what is in it stays. */
export function renderMath(element, tex, display) {
  if (globalThis.katex) draw(globalThis.katex, element, tex, display);
  else loadKatex().then((katex) => draw(katex, element, tex, display), () => {});
}

function draw(katex, element, tex, display) {
  katex.render(tex, element, {
    displayMode: display,
    throwOnError: false,
    trust: false,
    strict: "ignore",
    maxSize: MAX_SIZE,
    maxExpand: MAX_EXPAND,
  });
}
