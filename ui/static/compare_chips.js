// The chips of the models to compare: marks of readiness, no more chosen than fit beside each other
// (a blind round is drawn from any number), and the choice remembered for the next comparison.

import * as api from './api.js';
import { scrollStrip } from './strip.js';

const CHOSEN = 'divan-compare-models';
const POOL = 'divan-compare-pool'; // of the blind round that is planned in this browser tab
const FIRST = 2; // models chosen on a page that remembers none

/** @param {object} page - text(key, params), chat() and changed(), called when a person has chosen */
export function createChips({ text, chat, changed }) {
  const group = document.getElementById('compare-models');
  const inputs = () => [...group.querySelectorAll('input[type="checkbox"]')];
  let models = [];
  let most = Infinity;
  let draws = false; // whether a blind round is planned
  const picked = new Set(); // chats a person has chosen models for

  group.setAttribute('role', 'group');
  group.setAttribute('aria-label', text('page.compare_models'));
  scrollStrip(group);

  function mark() {
    const all = inputs();
    const full = all.filter((input) => input.checked).length >= most;
    all.forEach((input) => {
      const label = input.closest('label');
      const model = find(input);
      const state = model?.ready ? 'ready' : 'unready';
      if (model && label.dataset.state !== state) label.dataset.state = state;
      const shut = full && !input.checked;
      if (input.disabled !== shut) input.disabled = shut;
      const title = shut ? text('compare.full', { most }) : model?.ready === false ? model.reason : '';
      if (label.title !== title) label.title = title;
    });
    if (draws && models.length) sessionStorage.setItem(POOL, JSON.stringify(chosen()));
  }

  const find = (input) => models.find((model) => model.id === input.name);
  const chosen = () => inputs().flatMap((input) => (input.checked && find(input) ? input.name : []));

  const remember = (ids) => localStorage.setItem(CHOSEN, JSON.stringify(ids));
  const pick = () => picked.add(chat());

  group.addEventListener('change', () => requestAnimationFrame(() => {
    if (!draws) remember(chosen());
    pick();
    mark();
    changed();
  }));
  new MutationObserver(mark).observe(group, { childList: true, subtree: true, attributeFilter: ['class'] });

  return {
    /** All models of the catalog, as /api/models tells of them. */
    models: () => models,
    chosen,
    remember,
    pick,
    /** Whether the models were chosen for the chat that is shown. */
    isPicked: () => picked.has(chat()),
    /** Those of the ids that the catalog has now: a page may be older than the server. */
    offered: (ids) => (models.length ? ids.filter((id) => models.some((model) => model.id === id)) : ids),
    async refresh() {
      models = await api.models().catch(() => models);
      mark();
    },
    /** How many may be chosen, and from how many: any number for a blind round that is `planned`. */
    limit(count, planned) {
      most = count ?? Infinity;
      draws = planned;
      if (!draws) sessionStorage.removeItem(POOL);
      mark();
    },
    /** What a blind round was to be drawn from when the page was loaded; null without one. */
    pool: () => JSON.parse(sessionStorage.getItem(POOL) ?? 'null'),
    /** What was chosen last, in this browser; the first ready models where nothing was. */
    remembered() {
      const kept = JSON.parse(localStorage.getItem(CHOSEN) ?? '[]')
        .filter((id) => models.some((model) => model.id === id));
      const ready = models.filter((model) => model.ready);
      const first = [...ready, ...models].slice(0, FIRST).map((model) => model.id);
      return kept.length ? kept : [...new Set(first)];
    },
  };
}
