// The three plots of the leaderboard: ratings with their intervals, against speed, against cost.

import { draw, make } from './elements.js';
import { fitting, placeLabels, widthOf } from './leaderboard_labels.js';
import { scaleFromZero, scaleOver } from './leaderboard_scale.js';

const MIDDLE = 1000;
const ROW = 30;
const FOOT = 42; // ticks and the axis' name
const SCATTER = 300;
const GUTTER = 230; // for the names beside the ratings, at most
const LABEL = 150;

/**
 * @param {object} page - board, say(key, params), numbers
 * @returns {{element: Element, stop: () => void}} `stop` ends the watch on the width
 */
export function createPlots({ board, say, numbers }) {
  const rows = board.groups[0];
  const spoken = (row) => say('point', {
    model: row.label, points: numbers.points(row.points), low: numbers.points(row.low), high: numbers.points(row.high),
  });
  const speed = { name: 'speed', write: numbers.speed };
  const cost = { name: 'cost', write: numbers.cost };
  const cards = [
    card('rating', rows, (width, name) => ratings(width, name)),
    ...[speed, cost].map((measure) => {
      const known = rows.filter((row) => row[measure.name] !== null);
      return card(measure.name, known, (width, name) => against(measure, known, width, name));
    }),
  ];
  const element = make('section', { class: 'plots' }, ...cards.map((one) => one.element), notes());
  const watch = new ResizeObserver(() => cards.forEach((one) => one.redraw()));
  watch.observe(element);

  function notes() {
    const lines = [rows.some((row) => row.doubt) && say('hollow'), board.groups.length > 1 && say('plot_first')];
    return make('p', { class: 'quiet' }, lines.filter(Boolean).join(' '));
  }

  function card(name, known, paint) {
    const place = make('div', { class: 'picture' });
    const missing = rows.filter((row) => !known.includes(row)).map((row) => row.label);
    const told = known.length ? say(`plot_${name}_note`) : say('plot_none');
    let drawn = 0;
    return {
      element: make('figure', { class: name },
        make('figcaption', {}, make('h3', {}, say(`plot_${name}`)), make('p', {}, told)),
        known.length > 0 && place,
        known.length > 0 && missing.length > 0 && make('p', { class: 'quiet' }, say('plot_missing', { models: missing.join(', ') }))),
      redraw() {
        const width = Math.floor(place.clientWidth);
        if (!known.length || !width || width === drawn) return;
        drawn = width;
        place.replaceChildren(paint(width, name));
      },
    };
  }

  function ratings(width, name) {
    const gutter = Math.min(Math.max(...rows.map((row) => widthOf(row.label))), width * 0.36, GUTTER) + 14;
    const height = rows.length * ROW + FOOT;
    const scale = scaleOver(Math.min(MIDDLE, ...rows.map((row) => row.low)), Math.max(MIDDLE, ...rows.map((row) => row.high)));
    const across = (value) => gutter + scale.place(value) * (width - gutter - 22);
    const bottom = height - FOOT;
    return picture(name, width, height, rows,
      ...thin(scale.ticks, across, numbers.points).flatMap((tick) => [
        line('grid', across(tick), 0, across(tick), bottom), words('tick', across(tick), bottom + 16, numbers.points(tick), 'middle'),
      ]),
      line('middle', across(MIDDLE), 0, across(MIDDLE), bottom),
      words('axis', (gutter + width - 22) / 2, bottom + 35, say('axis_rating'), 'middle'),
      ...rows.map((row, index) => {
        const y = index * ROW + ROW / 2;
        return mark(row,
          draw('rect', { class: 'reach', x: 0, y: index * ROW, width, height: ROW, rx: 6 }),
          words('name', 6, y + 4, fitting(row.label, gutter - 14), 'start'),
          line('interval', across(row.low), y, across(row.high), y),
          dot(across(row.points), y, row));
      }));
  }

  function against({ name, write }, known, width, title) {
    const up = scaleOver(Math.min(...known.map((row) => row.low)), Math.max(...known.map((row) => row.high)));
    const along = scaleFromZero(known.map((row) => row[name]));
    const left = Math.max(...up.ticks.map((tick) => widthOf(numbers.points(tick)))) + 26;
    const frame = { left, right: width - 14, top: 8, bottom: SCATTER - FOOT };
    const across = (value) => frame.left + along.place(value) * (frame.right - frame.left);
    const above = (value) => frame.bottom - up.place(value) * (frame.bottom - frame.top);
    const points = known.map((row) => ({ row, x: across(row[name]), y: above(row.points), name: fitting(row.label, LABEL) }));
    const labels = placeLabels(points, { ...frame, right: width });
    return picture(title, width, SCATTER, known,
      ...up.ticks.flatMap((tick) => [
        line('grid', frame.left, above(tick), frame.right, above(tick)), words('tick', frame.left - 7, above(tick) + 4, numbers.points(tick), 'end'),
      ]),
      ...thin(along.ticks, across, write).flatMap((tick) => [
        line('grid', across(tick), frame.top, across(tick), frame.bottom), words('tick', across(tick), frame.bottom + 16, write(tick), 'middle'),
      ]),
      words('axis', (frame.left + frame.right) / 2, frame.bottom + 35, say(`axis_${name}`), 'middle'),
      turned(11, (frame.top + frame.bottom) / 2, say('axis_rating')),
      ...points.map(({ row, x, y, name: label }, index) => mark(row,
        line('interval', x, above(row.low), x, above(row.high)),
        dot(x, y, row),
        labels[index] && words('name', labels[index].x, labels[index].y, label, labels[index].anchor))));
  }

  function picture(name, width, height, known, ...kids) {
    const id = `leaderboard-plot-${name}`;
    return draw('svg', { role: 'img', width, height, viewBox: `0 0 ${width} ${height}`, 'aria-labelledby': `${id} ${id}-desc` },
      draw('title', { id }, say(`plot_${name}`)),
      draw('desc', { id: `${id}-desc` }, known.map((row) => spokenWith(name, row)).join('; ')),
      ...kids);
  }

  function spokenWith(name, row) {
    if (name === 'speed') return `${spoken(row)}, ${numbers.speed(row.speed)} ${say('speed_unit')}`;
    return name === 'cost' ? `${spoken(row)}, ${numbers.cost(row.cost)}` : spoken(row);
  }

  function mark(row, ...kids) {
    return draw('g', { class: 'point', 'data-model': row.model }, draw('title', {}, spoken(row)), ...kids);
  }

  return { element, stop: () => watch.disconnect() };
}

const line = (kind, x1, y1, x2, y2) => draw('line', { class: kind, x1, y1, x2, y2 });
const dot = (cx, cy, row) => draw('circle', { class: row.doubt ? 'dot hollow' : 'dot', cx, cy, r: 5 });
const words = (kind, x, y, said, anchor) => draw('text', { class: kind, x, y, 'text-anchor': anchor }, said);
const turned = (x, y, said) =>
  draw('text', { class: 'axis', 'text-anchor': 'middle', transform: `translate(${x} ${y}) rotate(-90)` }, said);

/** Every tick whose number does not run into the one before it. */
function thin(ticks, across, write) {
  let end = -Infinity;
  return ticks.filter((tick) => {
    const half = widthOf(write(tick)) / 2 + 5;
    if (across(tick) - half < end) return false;
    end = across(tick) + half;
    return true;
  });
}
