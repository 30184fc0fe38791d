// The icons of the lanes: strokes in the colour of the text around them.

import { icon } from './dom_patch.js';

const PATHS = {
  stop: ['M5 5h6v6H5z'],
  retry: ['M13 8a5 5 0 1 1-1.6-3.7M13 2.5v3h-3'],
  continue: ['M3 8h9.5', 'M9 4.5L12.5 8L9 11.5'],
  go_on: ['M3 3.5v9', 'M6.5 4l6.5 4l-6.5 4z'],
  wide: ['M2.5 8h11', 'M5 5.5L2.5 8L5 10.5', 'M11 5.5L13.5 8L11 10.5'],
  narrow: ['M1.5 8h4.5M14.5 8H10', 'M3.8 5.5L6.3 8L3.8 10.5', 'M12.2 5.5L9.7 8l2.5 2.5'],
  left: ['M9.5 4.5L6 8l3.5 3.5'],
  right: ['M6.5 4.5L10 8l-3.5 3.5'],
  hide: ['M4 4l8 8', 'M12 4l-8 8'],
  show: ['M8 3.5v9', 'M3.5 8h9'],
  copy: ['M5.5 5.5h8v8h-8z', 'M10.5 5.5v-3h-8v8h3'],
  diff: ['M2 3h5v10H2z', 'M9 3h5v10H9z', 'M4 6h1M4 9h1M11 6h1M11 9h1'],
  fuse: ['M2.5 3.5c4 0 3 4.5 6 4.5M2.5 12.5c4 0 3-4.5 6-4.5M8.5 8h5', 'M11.5 6L13.5 8l-2 2'],
  sets: ['M2.5 4h11', 'M2.5 8h11', 'M2.5 12h7'],
  new: ['M8 3v10', 'M3 8h10'],
};

/** The icon of that name, 16 pixels unless told. */
export const laneIcon = (name, size = 16) => icon(size, '0 0 16 16', PATHS[name], {
  fill: name === 'stop' ? 'currentColor' : 'none',
  stroke: 'currentColor',
  'stroke-width': '1.5',
  'stroke-linecap': 'round',
  'stroke-linejoin': 'round',
});
