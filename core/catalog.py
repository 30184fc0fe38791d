"""The catalog: what `models.yaml` may say, as validated values.

`core.catalog_file` reads the file; this module only knows what an entry means. Providers are
rows, too: OpenRouter and Together are two rows of the wire format `openai_compatible`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from core.catalog_fields import (
    EnvName,
    Headers,
    HttpUrl,
    Identifier,
    Label,
    Language,
    Seconds,
    Tokens,
    Wait,
)
from core.hosts import is_nearby

WIRE_FORMATS = ("embedded", "gemini", "huggingface", "ollama", "openai_compatible")
LOCAL_FORMATS = frozenset({"embedded", "ollama"})
OWN_SERVER_SILENCE = 600
"""Seconds a server of one's own may stay silent: it loads models and reads prompts meanwhile."""

Parameter = Literal[
    "temperature", "top_p", "top_k", "max_output_tokens", "seed", "stop", "reasoning"
]
PARAMETERS: Mapping[str, tuple[Parameter, ...]] = {
    "embedded": ("temperature", "top_p", "top_k", "max_output_tokens", "seed"),
    "gemini": ("temperature", "top_p", "top_k", "max_output_tokens", "seed", "stop"),
    "huggingface": ("temperature", "top_p", "max_output_tokens", "seed", "stop"),
    "ollama": ("temperature", "top_p", "top_k", "max_output_tokens", "seed", "stop"),
    "openai_compatible": ("temperature", "top_p", "max_output_tokens", "seed", "stop"),
}
"""What each wire format can send; a model may narrow it with `parameters`."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())


class Price(_Entry):
    """USD per million tokens, for questions of `up_to` tokens at most, `until` and with that day.
    `cached` is for tokens of the question that the provider had kept; without it they cost `input`.

    Beyond either bound the price is unknown, which is better than wrong.
    """

    input: Annotated[float, Field(ge=0)]
    output: Annotated[float, Field(ge=0)]
    cached: Annotated[float, Field(ge=0)] | None = None
    up_to: Tokens | None = None
    until: date | None = None

    def holds(self, input_tokens: int, day: date) -> bool:
        """Whether this is what a question of so many tokens costs on that day."""
        short_enough = self.up_to is None or input_tokens <= self.up_to
        return short_enough and (self.until is None or day <= self.until)


class ProviderRow(_Entry):
    """A provider's settings, shared by its models; `format` names the file in `providers/`."""

    format: str | None = None
    label: Label | None = None
    kind: Literal["local", "cloud", "custom"] | None = None
    base_url: HttpUrl | None = None
    api_key_env: EnvName | None = None
    headers: Headers = Field(default_factory=dict)
    timeout: Seconds | None = None
    first_byte: Seconds | None = None
    between_chunks: Seconds | None = None
    max_retries: Annotated[int, Field(ge=0, le=5)] | None = None
    retry_delay: Wait | None = None


class Limits(_Entry):
    """Bounds the server keeps. Times in seconds."""

    first_byte: Seconds = 30
    between_chunks: Seconds = 60
    retry_wait: Wait = 60
    message_characters: Annotated[int, Field(gt=0, le=10_000_000)] = 200_000
    system_characters: Annotated[int, Field(gt=0, le=1_000_000)] = 50_000
    running_answers: Annotated[int, Field(gt=0, le=1000)] = 16
    answers_per_user: Annotated[int, Field(gt=0, le=1000)] | None = None
    answer_minutes: Annotated[float, Field(gt=0, le=1440)] = 60
    answer_megabytes: Annotated[float, Field(gt=0, le=64)] = 4
    compare_lanes: Annotated[int, Field(ge=2, le=12)] = 4
    mounted_messages: Annotated[int, Field(ge=2, le=200)] = 16
    request_megabytes: Annotated[int, Field(gt=0, le=1024)] = 32

    @property
    def share(self) -> int:
        """How many of the running answers one user may have: without a number half of them, or as
        many as a comparison needs."""
        return self.answers_per_user or max(self.running_answers // 2, self.compare_lanes)


class Titles(_Entry):
    """Chat titles: made from the first message; `improve` lets a model write a better one."""

    improve: bool = False
    model: str | None = None


class SummaryRule(_Entry):
    """When the oldest part of a chat is summarised: at this share of the model's window, by
    `model`, else by the one that answers."""

    enabled: bool = True
    threshold: Annotated[float, Field(ge=0.3, le=1)] = 0.8
    model: str | None = None


EMBEDDERS_WITH_MODELS = frozenset({"sentence_transformers", "ollama"})
"""Embedders that are nothing without the name of a model."""


class DocumentRules(_Entry):
    """Documents: what turns text into vectors, and how much of them a question is given.

    `model` is the embedder's, where it has several: a hub id or folder, or the name at a server;
    `reranker` a cross-encoder that takes a second look at what was found, "" for none. Chunks are
    `chunk_characters` long at most and repeat `chunk_overlap` of the one before.
    The best passage's document is given whole where it has at most `whole_characters`; None leaves
    that to the model's window. `free_megabytes` of the disk are left alone. `ocr` says whether
    scanned pages and pictures are read where what reads them is installed.
    """

    embedder: Literal["use", "sentence_transformers", "ollama", "gemini"] = "use"
    model: Annotated[str, StringConstraints(max_length=300)] = ""
    base_url: HttpUrl | None = None
    api_key_env: EnvName | None = None
    search: Literal["both", "words", "vectors"] = "both"
    reranker: Annotated[str, StringConstraints(max_length=300)] = ""
    chunk_characters: Annotated[int, Field(ge=200, le=8000)] = 1200
    chunk_overlap: Annotated[int, Field(ge=0, le=150)] = 150
    passages: Annotated[int, Field(ge=1, le=50)] = 8
    whole_characters: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    free_megabytes: Annotated[int, Field(ge=0, le=10_000_000)] = 500
    ocr: bool = True


class ModelRow(_Entry):
    """A model as the file has it; `provider` names a row of `providers`."""

    id: Identifier
    provider: str
    name: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    label: Label | None = None
    kind: Literal["local", "cloud", "custom"] | None = None
    base_url: HttpUrl | None = None
    api_key_env: EnvName | None = None
    headers: Headers = Field(default_factory=dict)
    timeout: Seconds | None = None
    first_byte: Seconds | None = None
    between_chunks: Seconds | None = None
    max_retries: Annotated[int, Field(ge=0, le=5)] | None = None
    retry_delay: Wait | None = None
    context_window: Tokens | None = None
    max_output_tokens: Tokens | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_p: Annotated[float, Field(gt=0, le=1)] | None = None
    top_k: Annotated[int, Field(ge=1, le=1000)] | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] | None = None
    streaming: bool = True
    vision: bool = False
    tools: bool = False
    reasoning: bool | Literal["low", "medium", "high"] = False
    price: Price | None = None
    languages: Annotated[tuple[Language, ...], Field(json_schema_extra={"said": "languages"})] = ()
    """Codes of the only languages it knows; none where it knows those people ask for."""
    fallbacks: tuple[str, ...] = ()
    """Provider's names to try, with a visible notice, where `name` is not served."""

    @field_validator("id", "name", mode="before")
    @classmethod
    def _number_as_text(cls, value: object) -> object:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return str(value) if is_number else value


class Model(ModelRow):
    """A model with its provider's settings filled in: all a connector needs but the key."""

    format: str
    label: str
    kind: Literal["local", "cloud", "custom"]
    provider_label: str
    max_retries: int = 2
    retry_delay: float = 1
    first_byte: float = 30
    between_chunks: float = 60
    retry_wait: float = 60
    answer_minutes: float = 60
    answer_megabytes: float = 4
    nearby: bool = False
    """Its address is of this machine or its network, and no entry says what kind that is."""
    parameters: tuple[Parameter, ...] = ()

    def speaks(self, language: str) -> bool:
        """Whether it can be asked in a language."""
        return not self.languages or language in self.languages

    @property
    def answer_bytes(self) -> int:
        """The size an answer may have."""
        return int(self.answer_megabytes * 1024 * 1024)

    @property
    def is_own(self) -> bool:
        """Whether it runs on a computer of the person's own, or on a server they added."""
        return self.nearby or self.kind != "cloud"

    @property
    def host(self) -> str:
        """What answers, for messages: the URL without what may be secret in it, or the provider's
        name."""
        if not self.base_url:
            return self.provider
        scheme, _, rest = self.base_url.partition("?")[0].partition("://")
        name, slash, path = rest.partition("/")
        return f"{scheme}://{name.rpartition('@')[2]}{slash}{path}"


class Catalog(_Entry):
    """All a person configured, ready to use."""

    language: Literal["tr", "en"] = "tr"
    default_model: str = ""
    limits: Limits = Field(default_factory=Limits)
    titles: Titles = Field(default_factory=Titles)
    summary: SummaryRule = Field(default_factory=SummaryRule)
    documents: DocumentRules = Field(default_factory=DocumentRules)
    models: tuple[Model, ...] = ()

    def model(self, model_id: str) -> Model | None:
        """The model with this id, if it is (still) in the catalog."""
        return next((m for m in self.models if m.id == model_id), None)

    def default(self) -> Model | None:
        """The model a new chat starts with."""
        return self.model(self.default_model) or next(iter(self.models), None)


_USUAL_KEYS = {
    "gemini": "GEMINI_API_KEY",
    "huggingface": "HF_TOKEN",
    "https://api.openai.com": "OPENAI_API_KEY",
    "https://openrouter.ai": "OPENROUTER_API_KEY",
    "https://api.together.xyz": "TOGETHER_API_KEY",
}
"""The variable that people name after a provider, by wire format or by address."""


def usual_key(wire: str, base_url: str | None) -> str | None:
    """The variable with the key where no row names one; None where no key may be sent: a server of
    one's own never gets the key of another."""
    if base_url is None:
        return _USUAL_KEYS.get(wire)
    parts = urlsplit(base_url)
    return _USUAL_KEYS.get(f"{parts.scheme}://{parts.hostname}")


def resolve(row: ModelRow, provider: ProviderRow, limits: Limits) -> Model:
    """A model row completed from its provider's row: the model's own values win."""
    wire = provider.format or row.provider
    local = "local" if wire in LOCAL_FORMATS else "cloud"
    filled = {
        **row.model_dump(exclude_none=True),
        "format": wire,
        "label": row.label or row.id,
        "kind": row.kind or provider.kind or local,
        "provider_label": provider.label or row.provider,
        "headers": {**provider.headers, **row.headers},
        "retry_wait": limits.retry_wait,
        "answer_minutes": limits.answer_minutes,
        "answer_megabytes": limits.answer_megabytes,
        "parameters": parameters_of(row, wire),
    }
    for key in ("base_url", "api_key_env", "timeout", "max_retries", "retry_delay"):
        value = getattr(row, key) if getattr(row, key) is not None else getattr(provider, key)
        if value is not None:
            filled[key] = value
    filled.setdefault("api_key_env", usual_key(wire, filled.get("base_url")))
    filled["nearby"] = not (row.kind or provider.kind) and is_nearby(filled.get("base_url"))
    own = filled["nearby"] or filled["kind"] != "cloud"
    least = OWN_SERVER_SILENCE if own else 0
    for key in ("first_byte", "between_chunks"):
        filled[key] = _silence(key, row, provider) or max(getattr(limits, key), least)
    return Model.model_validate(filled)


def _silence(key: str, row: ModelRow, provider: ProviderRow) -> float | None:
    """Seconds without a byte that the entries set; `timeout` is every wait without a number."""
    values = (getattr(row, key), row.timeout, getattr(provider, key), provider.timeout)
    return next((value for value in values if value is not None), None)


def parameters_of(row: ModelRow, wire: str) -> tuple[Parameter, ...]:
    """The settings the page offers for this model."""
    if row.parameters is not None:
        return row.parameters
    known = PARAMETERS.get(wire, ("temperature", "max_output_tokens"))
    return (*known, "reasoning") if row.reasoning else known
