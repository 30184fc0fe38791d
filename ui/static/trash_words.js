// What lies in the trash, in the page's language.

import { createSizes } from './sizes.js';

/** @param {(key: string, params?: object) => string} text - the page's texts */
export function createTrashWords(text, language) {
  const number = new Intl.NumberFormat(language);
  const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  const size = createSizes(language);
  const say = (key, params) => text(`trash.${key}`, params);
  const of = (key, count, params = {}) =>
    say(`${key}${count === 1 ? '_one' : ''}`, { ...params, count: number.format(count) });
  const chat = (row) => row.title || text('list.untitled');
  const when = ({ deleted }) =>
    deleted && say('deleted', { when: moment.format(new Date(deleted)) });
  const branches = ({ kind, branches: names }) =>
    kind === 'part' && names.length > 0 && of('branches', names.length, { names: names.join(', ') });

  return {
    say,
    of,
    /** What a row is called. */
    title(row) {
      if (row.kind === 'unreadable') return row.file;
      if (row.kind === 'chat') return chat(row);
      if (!row.messages) return say('part_none', { title: chat(row) });
      return of('part', row.messages, { title: chat(row) });
    },
    /** What else a row says of itself. */
    facts: (row) => [
      row.kind === 'chat' && of('messages', row.messages),
      branches(row),
      row.kind === 'unreadable' && say('unreadable'),
      row.kind === 'unreadable' && size(row.size),
      when(row),
    ].filter(Boolean).join(' · '),
    /** What to know before restoring it, or why that cannot be. */
    note({ kind, home }) {
      if (kind === 'chat') return home === 'list' ? say('chat_in_list') : '';
      if (kind === 'part' && home !== 'list') return say(`part_${home}`);
      return '';
    },
    restored: (row) => say(row.kind === 'part' ? 'restored_part' : 'restored', { title: chat(row) }),
  };
}
