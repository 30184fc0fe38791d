// Text as search sees it (storage/words.py): without case, without accents, every i alike. The two
// must say the same, for the patterns come from Python.

// As UNSPACED in storage/words.py: scripts whose vowel signs are letters.
const UNSPACED =
  /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u;
const NOT_ASCII = /[^\0-\x7f]/;
const known = new Map([['’', "'"]]);

/** The folded text, and where in the original a place of it begins and ends. */
export function fold(text) {
  if (!NOT_ASCII.test(text)) {
    return { folded: text.toLowerCase(), startOf: (at) => at, endOf: (at) => at };
  }
  const starts = [];
  const pieces = [];
  let offset = 0;
  for (const character of text) {
    const piece = folding(character);
    pieces.push(piece);
    for (let unit = 0; unit < piece.length; unit += 1) starts.push(offset);
    offset += character.length;
  }
  starts.push(offset);
  return {
    folded: pieces.join(''),
    startOf: (at) => starts[at],
    endOf(at) {
      const last = starts[at - 1];
      let end = at;
      while (starts[end] === last && end < starts.length - 1) end += 1;
      return starts[end];
    },
  };
}

function folding(character) {
  let folded = known.get(character);
  if (folded === undefined) {
    // Through the capital, which ı and i share; twice lower, for ẞ is ß is ss.
    const plain = character.toLowerCase().toUpperCase().toLowerCase().normalize('NFKD');
    folded = Array.from(plain, letter).join('');
    known.set(character, folded);
  }
  return folded;
}

function letter(part) {
  if (/[\p{L}\p{N}]/u.test(part) || !NOT_ASCII.test(part)) return part;
  if (!/[\p{M}\p{Cf}]/u.test(part)) return ' ';
  return UNSPACED.test(part) ? part : '';
}
