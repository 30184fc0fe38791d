/* The icons of the chat list: strokes in the colour of the text around them. */

import { icon } from "./dom_patch.js";

const PATHS = {
  more: ["M3.5 8h.01", "M8 8h.01", "M12.5 8h.01"],
  pin: ["M9.8 2.2l4 4-1.3.6-2.1 2.1-.4 3-1 1-2.6-2.6L3 13.7l2.4-3.4L2.8 7.7l1-1 3-.4L8.9 4.2z"],
  unpin: ["M9.8 2.2l4 4-1.3.6-1.2 1.2M10.1 11.5l-.1.4-1 1-2.6-2.6L3 13.7l2.4-3.4L2.8 7.7l1-1 .6-.1M7.5 5.6l1.4-1.4.9-2", "M2.5 2.5l11 11"],
  rename: ["M10.8 2.7l2.5 2.5-7.6 7.6-3.2.7.7-3.2z", "M9.3 4.2l2.5 2.5"],
  "export-markdown": ["M4 1.8h5l3.5 3.5v8.9H4z", "M8.8 2v3.5h3.5", "M6 11.5v-3l1.8 1.8L9.6 8.5v3"],
  "export-json": ["M6 2.5H5A1.5 1.5 0 0 0 3.5 4v2.5L2 8l1.5 1.5V12A1.5 1.5 0 0 0 5 13.5h1", "M10 2.5h1A1.5 1.5 0 0 1 12.5 4v2.5L14 8l-1.5 1.5V12a1.5 1.5 0 0 1-1.5 1.5h-1"],
  delete: ["M2.5 4.2h11", "M6 4V2.5h4V4", "M4 4.2l.6 9.3h6.8l.6-9.3", "M6.8 7v4M9.2 7v4"],
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
