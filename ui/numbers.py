"""Numbers for the page, which are those of the terminal, too."""

from core.numbers import cost, decimal, tokens

__all__ = ["cost", "decimal", "tokens"]
