"""What `python app.py replay` prints: each turn as it ends, then what changed, then the sum."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from core.conversation import Answer, Conversation, Message, Outcome
from core.numbers import cost, decimal, tokens
from core.texts import translate
from engine.diff import Piece, word_diff
from engine.estimate import Estimate
from engine.replay_estimate import told_estimate
from engine.replaying import Replay, Track

_LONGEST_QUESTION = 100
_MOST_UNCHANGED = 160
_INDENT = "    "
_MARKS = {"same": "{}", "out": "[-{}-]", "in": "{{+{}+}}"}


class Report:
    """Prints one replay of a chat; `old` is the chat before it."""

    def __init__(self, old: Conversation, language: str, out: TextIO) -> None:
        self._old = old
        self._language = language
        self._out = out
        self._printed: set[str] = set()

    def estimate(self, found: Estimate) -> None:
        """Say what it will probably take, before anything is sent."""
        self._print(told_estimate(found, self._language))

    def start(self, replay: Replay) -> None:
        """Say what is asked again, and where the answers go."""
        for track in replay.tracks:
            names = {"title": self._old.title, "model": track.model.label, "branch": track.branch}
            self._say("start", count=str(len(track.questions)), **names)

    def turns(self, replay: Replay, chat: Conversation) -> None:
        """Print the answers that have ended and were not printed yet."""
        for track in replay.tracks:
            ended = track.answers if track.state != "running" else track.answers[: track.done]
            for number, answer in enumerate(ended):
                if answer not in self._printed:
                    self._printed.add(answer)
                    self._turn(track, number, chat.message(answer))

    def end(self, replay: Replay, chat: Conversation) -> None:
        """Print what is left of the turns, what changed against the old answers, and the sum."""
        self.turns(replay, chat)
        for track in replay.tracks:
            self._changes(track, chat)
        for track in replay.tracks:
            self._sum(track, chat)

    def _turn(self, track: Track, number: int, message: Message | None) -> None:
        if message is None or message.answer is None:
            return
        question = " ".join(track.questions[number].content.split())
        shown = question[:_LONGEST_QUESTION] + ("…" if len(question) > _LONGEST_QUESTION else "")
        place = f"[{number + 1}/{len(track.questions)}]"
        self._print(f"\n{place} {shown}")
        if message.content.strip() or not message.answer.error:
            text = message.content.strip() or self._text("no_text")
            self._print(f"{track.model.label}: {text}")
        self._print(_INDENT + " · ".join(self._measures(message.answer)))
        self._trouble(track, message.answer)

    def _measures(self, answer: Answer) -> Iterator[str]:
        """As the page writes them under an answer."""
        usage, about = answer.usage, "≈" if answer.usage_estimated else ""
        if answer.duration_s is not None:
            yield self._measure("seconds", s=self._decimal(answer.duration_s))
        if answer.first_token_s is not None:
            yield self._measure("first_token", s=self._decimal(answer.first_token_s))
        if usage.input_tokens is not None and usage.output_tokens is not None:
            counts = {"in": usage.input_tokens, "out": usage.output_tokens}
            shown = {key: about + tokens(n, self._language) for key, n in counts.items()}
            yield self._measure("tokens", **shown)
        if answer.tokens_per_s is not None:
            yield self._measure("speed", n=about + self._decimal(answer.tokens_per_s))
        yield cost(answer.cost_usd, self._language)

    def _trouble(self, track: Track, answer: Answer) -> None:
        for notice in answer.notices:
            self._print(
                _INDENT + translate(self._language, f"notice.{notice.key}", **notice.params)
            )
        if answer.error:
            why = f"{answer.error.message(self._language)} {answer.error.hint(self._language)}"
            self._print(_INDENT + self._text("failed", model=track.model.label, why=why))
        elif answer.outcome is not Outcome.COMPLETE:
            self._print(_INDENT + self._text("cut_off", model=track.model.label))

    def _changes(self, track: Track, chat: Conversation) -> None:
        if not track.done:
            return
        self._print("")
        self._say("changes", model=track.model.label)
        for number in range(track.done):
            old = self._old.message(track.old_answers[number] or "")
            new = chat.message(track.answers[number])
            self._print(f"[{number + 1}] {self._change(old, new)}")

    def _change(self, old: Message | None, new: Message | None) -> str:
        if old is None:
            return self._text("no_old")
        pieces = word_diff(old.content, new.content if new else "")
        if all(kind == "same" for kind, _ in pieces):
            return self._text("same")
        return "".join(_MARKS[kind].format(text) for kind, text in map(_shortened, pieces))

    def _sum(self, track: Track, chat: Conversation) -> None:
        made = [m.answer for a in track.answers if (m := chat.message(a)) and m.answer]
        costs = [answer.cost_usd for answer in made]
        spent = None if None in costs else sum(c for c in costs if c is not None)
        written = sum(answer.usage.output_tokens or 0 for answer in made)
        self._print("")
        self._say(
            "ended" if track.state == "failed" else track.state,
            done=str(track.done),
            total=str(len(track.questions)),
            model=track.model.label,
            branch=track.branch,
            tokens=tokens(written, self._language),
            cost=cost(spent, self._language),
        )
        if track.error and not any(answer.error for answer in made):
            self._print(f"{track.error.message(self._language)} {track.error.hint(self._language)}")

    def _decimal(self, value: float) -> str:
        return decimal(value, self._language)

    def _measure(self, key: str, **params: str) -> str:
        return translate(self._language, f"answer.{key}", **params)

    def _text(self, key: str, **params: str) -> str:
        return translate(self._language, f"replay_command.{key}", **params)

    def _say(self, key: str, **params: str) -> None:
        self._print(self._text(key, **params))

    def _print(self, line: str) -> None:
        print(_harmless(line), file=self._out, flush=True)


def _shortened(piece: Piece) -> Piece:
    """Long runs that did not change are told by their ends."""
    kind, text = piece
    if kind != "same" or len(text) <= _MOST_UNCHANGED:
        return piece
    half = _MOST_UNCHANGED // 2
    return kind, f"{text[:half]} … {text[-half:]}"


def _harmless(text: str) -> str:
    """Without what a terminal would obey: a model must not move its cursor or name its window."""
    return "".join(c for c in text if c.isprintable() or c in "\n\t")
