// The documents as a map: passages that mean alike lie together; the question and what it found
// are marked.

import { openPassages } from './citations_sheet.js';
import * as api from './documents_api.js';
import { draw as svg, make } from './elements.js';

const HEIGHT = 400; // CSS pixels, of a picture that is wide enough
const FLATTEST = 0.85; // its height on a narrow screen, as a share of its width
const EDGE = 24;
const NEAR = 18; // how far from a point it is still meant
const REACH = 1.2;
const HUES = 8; // documents that get a colour of their own, the biggest first

/** @param {object} parts - words, places() that are shown, and failed(error) */
export function createMap({ words, places, failed }) {
  const { say } = words;
  const picture = make('div', { class: 'picture' });
  const tip = make('div', { class: 'tip', hidden: true });
  const legend = make('ul', { class: 'legend' });
  const note = make('p', { class: 'note', role: 'status' });
  const element = make('section', { id: 'documents-map', 'aria-label': say('map'), hidden: true },
    make('div', { class: 'frame' }, picture, tip), legend, note);
  let points = [];
  let asked = 0;
  let question = '';
  let found = null;
  let size = { width: 0, height: 0 };

  new ResizeObserver(() => {
    if (found && picture.clientWidth && picture.clientWidth !== size.width) drawn();
  }).observe(picture);

  async function show(next) {
    question = next;
    if (element.hidden) return;
    asked += 1;
    const mine = asked;
    if (!points.length) note.textContent = say('map_drawing');
    try {
      const next = await api.map(question, places());
      if (mine !== asked) return;
      found = next;
      drawn();
    } catch (error) {
      if (mine === asked) note.textContent = [error.message, error.hint].filter(Boolean).join(' ');
    }
  }

  function drawn() {
    const { points: all, question: asker, share } = found;
    const hues = colours(all);
    const width = element.querySelector('.frame').clientWidth;
    size = { width, height: Math.min(HEIGHT, width * FLATTEST) };
    points = all.map((point) => ({
      ...point, ...place(point, size), hue: hues.get(point.document) ?? 'other',
    }));
    const asking = asker && place(asker, size);
    tip.hidden = true;
    const drawing = svg('svg', {
      ...size, viewBox: `0 0 ${size.width} ${size.height}`, role: 'img', 'aria-label': say('map_label', { count: points.length }),
      onpointermove: point, onpointerleave: () => light(null), onclick: open,
    },
    ...points.filter(({ hit }) => hit == null).map((one) => svg('circle', { cx: one.left, cy: one.top, r: 4.5, class: 'dot', 'data-hue': one.hue })),
    ...asking ? lines(points, asking) : [],
    ...points.filter(({ hit }) => hit != null).map(hitMark),
    ...asking ? [questionMark(asking, say)] : [],
    svg('circle', { class: 'lit', r: 9, visibility: 'hidden' }));
    picture.replaceChildren(...(points.length ? [drawing] : []));
    legend.replaceChildren(...[...hues].slice(0, HUES).map(([document, hue]) => make('li', { 'data-hue': hue },
      make('span', { dir: 'auto' }, all.find((one) => one.document === document).name))),
    ...(points.some((one) => one.hue === 'other') ? [make('li', { 'data-hue': 'other' }, say('map_others'))] : []));
    note.textContent = points.length
      ? say('map_note', { count: words.number(points.length), share: words.percent(share) })
      : say('map_empty');
  }

  function nearest(event) {
    const { left, top } = picture.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    let best = null;
    for (const one of points) {
      const far = Math.hypot(one.left - x, one.top - y);
      if (far < NEAR && (!best || far < best.far)) best = { one, far };
    }
    return best?.one ?? null;
  }

  const point = (event) => light(nearest(event));

  function light(one) {
    const ring = picture.querySelector('.lit');
    ring?.setAttribute('visibility', one ? 'visible' : 'hidden');
    tip.hidden = !one;
    if (!one) return;
    ring.setAttribute('cx', one.left);
    ring.setAttribute('cy', one.top);
    tip.replaceChildren(make('strong', { dir: 'auto' }, one.name), make('span', {}, [
      words.place(one), one.hit != null && say('map_hit', { rank: one.hit }),
    ].filter(Boolean).join(' · ')));
    tip.style.insetInlineStart = `clamp(0px, ${one.left - 130}px, calc(100% - 260px))`;
    tip.style.top = `${one.top}px`;
    tip.classList.toggle('above', one.top > size.height * 0.6);
  }

  async function open(event) {
    const one = nearest(event);
    if (!one) return;
    try {
      const passage = await api.chunk(one.document, one.chunk);
      openPassages({ words, passages: [{ ...passage, number: 1, sentence: '' }], at: 1 });
    } catch (error) {
      failed(error);
    }
  }

  return {
    element,
    show,
    /** Shows or hides the map. */
    turn(on) {
      element.hidden = !on;
      if (on) show(question);
    },
    again: () => show(question),
  };
}

/** A point of -1 to 1, a question a little beyond, in the picture. */
const place = ({ x, y }, { width, height }) => ({
  left: EDGE + ((x + REACH) / (2 * REACH)) * (width - 2 * EDGE),
  top: EDGE + ((REACH - y) / (2 * REACH)) * (height - 2 * EDGE),
});

/** A colour for the documents with the most passages. */
function colours(points) {
  const counts = new Map();
  for (const { document } of points) counts.set(document, (counts.get(document) ?? 0) + 1);
  const biggest = [...counts].sort((a, b) => b[1] - a[1]).slice(0, HUES);
  return new Map(biggest.map(([document], index) => [document, String(index)]));
}

const lines = (points, asker) => points.filter(({ hit }) => hit != null).map((one) =>
  svg('path', { class: 'way', d: `M${asker.left} ${asker.top}L${one.left} ${one.top}` }));

const hitMark = (one) => svg('g', { class: 'hit', 'data-hue': one.hue },
  svg('circle', { cx: one.left, cy: one.top, r: 11 }),
  svg('text', { x: one.left, y: one.top + 4 }, String(one.hit)));

const questionMark = ({ left, top }, say) => svg('g', { class: 'question' },
  svg('path', { d: `M${left} ${top - 13}L${left + 13} ${top}L${left} ${top + 13}L${left - 13} ${top}Z` }),
  svg('text', { x: left, y: top + 5 }, '?'),
  svg('title', {}, say('map_question')));
