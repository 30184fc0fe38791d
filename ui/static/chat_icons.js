/* The icons of the chat list, the branches and what is found: strokes in the colour of the text around them. */

import { icon } from "./dom_patch.js";

const PATHS = {
  more: ["M3.5 8h.01", "M8 8h.01", "M12.5 8h.01"],
  pin: ["M9.8 2.2l4 4-1.3.6-2.1 2.1-.4 3-1 1-2.6-2.6L3 13.7l2.4-3.4L2.8 7.7l1-1 3-.4L8.9 4.2z"],
  unpin: ["M9.8 2.2l4 4-1.3.6-1.2 1.2M10.1 11.5l-.1.4-1 1-2.6-2.6L3 13.7l2.4-3.4L2.8 7.7l1-1 .6-.1M7.5 5.6l1.4-1.4.9-2", "M2.5 2.5l11 11"],
  rename: ["M10.8 2.7l2.5 2.5-7.6 7.6-3.2.7.7-3.2z", "M9.3 4.2l2.5 2.5"],
  "export-markdown": ["M4 1.8h5l3.5 3.5v8.9H4z", "M8.8 2v3.5h3.5", "M6 11.5v-3l1.8 1.8L9.6 8.5v3"],
  "export-json": ["M6 2.5H5A1.5 1.5 0 0 0 3.5 4v2.5L2 8l1.5 1.5V12A1.5 1.5 0 0 0 5 13.5h1", "M10 2.5h1A1.5 1.5 0 0 1 12.5 4v2.5L14 8l-1.5 1.5V12a1.5 1.5 0 0 1-1.5 1.5h-1"],
  delete: ["M2.5 4.2h11", "M6 4V2.5h4V4", "M4 4.2l.6 9.3h6.8l.6-9.3", "M6.8 7v4M9.2 7v4"],
  up: ["M4 10l4-4l4 4"],
  down: ["M4 6l4 4l4-4"],
  close: ["M4 4l8 8", "M12 4l-8 8"],
  add: ["M8 3.5v9", "M3.5 8h9"],
  star: ["M8 2.2l1.8 3.7 4 .5-3 2.8.8 4L8 11.2l-3.6 2 .8-4-3-2.8 4-.5z"],
  branch: ["M4.5 5v6", "M4.5 9.5c0-2.5 7-1 7-4", "M6.1 12.8a1.6 1.6 0 1 1-3.2 0a1.6 1.6 0 1 1 3.2 0", "M6.1 3.4a1.6 1.6 0 1 1-3.2 0a1.6 1.6 0 1 1 3.2 0", "M13.1 3.9a1.6 1.6 0 1 1-3.2 0a1.6 1.6 0 1 1 3.2 0"],
  compare: ["M2.5 3.5h4v9h-4z", "M9.5 3.5h4v9h-4z"],
  replay: ["M13 8a5 5 0 1 1-1.5-3.6", "M13 2.4v2.8h-2.8", "M6.9 6.1v3.8L10 8z"],
  prune: ["M4.2 10.2a1.8 1.8 0 1 0 0 3.6a1.8 1.8 0 1 0 0-3.6", "M11.8 10.2a1.8 1.8 0 1 0 0 3.6a1.8 1.8 0 1 0 0-3.6", "M5.3 10.6L11 2.2", "M10.7 10.6L5 2.2"],
};

/** The icon of that name, 16 pixels unless told. */
export function chatIcon(name, size = 16) {
  return icon(size, "0 0 16 16", PATHS[name], {
    fill: "none",
    stroke: "currentColor",
    "stroke-width": name === "more" ? "2.2" : "1.3",
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
  });
}
