"""Questions as a person asks them, over files as people have them: what reading makes findable."""

from bench.reading.run import measure

__all__ = ["measure"]
