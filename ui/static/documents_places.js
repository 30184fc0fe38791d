// Where a search looks: collections by their names, and single documents among them
// (core/documents.py, ChosenDocument).

const SINGLE = /^#(\d+)\t([^\t]*)$/;

/** How a single document stands among collections. */
export const placeOf = ({ id, name }) => `#${id}\t${name.replaceAll('\t', ' ')}`;

/** The document that a place stands for, {id, name}; null where it is a collection. */
export function documentIn(place) {
  const found = SINGLE.exec(place);
  return found && { id: Number(found[1]), name: found[2] };
}

/** What a place is called. */
export const nameOf = (place) => documentIn(place)?.name ?? place;

/** The chosen places that were deleted, as far as is known. */
export function goneOf(places, known) {
  if (!known || known.error) return [];
  const ids = new Set(known.documents.map((one) => one.id));
  return places.filter((place) => {
    const single = documentIn(place);
    return single ? !ids.has(single.id) : !known.collections.includes(place);
  });
}

/** The places as parameters of a search. */
export const placeParameters = (places) => places.map((place) => {
  const single = documentIn(place);
  return single ? ['documents', single.id] : ['collections', place];
});
