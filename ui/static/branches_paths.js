// The paths of a chat as a person tells them apart: branches by their names, others by what they
// are about.

/** Named and other paths of a tree: {name, leaf, current, about, count, branch}. `branch` is the
 * named branch, if it is one. */
export function pathsOf(tree) {
  const byId = new Map(tree.segments.map((segment) => [segment.id, segment]));
  const parents = new Set(tree.segments.map((segment) => segment.parent));
  const named = tree.branches.map((branch) => {
    const segment = tree.segments.find((one) => one.tip === branch.leaf);
    return {
      branch, name: branch.name, leaf: branch.leaf, current: branch.current, count: branch.count,
      about: segment ? about(segment, byId) : '', models: segment?.models ?? [],
    };
  });
  const taken = new Set(tree.branches.map((branch) => branch.leaf));
  const others = tree.segments
    .filter((segment) => !parents.has(segment.id) && !taken.has(segment.tip))
    .map((segment) => ({
      branch: null, name: '', leaf: segment.tip, current: segment.tip === tree.leaf,
      count: segment.count, about: about(segment, byId), models: segment.models,
    }));
  return { named, others };
}

/** The first words of the newest question at or above a segment. */
export function about(segment, byId) {
  let at = segment;
  while (at && !at.label) at = byId.get(at.parent);
  return at?.label ?? '';
}
