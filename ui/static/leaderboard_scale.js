// Axes: from values to places between 0 and 1, with a few round ticks.

const TICKS = 5;
const ROOM = 0.04;
const ROUND = [1, 2, 2.5, 5, 10];
const WIDE = 20; // times the smallest value: then only a logarithmic axis keeps the small ones apart
const NOTHING = 0.04; // where zero stands on a logarithmic axis, and where that begins
const BEGIN = 0.16;

/** All of the values with a little room at the ends. */
export function scaleOver(low, high) {
  const room = (high - low || 1) * ROOM;
  return linear(low - room, high + room);
}

/** From zero; logarithmic where the values lie far apart, with a place of its own for zero. */
export function scaleFromZero(values) {
  const positive = values.filter((value) => value > 0);
  const low = Math.min(...positive);
  const high = Math.max(...positive);
  if (!positive.length) return { place: () => NOTHING, ticks: [0] };
  return high / low < WIDE ? linear(0, high * (1 + ROOM)) : logarithmic(low, high, positive.length < values.length);
}

function linear(from, to) {
  const step = roundStep((to - from) / TICKS);
  const ticks = [];
  for (let n = Math.ceil(from / step); n * step <= to; n += 1) ticks.push(n * step || 0); // never -0
  return { place: (value) => (value - from) / (to - from), ticks };
}

function logarithmic(low, high, withZero) {
  const from = Math.floor(Math.log10(low));
  const to = Math.ceil(Math.log10(high));
  const begin = withZero ? BEGIN : 0;
  const place = (value) => (value > 0 ? begin + ((Math.log10(value) - from) / (to - from)) * (1 - begin) : NOTHING);
  const every = Math.ceil((to - from) / TICKS);
  const ticks = withZero ? [0] : [];
  for (let power = from; power <= to; power += every) ticks.push(10 ** power);
  return { place, ticks };
}

function roundStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ROUND.find((factor) => factor * power >= rough * 0.999);
}
