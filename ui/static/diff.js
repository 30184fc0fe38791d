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

  /** Two messages of the chat, and the paths to them. With a tree the person may choose another
   * path to compare with. */
  async function show(a, b, tree = null) {
    const where = chat();
    const result = make('div', { class: 'divan-diff' });
    const dialog = openDialog({
      title: text('diff.title'),
      kind: 'wide',
      close: text('branches.close'),
      kids: [make('div', { class: 'divan-diff-bar' }, tree && choice(tree, b, load), views()), result],
    });
    dialog.element.dataset.view = kept();
    let asked = 0;
    await load(b);

    async function load(other) {
      asked += 1;
      const asking = asked;
      dialog.fail(null);
      result.setAttribute('aria-busy', 'true');
      try {
        const { pairs } = await api.diff(where, a, other);
        if (asking === asked) result.replaceChildren(...drawPairs(pairs, text));
      } catch (error) {
        if (asking === asked) dialog.fail(error);
      } finally {
        result.removeAttribute('aria-busy');
      }
    }
  }

  /** The shown path is the left side; the right one can be chosen among all others. */
  function choice(tree, chosen, load) {
    const { named, others } = pathsOf(tree);
    const paths = [...named, ...others].filter((path) => path.leaf !== tree.leaf);
    const options = paths.map((path) => make(
      'option', { value: path.leaf, selected: path.leaf === chosen }, words.longName(path),
    ));
    const select = make('select', {
      'data-other': true, onchange: (event) => load(event.target.value),
    }, ...options);
    return make('label', { class: 'divan-diff-other' }, text('diff.with'), select);
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
    show: (a, b, tree) => show(a, b, tree).catch(failed),
    /** Compare the shown path with another one, which the person chooses. */
    choose(tree) {
      const { named, others } = pathsOf(tree);
      const first = [...others, ...named].find((path) => path.leaf !== tree.leaf);
      if (first) show(tree.leaf, first.leaf, tree).catch(failed);
    },
  };
}
