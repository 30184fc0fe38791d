// The icons of the documents: strokes in the colour of the text around them.

import { icon } from './dom_patch.js';

const PATHS = {
  documents: ['M4.2 2h4.6l3.2 3.2v6.3H4.2z', 'M8.6 2.2v3.2h3.2', 'M2.4 4.8v9h7.4'],
  file: ['M3.8 1.8h5.2l3.4 3.4v9H3.8z', 'M8.8 2v3.4h3.4'],
  upload: ['M8 10.6V2.8', 'M4.8 5.8L8 2.6l3.2 3.2', 'M2.6 10.4v2.9h10.8v-2.9'],
  link: ['M6.7 9.3a2.6 2.6 0 0 0 3.7 0l2.3-2.3a2.6 2.6 0 0 0-3.7-3.7l-.8.8', 'M9.3 6.7a2.6 2.6 0 0 0-3.7 0L3.3 9a2.6 2.6 0 0 0 3.7 3.7l.8-.8'],
  search: ['M7 11.6a4.6 4.6 0 1 0 0-9.2a4.6 4.6 0 1 0 0 9.2', 'M10.4 10.4l3.4 3.4'],
  map: ['M2.5 2.5v11h11', 'M6 10.2h.01', 'M8.2 6.4h.01', 'M11.6 8.6h.01', 'M11 4.2h.01', 'M5.4 5.2h.01'],
  measure: ['M3 13.5v-4', 'M6.4 13.5V6', 'M9.8 13.5V8.2', 'M13.2 13.5v-11'],
  ask_only: ['M2.5 3h11v7.6H7.4L4.4 13v-2.4H2.5z', 'M5.4 5.8h5.2', 'M5.4 7.9h3.4'],
  again: ['M13 8a5 5 0 1 1-1.5-3.6', 'M13 2.4v2.8h-2.8'],
  delete: ['M2.5 4.2h11', 'M6 4V2.5h4V4', 'M4 4.2l.6 9.3h6.8l.6-9.3', 'M6.8 7v4M9.2 7v4'],
  close: ['M4 4l8 8', 'M12 4l-8 8'],
  add: ['M8 3.5v9', 'M3.5 8h9'],
  down: ['M4.5 6.2L8 9.8l3.5-3.6'],
  up: ['M4.5 9.8L8 6.2l3.5 3.6'],
  download: ['M8 2.6v7.8', 'M4.8 7.4L8 10.6l3.2-3.2', 'M2.6 10.6v2.7h10.8v-2.7'],
  folder: ['M2 4.2h4.2l1.4 1.6H14v7.4H2z'],
};

/** The icon of that name, 16 pixels unless told. */
export function documentIcon(name, size = 16) {
  return icon(size, '0 0 16 16', PATHS[name], {
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': name === 'map' ? '1.7' : '1.3',
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
  });
}
