// Elements in one call: what they are, what they say and what they listen to.

const SVG = 'http://www.w3.org/2000/svg';

/** An HTML element. A function among the attributes listens (`onclick`), `true` is an attribute
 * without a value, `false` and `null` are left out; so are such kids. */
export const make = (tag, attributes, ...kids) =>
  fill(document.createElement(tag), attributes, kids);

/** An SVG element, in the same way. */
export const draw = (tag, attributes, ...kids) =>
  fill(document.createElementNS(SVG, tag), attributes, kids);

function fill(element, attributes, kids) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...kids.flat().filter((kid) => kid != null && kid !== false));
  return element;
}
