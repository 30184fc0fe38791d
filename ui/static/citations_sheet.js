// The sheet at the side that shows a passage: its file, page and heading, and its whole text with
// the sentence highlighted. What documents say is text here, whatever they ask for.

import { drawOriginal } from './citations_original.js';
import { highlighted } from './citations_text.js';
import { openDialog } from './dialog.js';
import { documentIcon } from './documents_icons.js';
import { make } from './elements.js';

/**
 * @param {object} options - words (documents_words.js), passages (`sentence` and `quotes` stand
 *   out), at: the number of the first one shown, and kept: whether they were kept with an answer
 */
export function openPassages({ words, passages, at, kept = false }) {
  const { say } = words;
  const dialog = openDialog({
    title: say('sheet_title'), kind: 'divan-sheet', close: say('close'), kids: [],
  });
  const steps = make('nav', { class: 'divan-sheet-steps', 'aria-label': say('sheet_steps') });
  const body = make('div', { class: 'divan-sheet-passage', 'aria-live': 'polite' });
  dialog.body(...(passages.length > 1 ? [steps] : []), body,
    ...(kept ? [make('p', { class: 'divan-sheet-note' }, say('sheet_kept'))] : []));

  function show(number) {
    const passage = passages.find((one) => one.number === number) ?? passages[0];
    steps.replaceChildren(...passages.map((one) => make('button', {
      type: 'button', 'aria-current': one === passage ? 'true' : null, title: one.name,
      'aria-label': say('sheet_step', { number: one.number, name: one.name }),
      onclick: () => show(one.number),
    }, String(one.number))));
    body.replaceChildren(...drawPassage(passage, words));
    sentenceIn(body, passage)?.scrollIntoView({ block: 'center' });
    steps.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  show(at);
  return dialog;
}

/** The highlight with the passage's sentence, where its quotations are highlighted, too. */
function sentenceIn(body, { sentence }) {
  const marks = [...body.querySelectorAll('mark')];
  return marks.find((mark) => sentence && mark.textContent.includes(sentence.trim())) ?? marks[0];
}

function drawPassage(passage, { say, place, measure }) {
  const scores = [
    passage.score && say('score', { score: measure(passage.score) }),
    passage.lexical != null && say('score_words', { score: measure(passage.lexical) }),
    passage.dense != null && say('score_meaning', { score: measure(passage.dense) }),
  ].filter(Boolean);
  return [
    make('div', { class: 'divan-sheet-from' },
      documentIcon('file', 20),
      make('div', {},
        make('strong', { dir: 'auto' }, passage.name),
        make('span', { dir: 'auto' }, place(passage)))),
    /^\d+$/.test(passage.document) && drawOriginal(passage, say),
    make('blockquote', { dir: 'auto' },
      ...highlighted(passage.text, [passage.sentence ?? '', ...passage.quotes ?? []])),
    scores.length > 0 && make('p', { class: 'divan-sheet-scores' }, scores.join(' · ')),
  ].filter(Boolean);
}
