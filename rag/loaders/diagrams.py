"""SmartArt: the texts of its shapes, each under the one it belongs to."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from rag.loaders.ooxml import a, dgm

_SHOWN = {"node", "asst", "doc"}


def diagram(root: Any) -> str:
    """A line for each shape, outermost first, those below it behind it."""
    points = {
        one.get("modelId", ""): one
        for one in root.iter(dgm("pt"))
        if one.get("type", "node") in _SHOWN
    }
    below, roots = _order(root, points)
    lines, seen = [], set()
    waiting = [(one, 0) for one in reversed(roots)]
    while waiting:
        name, depth = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        text = _text(points[name])
        if text:
            lines.append(f"{'  ' * max(0, depth - 1)}- {text}")
        waiting += [(one, depth + 1) for one in reversed(below[name])]
    return "\n".join(lines)


def _order(root: Any, points: dict[str, Any]) -> tuple[dict[str, list[str]], list[str]]:
    """The points below each point in their order, and those that are below none."""
    below: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for one in root.iter(dgm("cxn")):
        source, target = one.get("srcId", ""), one.get("destId", "")
        if one.get("type", "parOf") == "parOf" and source in points and target in points:
            order = one.get("srcOrd", "0")
            below[source].append((int(order) if order.isdecimal() else 0, target))
    inner = {target for found in below.values() for _, target in found}
    sorted_below = defaultdict(
        list, {one: [name for _, name in sorted(found)] for one, found in below.items()}
    )
    return sorted_below, [one for one in points if one not in inner]


def _text(point: Any) -> str:
    paragraphs = (
        "".join(one.text or "" for one in paragraph.iter(a("t")))
        for paragraph in point.iter(a("p"))
    )
    return " ".join(" ".join(paragraphs).split())
