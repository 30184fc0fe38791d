/* Rules inside a line that differ from GitHub's: where an address ends, what is struck out, and
   bold beside the endings of a word. ui/markdown/inline.py does the same for a settled answer. */

const LETTER = "A-Za-z0-9À-ÖØ-öø-ɏ";
const ADDRESS = new RegExp(
  `^(?:https?://|www\\.)[${LETTER}][${LETTER}\\-._~:/?#@!$&()*+,;=%]*`, "i",
);
const TRAILING = "?!.,:;*_~";
const STRUCK = /^~~(?=[^\s~])((?:\\[^]|[^\\])*?(?:\\[^]|[^\s~\\]))~~(?=[^~]|$)/;
const BOLD = /^\*\*(?=[^\s*])((?:[^*\\]|\\[^]|\*(?!\*))*?[^\s*\\])\*\*(?!\*)/;
const SLANTED = /^\*(?=[^\s*])([^*\n]*["”’»)\]）」』.!?…:,%])\*(?=[\p{L}\p{N}_])/u;
const BEFORE_SLANTED = /^$|[\s([{"“«‘—–-]/;

/** For marked: `false` asks its own rule, nothing says that here is no such token. */
export const tokenizer = {
  url(source) {
    const [found] = ADDRESS.exec(source) ?? [];
    if (!found) return /^(?:https?:|www\.)/i.test(source) ? undefined : false;
    const raw = ended(found);
    const href = /^www\./i.test(raw) ? `http://${raw}` : raw;
    return { type: "link", raw, text: raw, href, tokens: [{ type: "text", raw, text: raw }] };
  },
  del(source) {
    const match = STRUCK.exec(source);
    if (!match) return undefined;
    const [raw, text] = match;
    return { type: "del", raw, text, tokens: this.lexer.inlineTokens(text) };
  },
  emStrong(source, whole, before) {
    const masked = whole.slice(-source.length); // code and links are letters in it
    const [bold] = (before !== "*" && BOLD.exec(masked)) || [];
    if (bold) return marked(this.lexer, "strong", source.slice(0, bold.length), 2);
    const [slanted] = (BEFORE_SLANTED.test(before) && SLANTED.exec(masked)) || [];
    if (slanted) return marked(this.lexer, "em", source.slice(0, slanted.length), 1);
    return false;
  },
};

function marked(lexer, type, raw, width) {
  const text = raw.slice(width, -width);
  return { type, raw, text, tokens: lexer.inlineTokens(text) };
}

/** An address without the marks of the sentence around it; pairs of brackets stay. */
function ended(address) {
  let end = address.length;
  let unpaired = count(address, ")") - count(address, "(");
  for (; end; end -= 1) {
    const last = address[end - 1];
    if (!TRAILING.includes(last) && !(last === ")" && unpaired > 0)) break;
    unpaired -= last === ")" ? 1 : 0;
  }
  return address.slice(0, end);
}

function count(text, letter) {
  return text.split(letter).length - 1;
}
