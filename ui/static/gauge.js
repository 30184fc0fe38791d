// How full the model's window is: a ring beside the message box, and what fills it on a click.

import { draw, make } from './elements.js';
import { withCode } from './models.js';

const PARTS = ['system', 'summary', 'documents', 'history', 'reserved', 'free'];
const HIGH = 0.8; // from here the ring warns

/** @param {object} page - text(key, params), language, and model(): the name of the shown model */
export function createGauge({ text, language, model }) {
  const place = document.getElementById('context-gauge');
  const number = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });
  const arc = draw('circle', { cx: 12, cy: 12, r: 9, pathLength: 100, class: 'arc' });
  const ring = draw('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' },
    draw('circle', { cx: 12, cy: 12, r: 9, class: 'track' }), arc);
  const button = make('button', { type: 'button', 'aria-expanded': 'false', onclick: turn }, ring);
  const panel = make('div', { class: 'divan-gauge', hidden: true });
  let gauge = null;
  let summarising = false;
  place.append(button, panel);

  function turn() {
    panel.hidden = !panel.hidden;
    button.setAttribute('aria-expanded', String(!panel.hidden));
    drawPanel();
  }

  const close = () => { if (!panel.hidden) turn(); };
  document.addEventListener('pointerdown', (event) => {
    if (!place.contains(event.target)) close();
  }, true);
  place.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || panel.hidden) return;
    close();
    button.focus();
  });

  function drawRing() {
    const { fraction, used, left_out: leftOut } = gauge;
    arc.setAttribute('stroke-dasharray', `${(fraction ?? 0) * 100} 100`);
    button.classList.toggle('unknown', fraction === null);
    button.classList.toggle('high', fraction >= HIGH);
    button.classList.toggle('over', leftOut > 0);
    const label = fraction === null
      ? text('context.gauge_unknown', { used: number.format(used) })
      : text(isOver() ? 'context.gauge_over' : 'context.gauge', { percent: percent.format(fraction) });
    button.title = label;
    button.setAttribute('aria-label', label);
  }

  function drawPanel() {
    if (panel.hidden || !gauge) return;
    const { window: size, fraction, left_out: leftOut, counted } = gauge;
    const notes = [
      leftOut > 0 && make('p', { class: 'left-out' }, text('context.left_out', { count: leftOut })),
      isOver() && !leftOut && make('p', { class: 'left-out' }, text('context.cut')),
      summarising && make('p', { class: 'summarising' }, text('context.summarising')),
      make('p', {}, text(counted ? 'context.counted' : 'context.estimated')),
    ];
    panel.replaceChildren(head(), ...size ? [bar()] : [], list(), ...notes.filter(Boolean));
  }

  function head() {
    const { window: size, fraction } = gauge;
    const params = { model: model(), window: number.format(size ?? 0) };
    return make('header', {},
      make('strong', {}, text('context.title')),
      size && make('span', {},
        text(isOver() ? 'context.over' : 'context.full', { percent: percent.format(fraction) })),
      make('p', {}, ...withCode(text(size ? 'context.window' : 'context.window_unknown', params))));
  }

  /** What is sent is then less than there is: a share of the window would contradict its parts. */
  const isOver = () => gauge.fraction === 1;

  const tokens = (part) => (part === 'free'
    ? Math.max(0, gauge.window - gauge.used - gauge.reserved)
    : gauge[part]);
  const known = () => PARTS.filter((part) => gauge.window || !['reserved', 'free'].includes(part));

  const bar = () => make('div', { class: 'bar', 'aria-hidden': 'true' },
    ...PARTS.map((part) => make('i', { class: part, style: `flex-grow: ${tokens(part)}` })));

  const list = () => make('dl', {}, ...known()
    .filter((part) => tokens(part) > 0 || part === 'history')
    .flatMap((part) => [
      make('dt', { class: part }, text(`context.${part}`, { count: gauge.summarised })),
      make('dd', {}, number.format(tokens(part))),
    ]));

  return {
    /** What Python has reckoned for the shown chat; null leaves the ring as it is. */
    show(next, isEmpty) {
      gauge = next ?? gauge;
      place.classList.toggle('empty', !gauge || (isEmpty && gauge.used === 0));
      if (!gauge) return;
      drawRing();
      drawPanel();
    },
    /** Whether a summary of the chat is being written. */
    summarising(on) {
      summarising = on;
      button.classList.toggle('summarising', on);
      drawPanel();
    },
    /** Another chat: what was known says nothing about it. */
    forget() {
      gauge = null;
      close();
    },
  };
}
