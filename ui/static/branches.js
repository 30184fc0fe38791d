// The branches of the shown chat: a button with their number, and a popover with the picture of the
// tree, the list of the paths, and what can be done with them.

import * as api from './api.js';
import { createActions } from './branches_actions.js';
import { drawLists } from './branches_list.js';
import { openPopover } from './branches_popover.js';
import { createWords } from './branches_words.js';
import { chatIcon } from './chat_icons.js';
import { createDiff } from './diff.js';
import { make } from './elements.js';
import { createReplay } from './replay.js';
import { drawTree } from './tree.js';

const PAUSE_MS = 80; // one question to the server for changes that come together
const RUNNING_MS = 1000; // between looks at a tree in which answers are being written

/** @param {object} page - trips, text(key, params), view() of the page, open(chat), again(): the
 *   shown chat is to be drawn anew, and failed(error) */
export function createBranches({ trips, text, view, open, again, failed }) {
  const words = createWords(text);
  let tree = null;
  let popover = null;
  let asked = 0;
  let waiting = 0;
  let wanted = false;
  let answering = '';
  const actions = createActions({
    trips, text, words, view, again, failed, tree: () => tree, refresh,
  });
  const diffs = createDiff({ text, words, chat: () => view().chat, failed });
  const replays = createReplay({ text, view, open, failed, diffs, refresh });
  const count = make('span', { class: 'count' });
  const button = make('button', {
    type: 'button', 'aria-haspopup': 'dialog', 'aria-expanded': 'false', onclick: toggle,
  }, chatIcon('branch', 16), count);
  const place = document.getElementById('branches');
  place.append(button);

  function toggle() {
    if (popover) popover.close();
    else if (tree) openIt();
    else wanted = true; // the tree is on its way
  }

  function openIt() {
    popover = openPopover({
      anchor: button, label: text('branches.title'), closed: () => { popover = null; },
    });
    draw(true);
    refresh();
    popover.element.querySelector('[role="treeitem"][tabindex="0"]')?.focus({ preventScroll: true });
  }

  async function refresh() {
    clearTimeout(waiting);
    asked += 1;
    const asking = asked;
    const { chat } = view();
    const looked = replays.rows.look(chat);
    const next = chat ? await api.tree(chat).catch(() => null) : null;
    await looked;
    if (asking !== asked) return;
    if (!next || next.chat !== tree?.chat) popover?.close(false);
    const turned = next?.leaf !== tree?.leaf;
    tree = next;
    mark();
    if (wanted && tree) {
      wanted = false;
      openIt();
    }
    if (popover) draw(turned);
    const writing = tree?.segments.some((segment) => segment.running);
    const between = replays.rows.running() && !writing; // one answer has ended, the next not begun
    if (between || (popover && writing)) later(RUNNING_MS);
  }

  function later(pause) {
    clearTimeout(waiting);
    waiting = setTimeout(refresh, pause);
  }

  /** The button tells how many ways the chat goes. */
  function mark() {
    const parents = new Set(tree?.segments.map((segment) => segment.parent));
    const paths = tree?.segments.filter((segment) => !parents.has(segment.id)).length ?? 0;
    place.classList.toggle('empty', !paths);
    count.textContent = paths > 1 ? paths : '';
    button.title = paths > 1 ? words.of('button', paths) : text('branches.title');
    button.setAttribute('aria-label', button.title);
    replays.rows.mark(place, button);
  }

  /** Draws the popover anew; what was scrolled stays so unless another path is shown now. */
  function draw(turned) {
    const before = popover.element.querySelector('.divan-tree');
    const [left, top] = [before?.scrollLeft ?? 0, before?.scrollTop ?? 0];
    const list = popover.element.querySelector('.divan-branches-body')?.scrollTop ?? 0;
    const locked = view().readOnly || tree.repairs > 0;
    const line = make('p', { class: 'divan-tree-line', dir: 'auto' });
    const point = (segment) => {
      const shown = segment ?? picture.current;
      line.textContent = shown ? words.segment(shown, tree) : '';
    };
    const picture = drawTree(tree, {
      label: text('branches.picture'),
      describe: (segment) => words.segment(segment, tree),
      open: (segment) => actions.open({ leaf: segment.tip }),
      point,
    });
    const lists = drawLists(tree, { text, words, locked, do: { ...actions, ...others } });
    const body = make('div', { class: 'divan-branches-body' }, picture.element, line, ...replays.rows.draw(), ...lists);
    popover.fill([head(locked), body, foot(locked)]);
    point(null);
    body.scrollTop = list;
    if (turned) picture.reveal();
    else picture.element.scrollTo(left, top);
  }

  const others = {
    compare: (path) => diffs.beside(tree, path.leaf),
    begin: (path) => actions.begin(path.leaf),
  };

  const command = (name, label, run, off = false) => make('button', {
    type: 'button', class: `divan-button ${name}`, 'data-key': name, disabled: off, onclick: run,
  }, chatIcon(name, 15), make('span', {}, label));

  function head(locked) {
    return make(
      'header',
      {},
      make('h2', {}, text('branches.title')),
      command('add', text('branches.begin_here'), () => actions.begin(tree.leaf), locked),
    );
  }

  function foot(locked) {
    const some = tree.segments.length > 1;
    return make(
      'div',
      { class: 'divan-popover-foot' },
      command('replay', text('branches.replay'), () => replays.ask(tree), locked),
      some && command('compare', text('branches.compare_with'), () => diffs.beside(tree)),
      tree.off_path > 0
        && command('prune', words.of('prune', tree.off_path), actions.prune, locked),
    );
  }

  return {
    /** The page shows a chat, or a change of it. */
    show: () => later(PAUSE_MS),
    /** Answers have begun or ended somewhere; those of the shown chat stand in its tree. */
    running(turns) {
      const own = turns.filter((one) => one.chat === view()?.chat).map((one) => one.turn).join();
      if (own !== answering) later(PAUSE_MS);
      answering = own;
    },
    /** Ask for a name and begin a branch at a message. */
    begin: actions.begin,
    /** The difference between two messages, and between what follows each. */
    diff: (a, b) => diffs.show(a, b),
  };
}
