"""What of a chat a model gets: system prompt, summary and history, fitted into its window."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.catalog import Model
from core.conversation import ChatSettings, Message, Summary
from core.documents import DocumentContext, UsedPassage
from core.events import Notice
from engine.calibration import Calibration
from engine.counting import Count, Piece, count, join, rough
from engine.fitting import Fitted, cut_middle, fit

_ANSWER_TOKENS = 1024
_ANSWER_SHARE = 4
_SYSTEM_SHARE = 2
_SUMMARY_SHARE = 3
_PASSAGES_SHARE = 2
_SLACK_SHARE, _SLACK_TOKENS = 50, 8
_QUESTION = Piece("user", "", 0, 0)
_SUMMARY_HEAD = "Summary of the earlier part of this conversation:"


@dataclass(frozen=True, slots=True)
class Gauge:
    """What is sent to a model, in tokens, and what is not, in messages.

    `window` is None where nobody knows it, and `fraction` with it. `used` is system, summary,
    passages of documents and history together; `reserved` is kept free for the answer. `left_out`
    messages are neither sent nor in the summary, which stands for `summarised` of them. `fraction`
    is how much of the room for a prompt would be needed to leave nothing out, 1 at most. `counted`
    says that the provider counted most of it, not we.
    """

    window: int | None = None
    reserved: int = 0
    system: int = 0
    summary: int = 0
    documents: int = 0
    history: int = 0
    left_out: int = 0
    summarised: int = 0
    fraction: float | None = None
    counted: bool = False

    @property
    def used(self) -> int:
        """All that is sent."""
        return self.system + self.summary + self.documents + self.history


@dataclass(frozen=True, slots=True)
class Window:
    """A model's window: its `size`, what is `reserved` for the answer, the `room` for the rest."""

    size: int | None
    reserved: int
    room: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is sent, and what the person should know about it. `rough` is our own count of it,
    `passages` are those of the documents that fit."""

    system: str
    pieces: tuple[Piece, ...]
    gauge: Gauge
    notices: tuple[Notice, ...]
    rough: int
    passages: tuple[UsedPassage, ...] = ()


def gauge(
    model: Model,
    path: Sequence[Message],
    settings: ChatSettings,
    summaries: Sequence[Summary],
    calibration: Calibration,
) -> Gauge:
    """What would be sent now with the next question after `path`, without that question."""
    return plan(model, path, settings, summaries, calibration, awaiting=True).gauge


def in_effect(path: Sequence[Message], summaries: Sequence[Summary]) -> Summary | None:
    """The summary a prompt for this path carries: of those not undone, the one that reaches
    furthest along it."""
    places = {message.id: place for place, message in enumerate(path)}
    usable = [s for s in summaries if not s.off and s.text and s.last in places]
    return max(usable, key=lambda s: (places[s.last], s.created), default=None)


def window_of(
    model: Model, settings: ChatSettings, calibration: Calibration, most: int | None = None
) -> Window:
    """The window and its parts, in tokens; `most` bounds the room where the provider found a
    prompt too long."""
    size = calibration.window(model)
    if size is None:
        return Window(None, 0, most)
    asked = settings.max_output_tokens or model.max_output_tokens or _ANSWER_TOKENS
    reserved = min(asked, size // _ANSWER_SHARE)
    room = max(1, size - reserved - size // _SLACK_SHARE - _SLACK_TOKENS)
    return Window(size, reserved, room if most is None else min(room, most))


def plan(
    model: Model,
    path: Sequence[Message],
    settings: ChatSettings,
    summaries: Sequence[Summary],
    calibration: Calibration,
    most: int | None = None,
    awaiting: bool = False,
    documents: DocumentContext | None = None,
) -> Plan:
    """Fit the path into the model's window, with what the documents say about its last question;
    None where they are not asked. With `awaiting` the question is yet to come."""
    window = window_of(model, settings, calibration, most)
    counted = count(model, path, settings.system, summaries, calibration)
    summary = in_effect(path, summaries)
    system = _system(settings.system, window, counted)
    told = _told(summary, window, system, counted)
    whole = join(_after(summary, path, counted))
    given, kept = _given(documents, window, (system, told, *whole[-1:]), counted)
    sent = (system, told, given)
    fitted = _fitted([*whole, _QUESTION] if awaiting else whole, window, sent)
    measured = replace(
        _measured(window, sent, fitted, summary),
        fraction=_fraction(window, (*sent, *whole)),
        counted=counted.counted and summary is None and not (fitted.left_out or kept),
    )
    return Plan(
        "\n\n".join(filter(None, (piece.text for piece in sent))),
        fitted.pieces,
        measured,
        _notices(
            fitted,
            system.text != settings.system,
            bool(documents and documents.passages) and not kept,
        ),
        sum(piece.rough for piece in (*sent, *fitted.pieces)),
        kept,
    )


def _measured(
    window: Window, sent: tuple[Piece, Piece, Piece], fitted: Fitted, summary: Summary | None
) -> Gauge:
    system, told, given = sent
    return Gauge(
        window=window.size,
        reserved=window.reserved,
        system=system.tokens,
        summary=told.tokens,
        documents=given.tokens,
        history=fitted.tokens,
        left_out=fitted.left_out,
        summarised=summary.count if summary else 0,
    )


def _system(text: str, window: Window, counted: Count) -> Piece:
    """The system prompt, cut in its middle where it would take more than half the window."""
    half = None if window.size is None else window.size // _SYSTEM_SHARE
    if window.room is not None and half is None:
        half = window.room // _SYSTEM_SHARE
    return _bounded(text, half, counted.ratio * counted.factor)


def _told(summary: Summary | None, window: Window, system: Piece, counted: Count) -> Piece:
    """The summary as it is sent, within its share of what the system prompt leaves."""
    if summary is None:
        return _bounded("", None, 1)
    room = None if window.room is None else (window.room - system.tokens) // _SUMMARY_SHARE
    return _bounded(f"{_SUMMARY_HEAD}\n{summary.text}", room, counted.ratio)


def _given(
    documents: DocumentContext | None, window: Window, beside: Sequence[Piece], counted: Count
) -> tuple[Piece, tuple[UsedPassage, ...]]:
    """What is sent of the documents, and which passages are in it: those that fit into their share
    of what is left beside system prompt, summary and question."""
    if documents is None:
        return _bounded("", None, 1), ()
    from rag.context import context, fit

    if window.room is not None:
        system, told, *question = (piece.tokens for piece in beside)
        free = window.room - system - told
        room = min(free // _PASSAGES_SHARE, free - sum(question))
        documents = fit(documents, int(room / counted.ratio), rough)
    return _bounded(context(documents), None, counted.ratio), documents.passages


def _bounded(text: str, most: int | None, ratio: float) -> Piece:
    if not text:
        return Piece("user", "", 0, 0)
    if most is not None:
        text = cut_middle(text, int(most / ratio) - rough(""))
    return Piece("user", text, rough(text), math.ceil(rough(text) * ratio))


def _after(summary: Summary | None, path: Sequence[Message], counted: Count) -> list[Piece]:
    """The pieces behind the summary, or all."""
    if summary is None:
        return list(counted.pieces)
    ids = [message.id for message in path]
    late = frozenset(ids[ids.index(summary.last) + 1 :])
    return [p for p, at in zip(counted.pieces, counted.ids, strict=True) if at in late]


def _fitted(pieces: Sequence[Piece], window: Window, sent: Sequence[Piece]) -> Fitted:
    if window.room is None:
        return Fitted(tuple(pieces))
    return fit(pieces, window.room - sum(piece.tokens for piece in sent))


def _fraction(window: Window, pieces: Sequence[Piece]) -> float | None:
    if window.size is None or window.room is None:
        return None
    return min(1.0, sum(piece.tokens for piece in pieces) / window.room)


def _notices(fitted: Fitted, system_cut: bool, no_room: bool) -> tuple[Notice, ...]:
    said = []
    if fitted.left_out:
        said.append(Notice("left_out", {"count": str(fitted.left_out)}))
    if fitted.cut:
        said.append(Notice("cut", {"count": str(fitted.cut)}))
    if system_cut:
        said.append(Notice("system_cut"))
    if no_room:
        said.append(Notice("passages_left_out"))
    return tuple(said)
