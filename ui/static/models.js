// Readiness marks on the model radio: a dot, and the reason where a model cannot answer.

import * as api from './api.js';
import { scrollStrip } from './strip.js';

/** @param {() => void} turned - another model was chosen, or the readiness of one has changed */
export function createModels(labels, turned) {
  const group = document.getElementById('model');
  let known = [];
  let last = null; // what the person has chosen last, {value, at}

  /** Radios of one name are one stop for Tab, and arrow keys walk through them. */
  function join() {
    group.querySelectorAll('input:not([name="model"])').forEach((input) => { input.name = 'model'; });
  }

  function mark() {
    join();
    group.querySelectorAll('label').forEach((label) => {
      const model = find(label.querySelector('input'));
      if (!model) return;
      const state = model.ready ? 'ready' : 'unready';
      if (label.dataset.state !== state) label.dataset.state = state;
      const title = cutOff(label) + (model.ready ? labels.ready : model.reason);
      if (label.title !== title) label.title = title;
    });
    explain();
  }

  const chosen = () => [...group.querySelectorAll('input')].find((input) => input.checked);
  const find = (input) => known.find((model) => model.id === input?.value);

  function explain() {
    reveal(chosen()?.closest('label'));
    const model = find(chosen());
    const line = model && !model.ready ? model.reason : '';
    const place = reasonLine(group);
    if (place.textContent !== line.replaceAll('`', '')) place.replaceChildren(...withCode(line));
  }

  async function refresh() {
    known = await api.models().catch(() => known);
    mark();
    turned();
  }

  scrollStrip(group);
  group.addEventListener('change', ({ target }) => {
    last = { value: target.value, at: performance.now() };
    explain();
    turned();
  });
  new MutationObserver(mark).observe(group, {
    childList: true, subtree: true, attributeFilter: ['name'], // Gradio renames what is chosen
  });
  refresh();
  return {
    refresh,
    mark,
    /** A view that was asked for at this time has come, once it is drawn: a model that was chosen
     * after that is chosen again, for the view says what was before. */
    landed(departed) {
      if (!last || departed === null || last.at < departed) return;
      const { value } = last;
      const input = [...group.querySelectorAll('input')].find((one) => one.value === value);
      if (input && !input.checked) input.click();
    },
    chosen: () => find(chosen())?.id,
    /** The id of what is chosen, also where the server has no such model any more. */
    value: () => chosen()?.value ?? '',
    /** Whether one of them cannot be asked in every language. */
    haveLanguages: () => known.some(({ languages }) => languages.length > 0),
  };
}

/** The whole name, where the chip has no room for it. */
function cutOff(label) {
  const name = label.querySelector('span');
  return name && name.scrollWidth > name.clientWidth ? `${name.textContent}\n` : '';
}

let revealed = null;

/** The chosen model stays in sight where the row is longer than the screen. */
function reveal(label) {
  if (!label || label === revealed) return;
  revealed = label;
  label.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

/** The parts of a line, backquoted commands as code. */
export function withCode(line) {
  return line.split('`').map((part, index) => {
    if (index % 2 === 0) return part;
    const code = document.createElement('code');
    code.textContent = part;
    return code;
  });
}

function reasonLine(group) {
  let line = document.getElementById('model-reason');
  if (!line) {
    line = document.createElement('div');
    line.id = 'model-reason';
    line.setAttribute('role', 'status');
    group.after(line);
  }
  return line;
}
