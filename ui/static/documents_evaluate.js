// The person's own questions with what should be found: how well each setting of the search finds
// it, side by side.

import * as api from './documents_api.js';
import { documentIcon } from './documents_icons.js';
import { make } from './elements.js';
import { withCode } from './models.js';

const MEASURES = ['recall_1', 'recall_5', 'mrr_10', 'ndcg_10', 'ms'];
const EXAMPLE = '{"question": "…", "expected": ["…"]}';

/** @param {object} parts - words and collections() that are searched */
export function createEvaluation({ words, collections }) {
  const { say } = words;
  const area = make('textarea', {
    rows: 6, spellcheck: 'false', placeholder: say('evaluate_placeholder'), 'aria-label': say('evaluate_questions'),
  });
  const file = make('input', {
    type: 'file', accept: '.jsonl,.json,.txt', onchange: async () => {
      if (file.files[0]) area.value = await file.files[0].text();
      file.value = '';
    },
  });
  const run = make('button', { type: 'submit', class: 'divan-button primary' }, say('evaluate_run'));
  const error = make('p', { class: 'error', role: 'alert', hidden: true });
  const table = make('div', { class: 'measured', role: 'status' });
  const form = make('form', { novalidate: true, onsubmit: measure },
    make('p', {}, say('evaluate_lead')), make('code', {}, EXAMPLE), area, error,
    make('div', { class: 'does' },
      make('label', { class: 'divan-button' }, documentIcon('upload', 14), say('evaluate_choose'), file), run));
  const element = make('section', { id: 'documents-evaluate', 'aria-label': say('evaluate'), hidden: true }, form, table);

  async function measure(event) {
    event.preventDefault();
    tell(null);
    if (!area.value.trim()) {
      area.focus();
      return;
    }
    run.disabled = true;
    run.textContent = say('evaluate_running');
    try {
      show(await api.evaluate(area.value, collections()));
    } catch (why) {
      tell(why);
    } finally {
      run.disabled = false;
      run.textContent = say('evaluate_run');
    }
  }

  function tell(why) {
    error.hidden = !why;
    error.replaceChildren(...(why ? withCode([why.message, why.hint].filter(Boolean).join(' ')) : []));
  }

  function show(result) {
    const { settings, missed } = result;
    const best = Object.fromEntries(MEASURES.map((name) => {
      const values = settings.map((one) => one[name]);
      return [name, name === 'ms' ? Math.min(...values) : Math.max(...values)];
    }));
    const cell = (one, name) => make('td', { class: one[name] === best[name] && 'best' },
      name === 'ms' ? say('ms', { ms: words.measure(one.ms) }) : words.measure(one[name]));
    table.replaceChildren(...[
      make('div', { class: 'frame', tabindex: 0 }, make('table', {},
        make('caption', {}, say('evaluate_caption', { count: words.number(settings[0]?.questions ?? 0) })),
        make('thead', {}, make('tr', {}, make('th', { scope: 'col' }, say('evaluate_setting')),
          ...MEASURES.map((name) => make('th', { scope: 'col' }, say(`measure_${name}`))))),
        make('tbody', {}, ...settings.map((one) => make('tr', {},
          make('th', { scope: 'row' }, named(one.name, say)), ...MEASURES.map((name) => cell(one, name))))))),
      missed.length > 0 && make('div', { class: 'missed' }, make('p', {}, say('evaluate_missed')),
        make('ul', {}, ...missed.map((one) => make('li', { dir: 'auto' }, one)))),
      make('div', { class: 'does' },
        make('button', { type: 'button', class: 'divan-button', onclick: () => save('divan-evaluation.json', JSON.stringify(result, null, 2)) },
          documentIcon('download', 14), say('evaluate_save')),
        make('button', { type: 'button', class: 'divan-button', onclick: () => save('divan-questions.jsonl', area.value) },
          documentIcon('download', 14), say('evaluate_save_questions'))),
    ].filter(Boolean));
  }

  return {
    element,
    turn(on) {
      element.hidden = !on;
      if (!on) return;
      area.focus({ preventScroll: true });
      element.scrollIntoView({ block: 'nearest' });
    },
  };
}

/** A setting's name in words, or as the server calls it. */
function named(name, say) {
  const said = say(`setting_${name}`);
  return said.includes('setting_') ? name : said;
}

function save(name, text) {
  const link = make('a', { href: URL.createObjectURL(new Blob([text], { type: 'application/json' })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
