// The dialog that sets two ways through a chat beside each other.

import * as api from './api.js';
import { pathsOf } from './branches_paths.js';
import { openDialog } from './dialog.js';
import { drawPairs } from './diff_view.js';
import { make } from './elements.js';

const VIEW = 'divan-diff-view';
const VIEWS = ['inline', 'side'];

/** @param {object} page - text, words (branches_words.js), chat() and failed(error) */
export function createDiff({ text, words, chat, failed }) {
  const kept = () => (localStorage.getItem(VIEW) === 'side' ? 'side' : 'inline');

  /** The paths to the messages `a` and `b` of the first of `pairs`, or these messages `alone`; the
   * person may choose another pair where there are more: {a, b, label}, `label` naming what there
   * is to choose. `names` are what two answers of one model are called. */
  async function show(pairs, label, alone = false) {
    const where = chat();
    const result = make('div', { class: 'divan-diff' });
    const dialog = openDialog({
      title: text('diff.title'),
      kind: 'wide',
      close: text('branches.close'),
      kids: [make('div', { class: 'divan-diff-bar' }, label && choice(pairs, label, load), views()), result],
    });
    dialog.element.dataset.view = kept();
    let asked = 0;
    await load(pairs[0]);

    async function load({ a, b, names }) {
      asked += 1;
      const asking = asked;
      dialog.fail(null);
      result.setAttribute('aria-busy', 'true');
      try {
        const found = await api.diff(where, a, b, alone);
        if (asking === asked) result.replaceChildren(...drawPairs(named(found.pairs, names), text));
      } catch (error) {
        if (asking === asked) dialog.fail(error);
      } finally {
        result.removeAttribute('aria-busy');
      }
    }
  }

  const named = (pairs, names) => (names
    ? pairs.map((pair) => ({ ...pair, a: { ...pair.a, label: names[0] }, b: { ...pair.b, label: names[1] } }))
    : pairs);

  function choice(pairs, label, load) {
    const options = pairs.map((pair, at) => make('option', { value: at }, pair.label));
    const select = make('select', {
      onchange: (event) => load(pairs[event.target.value]),
    }, ...options);
    return make('label', { class: 'divan-diff-other' }, label, select);
  }

  /** The shown path beside all others, the wanted one first. */
  function beside(tree, wanted) {
    const { named, others } = pathsOf(tree);
    const paths = [...others, ...named].filter((path) => path.leaf !== tree.leaf);
    const first = paths.filter((path) => path.leaf === wanted);
    return [...first, ...paths.filter((path) => path.leaf !== wanted)]
      .map((path) => ({ a: tree.leaf, b: path.leaf, label: words.longName(path) }));
  }

  function views() {
    const name = `${VIEW}-${Date.now()}`;
    const one = (view) => make('label', {}, make('input', {
      type: 'radio', name, value: view, checked: kept() === view,
      onchange: (event) => {
        localStorage.setItem(VIEW, view);
        event.target.closest('dialog').dataset.view = view;
      },
    }), make('span', {}, text(`diff.${view}`)));
    return make('fieldset', { class: 'divan-switch', 'aria-label': text('diff.view') }, ...VIEWS.map(one));
  }

  return {
    /** Two messages of the chat, and the paths to them. */
    show: (a, b) => show([{ a, b }], '').catch(failed),
    /** Several pairs of messages {a, b, label}, one of them at a time. */
    choose: (pairs, label) => show(pairs, label).catch(failed),
    /** The same of the answers alone, without what came before them. */
    answers: (pairs, label) => show(pairs, label, true).catch(failed),
    /** The shown path and another one, which the person may change. */
    beside(tree, wanted = null) {
      const pairs = beside(tree, wanted);
      if (pairs.length) show(pairs, text('diff.with')).catch(failed);
    },
  };
}
