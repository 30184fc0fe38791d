"""A language model in this process: loading, one token at a time, and which token comes next.

Everything here blocks and belongs to the one thread of `providers.embedded`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.events import FinishReason
from core.request import Options

_MOST_THREADS = 8
_PREFILL_CHUNK = 256
_DEFAULT_TEMPERATURE = 0.2
_DEFAULT_TOP_P = 0.9
_GUARDED_TOKENS = 128
_SMALL_MODEL_WINDOW = 2048


@dataclass(frozen=True)
class LocalModel:
    """A loaded model. `window` is what it can read and write together, in tokens."""

    tokenizer: Any
    network: Any
    window: int
    ends: frozenset[int]
    repetition_penalty: float


def load(folder: Path, repetition_penalty: float | None = None) -> LocalModel:
    """Load a folder in the layout of transformers. Never runs code that came with the weights.

    `repetition_penalty` wins over what the model's own files say.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    _keep_quiet()
    tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
    network = AutoModelForCausalLM.from_pretrained(
        str(folder), dtype=torch.bfloat16, local_files_only=True, use_safetensors=True
    ).eval()
    settings = network.generation_config
    return LocalModel(
        tokenizer=tokenizer,
        network=network,
        window=_window(network.config),
        ends=_ends(settings.eos_token_id, tokenizer.eos_token_id),
        repetition_penalty=repetition_penalty or settings.repetition_penalty or 1.0,
    )


def _keep_quiet() -> None:
    """Hand what transformers says to the program's log, and its progress bars to nobody."""
    from transformers.utils import logging as hf_logging

    hf_logging.disable_progress_bar()
    hf_logging.disable_default_handler()
    hf_logging.enable_propagation()


def _window(config: Any) -> int:
    text = config.get_text_config()
    return int(getattr(text, "max_position_embeddings", None) or _SMALL_MODEL_WINDOW)


def _ends(*ids: int | list[int] | None) -> frozenset[int]:
    return frozenset(
        number
        for entry in ids
        if entry is not None
        for number in (entry if isinstance(entry, list) else [entry])
    )


def _cores() -> int:
    return min(_MOST_THREADS, os.cpu_count() or 1)


def _use_threads(count: int) -> None:
    """Reading a prompt is worth all cores. Writing a token is hundreds of tiny steps at whose ends
    threads wait for each other: with half of the cores it was measured a quarter slower on an
    idle machine and twelve times faster on a busy one.
    """
    import torch

    if torch.get_num_threads() != max(1, count):
        torch.set_num_threads(max(1, count))


@contextmanager
def _without_onednn() -> Iterator[None]:
    """oneDNN's bfloat16 product is made for many rows; for the single row of one token torch's
    own was measured half again as fast (60 against 40 tokens/s)."""
    from torch.backends import mkldnn

    before = mkldnn.enabled
    mkldnn.enabled = False
    try:
        yield
    finally:
        mkldnn.enabled = before


class Generation:
    """One answer being made. Call `step` until `reason` is set; dropping it stops everything."""

    def __init__(
        self, model: LocalModel, prompt: list[int], options: Options, most_tokens: int
    ) -> None:
        from tokenizers.decoders import DecodeStream
        from transformers import DynamicCache

        self.reason: FinishReason | None = None
        self.read = 0
        self.prompt_tokens = len(prompt)
        self.tokens: list[int] = []
        self._model = model
        self._prompt = prompt
        self._most_tokens = most_tokens
        self._cache = DynamicCache(config=model.network.config)
        self._words = DecodeStream(skip_special_tokens=True)
        self._chooser = _Chooser(options, model)

    @property
    def reading(self) -> bool:
        """Whether part of the prompt is still to be read."""
        return self.read < self.prompt_tokens

    def step(self) -> str:
        """Read the next part of the prompt, or write one token: the text that became certain.

        Half a character is kept until its other bytes come, and dropped if they never do.
        """
        import torch

        with torch.inference_mode():
            logits = self._read_on() if self.reading else self._write_on()
            if logits is None:
                return ""
            token = self._chooser.choose(logits, self.tokens)
        return self._accept(token)

    def _read_on(self) -> Any:
        """In parts, so that Stop need not wait for the whole of a long prompt."""
        part = self._prompt[self.read : self.read + _PREFILL_CHUNK]
        self.read += len(part)
        _use_threads(_cores())
        logits = self._forward(part)
        return None if self.reading else logits

    def _write_on(self) -> Any:
        _use_threads(_cores() // 2)
        with _without_onednn():
            return self._forward(self.tokens[-1:])

    def _forward(self, ids: list[int]) -> Any:
        import torch

        out = self._model.network(
            torch.tensor([ids]), cache=self._cache, use_cache=True, logits_to_keep=1
        )
        return out.logits[0, -1].float()

    def _accept(self, token: int) -> str:
        if token in self._model.ends:
            self.reason = FinishReason.STOP
            return ""
        self.tokens.append(token)
        if len(self.tokens) >= self._most_tokens:
            self.reason = FinishReason.LENGTH
        text = self._words.step(self._model.tokenizer.backend_tokenizer, token) or ""
        return text.replace("\N{REPLACEMENT CHARACTER}", "")


class _Chooser:
    """Which token comes next. Random numbers are its own: nobody else's are touched."""

    def __init__(self, options: Options, model: LocalModel) -> None:
        import torch

        chosen, top_p = options.temperature, options.top_p
        self._temperature = _DEFAULT_TEMPERATURE if chosen is None else chosen
        self._top_p = _DEFAULT_TOP_P if top_p is None else top_p
        self._top_k = options.top_k
        self._penalty = model.repetition_penalty
        self._ends = sorted(model.ends)
        self._random = torch.Generator()
        if options.seed is None:
            self._random.seed()
        else:
            self._random.manual_seed(options.seed % 2**63)

    def choose(self, logits: Any, written: list[int]) -> int:
        """The next token: the likeliest at temperature 0, else drawn from the likely ones."""
        import torch

        if not written:
            # A small model likes to end before it has begun; an empty answer helps nobody.
            logits[self._ends] = float("-inf")
        self._discourage_repetition(logits, written)
        if self._temperature <= 0:
            return int(logits.argmax())
        values, ids = self._likely(logits / self._temperature)
        drawn = torch.multinomial(values, 1, generator=self._random)
        return int(ids[drawn])

    def _discourage_repetition(self, logits: Any, written: list[int]) -> None:
        """Small models run in circles; only what they wrote lately counts against a token."""
        import torch

        if self._penalty == 1.0 or not written:
            return
        recent = torch.tensor(sorted(set(written[-_GUARDED_TOKENS:])))
        known = logits[recent]
        logits[recent] = torch.where(known > 0, known / self._penalty, known * self._penalty)

    def _likely(self, logits: Any) -> tuple[Any, Any]:
        """Probabilities of the tokens within top_k and top_p, likeliest first, and their ids."""
        import torch

        count = min(self._top_k or logits.numel(), logits.numel())
        values, ids = torch.topk(logits, count)
        values = torch.softmax(values, dim=-1)
        if self._top_p < 1:
            before = torch.cumsum(values, dim=-1) - values
            values = values * (before < self._top_p)
        return values, ids
