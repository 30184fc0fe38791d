"""What a replay will probably cost, said before it begins."""

from __future__ import annotations

from collections.abc import Sequence

from core.catalog import DocumentRules
from core.conversation import Conversation
from core.numbers import cost, tokens
from core.texts import translate
from engine.calibration import Calibration
from engine.estimate import Estimate, LaneEstimate, estimate_answer
from engine.replaying import Track

_MOST_PROMPTS = 60
"""So many prompts of a track are built; a longer one is reckoned from as many, evenly apart."""


def estimate_replay(
    chat: Conversation, tracks: Sequence[Track], calibration: Calibration, rules: DocumentRules
) -> Estimate:
    """All answers of each track together. What will be said is not known yet: each question is
    taken to follow the old answers."""
    return Estimate(tuple(_whole(chat, track, calibration, rules) for track in tracks))


def told_estimate(found: Estimate, language: str) -> str:
    """The sum in a sentence: tokens, and the cost as far as it is known."""
    counts = {
        "input": tokens(sum(lane.input_tokens for lane in found.lanes), language),
        "output": tokens(sum(lane.output_tokens for lane in found.lanes), language),
    }
    known = any(lane.cost_usd is not None for lane in found.lanes)
    whole = found.total_usd is not None
    key = "estimate" if whole else "estimate_partly" if known else "estimate_unpriced"
    said = cost(found.known_usd, language)
    return translate(language, f"replay.{key}", cost=said, **counts)


def _whole(
    chat: Conversation, track: Track, calibration: Calibration, rules: DocumentRules
) -> LaneEstimate:
    asked = _spread(track)
    share = len(track.questions) / len(asked)
    made = [
        estimate_answer(chat, chat.path(one), track.model, track.settings, calibration, rules)
        for one in asked
    ]
    costs = [one.cost_usd for one in made if one.cost_usd is not None]
    return LaneEstimate(
        track.model.id,
        round(sum(one.input_tokens for one in made) * share),
        round(sum(one.output_tokens for one in made) * share),
        sum(costs) * share if len(costs) == len(made) else None,
    )


def _spread(track: Track) -> list[str]:
    """The questions whose prompts are built: all, or as many as we take, evenly apart."""
    ids = [question.id for question in track.questions]
    if len(ids) <= _MOST_PROMPTS:
        return ids
    step = len(ids) / _MOST_PROMPTS
    return [ids[int((at + 0.5) * step)] for at in range(_MOST_PROMPTS)]
