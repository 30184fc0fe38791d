// A passage as text: nothing in it is markup, and the sentences that matter stand out.

import { make } from './elements.js';

/** The text with some of its sentences highlighted; `around` keeps only so many letters before the
 * first of them. */
export function highlighted(text, sentences, around = Infinity) {
  const places = merged(sentences.map((sentence) => placeOf(text, sentence)).filter(Boolean));
  if (!places.length) return [text];
  let at = wordStart(text, Math.max(0, places[0].from - around));
  const parts = at ? ['… '] : [];
  for (const { from, to } of places) {
    parts.push(text.slice(at, from), make('mark', {}, text.slice(from, to)));
    at = to;
  }
  return [...parts, text.slice(at)];
}

/** Where a sentence is in the text, whatever its white space; null where it is not. */
function placeOf(text, sentence) {
  const words = sentence.trim().split(/\s+/).filter(Boolean);
  if (!words.length) return null;
  const pattern = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('\\s+');
  const found = new RegExp(pattern, 'u').exec(text);
  return found && { from: found.index, to: found.index + found[0].length };
}

function merged(places) {
  const kept = [];
  for (const place of places.sort((a, b) => a.from - b.from)) {
    const last = kept.at(-1);
    if (last && place.from <= last.to) last.to = Math.max(last.to, place.to);
    else kept.push({ ...place });
  }
  return kept;
}

function wordStart(text, at) {
  if (at === 0) return 0;
  const space = text.slice(at).search(/\s/);
  return space < 0 ? at : at + space + 1;
}
