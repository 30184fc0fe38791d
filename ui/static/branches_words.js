// What the branches are called in the page's language.

import { chatTime } from './chat_times.js';

/** @param {(key: string, params?: object) => string} text - the page's texts */
export function createWords(text) {
  const locale = document.documentElement.lang || 'tr';
  const number = new Intl.NumberFormat(locale);
  const of = (key, count, params = {}) =>
    text(`branches.${key}${count === 1 ? '_one' : ''}`, { ...params, count: number.format(count) });
  const messages = (count) => of('messages', count);
  const join = (...parts) => parts.filter(Boolean).join(' · ');
  const shortName = (path) => path.name || path.about || text('branches.unnamed');
  return {
    of,
    messages,
    join,
    /** A path in few words. */
    shortName,
    /** A path so that it is told from others about the same question. */
    longName: (path) => (path.name ? path.name : join(shortName(path), path.models.join(', '))),
    /** What stands beside the name of a path. */
    facts: (path) => join(
      path.branch ? '' : path.models.join(', '),
      messages(path.count),
      path.branch?.updated && chatTime(path.branch.updated, { locale }),
    ),
    /** The end of a segment, for the line under the picture and for screen readers. */
    segment(segment, tree) {
      const named = tree.branches.filter((branch) => branch.leaf === segment.tip);
      return join(
        named.map((branch) => branch.name).join(', '),
        segment.tip === tree.leaf && text('branches.here'),
        segment.running && text('branches.running'),
        segment.label && `“${segment.label}”`,
        segment.models.join(', '),
        messages(segment.count),
      );
    },
  };
}
