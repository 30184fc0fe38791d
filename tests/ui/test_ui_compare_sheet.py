"""What the comparison tab is told: lanes in order, the best of a round, and no name too early."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from core.catalog import Catalog, Model
from core.comparison import Comparison, Lane
from core.conversation import Answer, Conversation, Message, Outcome
from core.errors import ErrorCard
from core.events import Notice, Usage
from core.request import Readiness
from ui.compare_rounds import best_of
from ui.compare_sheet import ComparisonSheet, Sight


def model(name: str, label: str) -> Model:
    return Model(
        id=name, provider="far", name=f"wire-{name}", label=label, format="openai_compatible",
        kind="cloud", provider_label="Uzak", base_url="http://127.0.0.1:1/v1",
    )  # fmt: skip


CATALOG = Catalog(models=(model("lale", "Lale"), model("sumbul", "Sümbül")))
NAMES = ("lale", "sumbul", "Lale", "Sümbül", "Uzak", "far")


def answer(name: str, model: str, **changes: Any) -> Message:
    made = Answer(
        model=model, provider="far", started="2026-01-01T00:00:00Z", outcome=Outcome.COMPLETE,
        first_token_s=0.5, duration_s=4.0, usage=Usage(10, 20, load_s=1.5), tokens_per_s=40.0,
        cost_usd=0.002, returned_model=f"wire-{model}", estimated_cost_usd=0.001,
    )  # fmt: skip
    text = changes.pop("text", "Yanıt")
    return Message(name, "q", "assistant", text, "", answer=replace(made, **changes))


def chat(left: Message, right: Message, **comparison: Any) -> Conversation:
    lanes = (Lane("lale", "primary", left.id), Lane("sumbul", leaf=right.id))
    question = Message("q", None, "user", "Soru", "")
    return Conversation(
        "c", "Soru", "", "", leaf=left.id, messages=(question, left, right),
        comparison=Comparison(lanes, **comparison),
    )  # fmt: skip


def drawn(
    conversation: Conversation | None, live: Callable[[str], Any] = lambda _: None, **sight: Any
) -> Mapping[str, Any]:
    ready = {model.id: Readiness(True) for model in CATALOG.models}
    look = Sight(language="tr", **{"shown": 16, "painted": True, **sight})
    return ComparisonSheet(CATALOG, ready, live, look).draw(conversation)


def end(sheet: Mapping[str, Any], lane: int) -> Mapping[str, Any]:
    found: Mapping[str, Any] = sheet["lanes"][lane]["messages"][-1]
    return found


def measures(sheet: Mapping[str, Any], lane: int) -> Mapping[str, tuple[str, bool]]:
    return {m["name"]: (m["text"], m["best"]) for m in end(sheet, lane)["measures"]}


def test_before_the_vote_nothing_in_the_sheet_tells_who_is_who() -> None:
    failed = answer(
        "b",
        "sumbul",
        outcome=Outcome.FAILED,
        error=ErrorCard("not_pulled", {"model": "Sümbül", "command": "ollama pull sumbul"}),
        notices=(Notice("fallback", {"wanted": "sumbul", "used": "x"}),),
    )
    sheet = drawn(chat(answer("a", "lale"), failed, blind=True))
    text = json.dumps(sheet, ensure_ascii=False)
    assert [name for name in NAMES if name in text] == []
    assert [lane["name"] for lane in sheet["lanes"]] == ["Model A", "Model B"]
    assert "measures" not in end(sheet, 0)
    assert end(sheet, 1)["error"]["message"] == "Bu taraf yanıt veremedi."


def test_models_that_were_not_drawn_are_not_told_either() -> None:
    made = chat(answer("a", "lale"), answer("b", "sumbul"), blind=True)
    assert made.comparison is not None
    waiting = replace(made.comparison.lanes[1], shown=False)
    hidden = replace(made, comparison=replace(made.comparison, lanes=(waiting,)))
    assert drawn(hidden)["aside"] == []


def test_after_the_vote_names_and_measures_are_told() -> None:
    made = chat(answer("a", "lale"), answer("b", "sumbul"), blind=True, vote="left")
    sheet = drawn(made)
    assert [lane["name"] for lane in sheet["lanes"]] == ["Lale", "Sümbül"]
    assert measures(sheet, 0)["first"] == ("0,50 sn", False)
    assert (sheet["hidden"], sheet["vote"], sheet["canVote"]) == (False, "left", False)


def test_one_votes_when_both_sides_have_said_something() -> None:
    both = chat(answer("a", "lale"), answer("b", "sumbul"), blind=True)
    silent = chat(answer("a", "lale"), answer("b", "sumbul", text=""), blind=True)
    running = chat(
        answer("a", "lale"), answer("b", "sumbul", outcome=Outcome.STREAMING), blind=True
    )
    assert [drawn(one)["canVote"] for one in (both, silent, running)] == [True, False, False]


def test_the_best_of_a_round_is_marked_and_equals_share_the_mark() -> None:
    slow = answer("b", "sumbul", duration_s=9.0, tokens_per_s=12.0, first_token_s=0.51)
    sheet = drawn(chat(answer("a", "lale"), slow))
    assert {name: best for name, (_, best) in measures(sheet, 0).items()} == {
        "first": False, "duration": True, "speed": True, "cost": False,
    }  # fmt: skip
    assert not any(best for _, best in measures(sheet, 1).values())


def test_an_answer_that_failed_is_the_best_of_nothing() -> None:
    failed = answer("b", "sumbul", outcome=Outcome.FAILED, duration_s=0.1)
    question = Message("q", None, "user", "Soru", "")
    best = best_of([(question, answer("a", "lale")), (question, failed)])
    assert not any(best.values())


def test_loading_is_told_apart_and_the_estimate_beside_the_actual_cost() -> None:
    more = end(drawn(chat(answer("a", "lale"), answer("b", "sumbul"))), 0)["more"]
    assert more == [
        "10 → 20 belirteç",
        "yükleme 1,50 sn + üretim 2,50 sn",
        "tahmin $0,0010, gerçek $0,0020",
    ]


def test_a_model_that_left_the_catalog_keeps_its_lane() -> None:
    made = chat(answer("a", "lale"), answer("b", "gone-away"))
    assert made.comparison is not None
    lanes = (made.comparison.lanes[0], replace(made.comparison.lanes[1], model="gone-away"))
    sheet = drawn(replace(made, comparison=replace(made.comparison, lanes=lanes)))
    assert (sheet["lanes"][1]["name"], sheet["lanes"][1]["gone"]) == ("gone-away", True)
    assert end(sheet, 1)["text"] == "Yanıt"


def test_without_a_chat_the_lanes_are_those_the_next_question_would_open() -> None:
    sheet = drawn(None, chosen=("sumbul", "lale"), context="shared")
    assert [lane["key"] for lane in sheet["lanes"]] == ["sumbul", "lale"]
    assert (sheet["planned"], sheet["context"]) == (True, "shared")
    blind = drawn(None, chosen=("sumbul", "lale"), blind=True)
    assert [lane["name"] for lane in blind["lanes"]] == ["Model A", "Model B"]


def test_an_answer_that_has_been_saved_is_not_told_as_running() -> None:
    """Its turn may be there for a moment longer, and nothing would take the Stop away again."""
    made = chat(answer("a", "lale"), answer("b", "sumbul"))
    sheet = drawn(made, live=lambda _: pytest.fail("nobody asks for a turn that has ended"))
    assert [lane["turn"] for lane in sheet["lanes"]] == [None, None]


def retried(**comparison: Any) -> Conversation:
    """A chat whose left lane has answered twice, and stands at its second answer."""
    made = chat(answer("new", "lale", text="Yeni"), answer("b", "sumbul"), **comparison)
    old = answer("old", "lale", text="Eski")
    question, new, other = made.messages
    return replace(made, messages=(question, old, other, new))


def test_a_lane_tells_its_own_versions_and_what_an_answer_can_be_set_beside() -> None:
    sheet = drawn(retried())
    assert end(sheet, 0)["versions"] == {"at": 2, "count": 2, "earlier": "old", "later": None}
    assert end(sheet, 0)["diffs"] == [
        {"a": "old", "b": "new", "label": "1. sürüm", "names": ["1. sürüm", "2. sürüm"]},
        {"a": "new", "b": "b", "label": "Sümbül"},
    ]
    assert "versions" not in end(sheet, 1)
    assert end(sheet, 1)["diffs"] == [{"a": "new", "b": "b", "label": "Lale"}]


def test_before_the_vote_versions_can_be_walked_and_nothing_beside_them_is_named() -> None:
    sheet = drawn(retried(blind=True))
    text = json.dumps(sheet, ensure_ascii=False)
    assert [name for name in NAMES if name in text] == []
    assert end(sheet, 0)["versions"]["earlier"] == "old"
    assert "diffs" not in end(sheet, 0)


def test_the_fused_answer_can_be_set_beside_its_sources() -> None:
    made = chat(answer("a", "lale"), answer("b", "sumbul"))
    fused = answer("f", "lale", text="Hepsi", sources=("a", "b"))
    sheet = drawn(replace(made, messages=(*made.messages, fused)))
    assert [pair["label"] for pair in sheet["fused"]["messages"][0]["diffs"]] == ["Lale", "Sümbül"]
    assert end(sheet, 1)["diffs"][-1] == {"a": "b", "b": "f", "label": "Birleşik yanıt"}


def test_only_the_newest_messages_are_told_and_a_painted_answer_without_its_text() -> None:
    running = answer("b", "sumbul", outcome=Outcome.STREAMING, text="yarım")
    made = chat(answer("a", "lale"), running)
    turn = SimpleNamespace(id="b", growing=running, is_queued=False)
    painted = drawn(made, live=lambda _: turn, shown=1)
    assert [lane["before"] for lane in painted["lanes"]] == [1, 1]
    assert end(painted, 1)["text"] == ""
    assert end(drawn(made, painted=False), 1)["text"] == "yarım"


def test_a_lane_that_was_put_beside_the_others_and_not_asked_yet_is_empty() -> None:
    made = chat(answer("a", "lale"), answer("b", "sumbul"))
    assert made.comparison is not None
    lanes = (*made.comparison.lanes, Lane("nergis"))
    sheet = drawn(replace(made, comparison=replace(made.comparison, lanes=lanes)))
    assert [len(lane["messages"]) for lane in sheet["lanes"]] == [2, 2, 0]
    assert sheet["canFuse"]


def test_after_the_vote_the_sides_are_those_it_was_given_on_wherever_the_lanes_stand() -> None:
    made = chat(
        answer("a", "lale"),
        answer("b", "sumbul"),
        blind=True,
        vote="left",
        sides=("sumbul", "lale"),
    )
    assert made.comparison is not None
    folded = replace(made.comparison.lanes[0], shown=False)
    hidden = replace(made, comparison=made.comparison.put(folded))
    assert [drawn(one)["sides"] for one in (made, hidden)] == [["Sümbül", "Lale"]] * 2
    older = chat(answer("a", "lale"), answer("b", "sumbul"), blind=True, vote="left")
    assert drawn(older)["sides"] == ["Lale", "Sümbül"]
    assert drawn(chat(answer("a", "lale"), answer("b", "sumbul"), blind=True))["sides"] == []


@pytest.mark.parametrize(
    ("changes", "offered"),
    [
        ({}, []),
        ({"outcome": Outcome.STOPPED}, ["go_on", "retry"]),
        ({"outcome": Outcome.FAILED, "text": ""}, ["retry"]),
        ({"finish_reason": "length"}, ["go_on"]),
        ({"outcome": Outcome.STREAMING}, []),
    ],
)
def test_an_answer_that_ends_too_early_can_be_continued(
    changes: Mapping[str, Any], offered: list[str]
) -> None:
    sheet = drawn(chat(answer("a", "lale"), answer("b", "sumbul", **changes)))
    assert end(sheet, 1)["again"] == offered


def test_a_lane_says_that_its_answer_ends_at_its_limit_and_a_masked_one_names_no_number() -> None:
    cut = answer("a", "lale", finish_reason="length", token_limit=4096)
    pair = chat(cut, answer("b", "sumbul"))
    masked = chat(cut, answer("b", "sumbul"), blind=True)
    assert "4.096" in end(drawn(pair), 0)["note"]
    assert "sınırında" in end(drawn(masked), 0)["note"]
    assert "4.096" not in json.dumps(drawn(masked))
    assert "note" not in end(drawn(pair), 1)


def test_of_a_model_that_is_gone_nothing_more_is_asked() -> None:
    stopped = answer("b", "gone-away", outcome=Outcome.STOPPED)
    made = chat(answer("a", "lale"), stopped)
    assert made.comparison is not None
    lanes = (made.comparison.lanes[0], replace(made.comparison.lanes[1], model="gone-away"))
    sheet = drawn(replace(made, comparison=replace(made.comparison, lanes=lanes)))
    assert "again" not in end(sheet, 1)


def test_a_cost_from_tokens_we_counted_ourselves_is_marked_as_an_estimate() -> None:
    sheet = drawn(chat(answer("a", "lale", usage_estimated=True), answer("b", "sumbul")))
    assert measures(sheet, 0)["cost"][0] == "≈$0,0020"
    assert "tahmin $0,0010, gerçek ≈$0,0020" in end(sheet, 0)["more"]
    assert measures(sheet, 1)["cost"][0] == "$0,0020"


def test_what_the_primary_was_asked_alone_leaves_fusing_and_voting_to_the_round_before() -> None:
    def later(**comparison: Any) -> Conversation:
        made = chat(answer("a", "lale"), answer("b", "sumbul"), **comparison)
        alone = Message("q2", "a", "user", "Yalnız", "")
        more = replace(answer("a2", "lale"), parent="q2")
        return replace(made, messages=(*made.messages, alone, more), leaf="a2")

    assert drawn(later())["canFuse"]
    assert drawn(later(blind=True))["canVote"]


def spoken(**comparison: Any) -> Conversation:
    """A chat that Sümbül answered before two models were compared in it."""
    question = Message("q0", None, "user", "Önce", "")
    said = replace(answer("a0", "sumbul"), parent="q0")
    made = chat(answer("a", "lale"), answer("b", "sumbul"), **comparison)
    asked = replace(made.messages[0], parent="a0")
    return replace(made, messages=(question, said, asked, *made.messages[1:]))


def test_what_another_model_said_before_has_its_name_and_no_measures_of_this_lane() -> None:
    sheet = drawn(spoken())
    foreign, own = (sheet["lanes"][lane]["messages"][1] for lane in (0, 1))
    assert foreign["author"] == "Önceki konuşma · Sümbül"
    assert not {"measures", "more", "diffs", "versions", "again"} & set(foreign)
    assert "author" not in own
    assert "measures" in own
    assert [lane["inherited"] for lane in sheet["lanes"]] == [2, 0]
    marked = [[m["inherited"] for m in lane["messages"]] for lane in sheet["lanes"]]
    assert marked == [[True, True, False, False], [False] * 4]


def test_an_answer_is_not_the_best_beside_one_that_another_lane_has_inherited() -> None:
    quick, foreign = answer("a", "lale", duration_s=0.1), answer("b", "nergis")
    sheet = drawn(chat(quick, foreign))
    assert "author" in end(sheet, 1)
    assert not any(best for _, best in measures(sheet, 0).values())


def test_before_the_vote_no_lane_tells_that_its_model_wrote_what_was_said_before() -> None:
    sheet = drawn(spoken(blind=True))
    text = json.dumps(sheet, ensure_ascii=False)
    assert [name for name in NAMES if name in text] == []
    before = [lane["messages"][:2] for lane in sheet["lanes"]]
    assert before[0] == before[1]
    assert before[0][1]["author"] == "Önceki konuşma"


def test_a_chat_that_compares_nothing_yet_offers_nothing_that_needs_lanes() -> None:
    stopped = replace(answer("a0", "lale", outcome=Outcome.STOPPED), parent="q0")
    question = Message("q0", None, "user", "Önce", "")
    plain = Conversation("c", "Önce", "", "", leaf="a0", messages=(question, stopped))
    sheet = drawn(plain, chosen=("lale", "sumbul"))
    assert [lane["inherited"] for lane in sheet["lanes"]] == [0, 2]
    assert [len(lane["messages"]) for lane in sheet["lanes"]] == [2, 2]
    assert not any("again" in message for lane in sheet["lanes"] for message in lane["messages"])


def test_models_that_were_never_asked_are_not_folded_at_the_edge_of_a_blind_round() -> None:
    made = chat(answer("a", "lale"), answer("b", "sumbul"), blind=True, vote="left")
    assert made.comparison is not None
    left, right = made.comparison.lanes
    lanes = (left, replace(right, shown=False), Lane("nergis", shown=False))
    sheet = drawn(replace(made, comparison=replace(made.comparison, lanes=lanes)))
    assert [lane["key"] for lane in sheet["aside"]] == ["sumbul"]


def test_a_planned_blind_round_may_be_drawn_from_any_number() -> None:
    planned = drawn(None, chosen=("sumbul", "lale"), blind=True)
    assert (planned["most"], planned["pool"]) == (None, 2)
    assert drawn(None, chosen=("sumbul", "lale"))["most"] == 4
