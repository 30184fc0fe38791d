// The paths of a chat as rows: named branches, and the others, which can be given a name.

import { chatIcon } from './chat_icons.js';
import { make } from './elements.js';
import { pathsOf } from './branches_paths.js';

/**
 * The lists as elements.
 *
 * @param {object} tree - as GET /api/chats/{id}/tree answers
 * @param {object} page - text(key, params), words (branches_words.js), locked: nothing may be
 *   changed, and do: {open, prefer, compare, rename, remove, begin}, each called with a path
 */
export function drawLists(tree, page) {
  const { named, others } = pathsOf(tree);
  if (named.length + others.length < 2 && !named.length) return [hint(page.text)];
  const title = named.length ? 'branches.others' : 'branches.paths';
  return [
    ...section(page.text('branches.named'), named, page),
    ...section(page.text(title), others, page),
  ];
}

const hint = (text) => make('p', { class: 'divan-branches-hint' }, text('branches.hint'));

function section(title, paths, page) {
  if (!paths.length) return [];
  const id = `divan-paths-${paths[0].branch ? 'named' : 'others'}`;
  return [
    make('h3', { id }, title),
    make('ul', { 'aria-labelledby': id }, ...paths.map((path) => row(path, page))),
  ];
}

function row(path, page) {
  const { words, text, locked } = page;
  const key = path.name || path.leaf;
  const name = make('span', { class: 'name', dir: 'auto' }, words.shortName(path));
  const facts = make('span', { class: 'facts' }, words.facts(path));
  const open = make('button', {
    type: 'button', class: 'open', 'data-key': `open-${key}`, title: words.longName(path),
    'aria-current': path.current ? 'true' : null, onclick: () => page.do.open(path),
  }, name, facts);
  const tool = (action, label = text(`branches.${action}`)) => make('button', {
    type: 'button', class: `tool ${action}`, 'data-key': `${action}-${key}`, title: label,
    'aria-label': `${label}: ${words.shortName(path)}`, onclick: () => page.do[action](path),
  }, chatIcon(ICONS[action] ?? action, 15));
  const tools = [
    !path.current && tool('compare'),
    ...(locked ? [] : path.branch ? [tool('rename'), tool('remove')] : [tool('begin')]),
  ];
  return make(
    'li',
    { class: path.current ? 'divan-path current' : 'divan-path' },
    path.branch ? star(path, page, key) : make('span', { class: 'mark' }),
    open,
    make('span', { class: 'tools' }, ...tools),
  );
}

const ICONS = { remove: 'delete', begin: 'add' };

function star(path, { text, words, locked, do: { prefer } }, key) {
  const { preferred } = path.branch;
  const label = text(preferred ? 'branches.unprefer' : 'branches.prefer');
  return make('button', {
    type: 'button', class: 'star', 'data-key': `star-${key}`, title: label, disabled: locked,
    'aria-label': `${text('branches.preferred')}: ${words.shortName(path)}`,
    'aria-pressed': String(preferred), onclick: () => prefer(path),
  }, chatIcon('star', 15));
}
