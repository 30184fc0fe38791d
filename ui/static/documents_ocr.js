// Documents with scanned pages that were not read: a line above the list with the button that reads
// them, and before that installs what reads them.

import * as api from './documents_api.js';
import { make } from './elements.js';
import { withCode } from './models.js';

/** @param {object} parts - words, store and failed(error) */
export function createOcr({ words, store, failed }) {
  const { say, number } = words;
  const element = make('div', { class: 'ocr', role: 'status', hidden: true });
  let seen = '';

  async function read({ currentTarget: button }) {
    button.disabled = true;
    await api.readScanned().catch(failed);
    seen = '';
    await store.refresh();
  }

  function show({ ocr }) {
    const now = JSON.stringify(ocr);
    if (now === seen) return;
    seen = now;
    element.hidden = !ocr || ocr.state === 'off' || (!ocr.scanned && ocr.state !== 'installing');
    element.classList.toggle('bad', ocr?.state === 'failed');
    element.replaceChildren(...(element.hidden ? [] : drawn(ocr)));
  }

  function drawn({ state, scanned, may_install: mayInstall, failure, command }) {
    const count = number(scanned);
    const button = (key) => make('button', { type: 'button', class: 'divan-button', onclick: read }, say(key));
    if (state === 'installing') {
      return [make('p', {}, say('ocr_installing')), make('progress', { 'aria-label': say('ocr_installing') })];
    }
    if (state === 'failed') {
      return [
        make('p', {}, make('strong', {}, say('ocr_failed')), ` ${failure.replace(/\.?$/, '.')} `, ...withCode(say('ocr_by_hand', { command }))),
        button('trouble_retry'),
      ];
    }
    const line = say('ocr_scanned', { count });
    if (state === 'ready') return [make('p', {}, line), button('ocr_read')];
    if (!mayInstall) return [make('p', {}, line, ' ', ...withCode(say('ocr_ask', { command })))];
    return [make('p', {}, line, ' ', say('ocr_weight')), button('ocr_install')];
  }

  store.watch(show);
  return element;
}
