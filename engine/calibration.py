"""How many tokens a text is, as each model's own tokenizer has counted so far."""

from __future__ import annotations

from engine.metrics import estimate_tokens


class Calibration:
    """Estimates of tokens, corrected by what providers counted."""

    def tokens(self, model_id: str, text: str) -> int:
        """The tokens of a text for a model, at our best knowledge."""
        return estimate_tokens(text)

    def learn(self, model_id: str, estimated: int, counted: int) -> None:
        """Take note of what a provider counted where we had estimated."""
