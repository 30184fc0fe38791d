"""Whether what was found has to do with the question: a hint for the person and the model.

It keeps nothing back, because it errs: it doubts one in five everyday questions whose answer is in
the library (`python -m bench everyday`).
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.values import Hit

_JUDGED = 3
"""How many of the best passages may show that something was found."""


def is_weak(hits: Sequence[Hit]) -> bool:
    """Whether none of the best passages is nearer to the question than texts of unlike subjects
    are, with the words they share counted in."""
    return all(hit.match < 0 for hit in hits[:_JUDGED])
