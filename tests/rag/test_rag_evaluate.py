"""Evaluation: measures by hand, and files that cannot be used."""

from __future__ import annotations

import json
import math

import pytest

from rag.evaluate import BadQuestions, Question, evaluate, meets, read_questions, unknown
from rag.values import Hit, Passage


def hit(name: str, text: str = "") -> Hit:
    return Hit(Passage(1, "1", name, text), 0, 0, 0)


FOUND = [hit("x.pdf"), hit("b.pdf"), hit("y.pdf"), hit("a.pdf"), hit("b.pdf")]


def test_the_measures_of_one_question_by_hand() -> None:
    scores = evaluate([Question("?", ("a.pdf", "b.pdf"))], lambda _q, _n: FOUND)

    gain = 1 / math.log2(3) + 1 / math.log2(5)
    assert (scores.recall_1, scores.recall_5, scores.mrr_10) == (0, 1, 0.5)
    assert scores.ndcg_10 == pytest.approx(gain / (1 + 1 / math.log2(3)))


def test_what_is_not_found_counts_as_nothing() -> None:
    scores = evaluate(
        [Question("?", ("a.pdf",)), Question("?", ("none.pdf",))], lambda _q, _n: FOUND[3:]
    )

    assert (scores.questions, scores.recall_1, scores.mrr_10, scores.ndcg_10) == (2, 0.5, 0.5, 0.5)


def test_a_passage_is_met_by_its_file_or_by_text_it_holds() -> None:
    passage = Passage(1, "1", "a.pdf", "Çay, RİZE'de  yetişir. Demli içilir.")

    assert meets("a.pdf", passage)
    assert meets("çay rize'de yetişir", passage)
    assert not meets("kahve", passage)
    assert not meets("b.pdf", passage)
    assert meets(passage.name.upper(), passage)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ('{"question": "a", "expected": ["b"]}\n{', 2),
        ('{"question": "", "expected": ["b"]}', 1),
        ('{"question": "a", "expected": []}', 1),
        ('{"question": "a"}', 1),
        ("[1]", 1),
    ],
)
def test_a_wrong_line_is_named(text: str, line: int) -> None:
    with pytest.raises(BadQuestions) as wrong:
        read_questions(text)

    assert wrong.value.line == line


def test_a_result_that_was_kept_is_read_as_its_questions() -> None:
    kept = {"settings": [], "questions": [{"question": "a", "expected": ["b", "c"]}]}
    assert read_questions(json.dumps(kept, indent=2)) == [Question("a", ("b", "c"))]


def test_what_no_file_and_no_text_meets_is_named() -> None:
    expected = ["CAY.pdf", "rize'de yetişir", "kahve", "yok.pdf"]
    assert unknown(expected, ["çay.pdf"], ["Çay Rize'de yetişir."]) == ["kahve", "yok.pdf"]


def test_one_expectation_may_be_written_without_a_list() -> None:
    assert read_questions('{"question": "a", "expected": "b"}') == [Question("a", ("b",))]
