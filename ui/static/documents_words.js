// Sizes, shares, places and states of documents in words.

import { createSizes } from './sizes.js';

const FIRST = 'Belgeler'; // the collection that is always there, as the server keeps its name

/** @param {string} language @param {(key, params) => string} text */
export function createWords(language, text) {
  /** A sentence; of one thing its `…_one`, where there is such a sentence. */
  const say = (key, params) => {
    const single = params?.count === '1' ? text(`${key}_one`, params) : '';
    return single && !single.endsWith(`${key}_one`) ? single : text(key, params);
  };
  const number = new Intl.NumberFormat(language);
  const short = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });
  const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', year: 'numeric' });
  const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
  const place = ({ page, heading = [], ocr = false }) => [
    page != null && say('page', { page: number.format(page) }),
    heading.length && heading.join(' › '),
    ocr && say('read_by_ocr'),
  ].filter(Boolean).join(' · ');

  return {
    say,
    language,
    number: (value) => number.format(value),
    measure: (value) => short.format(value),
    percent: (share) => percent.format(share),
    day: (moment) => (moment ? day.format(new Date(moment)) : ''),
    moment: (added) => (added ? moment.format(new Date(added)) : ''),
    /** What a collection is called on the page. */
    collection: (name) => (name === FIRST ? say('collection_first') : name),
    size: createSizes(language),
    /** Where in its file a passage is. */
    place,
    /** What a document is: how long, how many passages, how big. */
    facts: (document) => [
      document.pages > 0 && say('pages', { count: number.format(document.pages) }),
      document.chunks > 0 && say('passages', { count: number.format(document.chunks) }),
    ].filter(Boolean),
    state: ({ state, progress }) => say(`state_${state}`, { percent: percent.format(progress ?? 0) }),
  };
}

/** The ending of a file's name in capitals, for its little picture; a page of the web has none. */
export function ending(name) {
  const found = /\.([a-z0-9]{1,5})$/i.exec(name);
  return (found?.[1] ?? '').toUpperCase().slice(0, 4);
}
