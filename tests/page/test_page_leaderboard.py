"""The leaderboard tab over a prepared data/votes.jsonl: numbers, plots, doubts, and no votes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.page.divan_page import Divan
from tests.support.divan_app import DivanApp


class Board:
    """The tab, and the file it is made from."""

    def __init__(self, divan: Divan, file: Path) -> None:
        self.divan = divan
        self.page = divan.page
        self.file = file
        self.root = self.page.locator("#leaderboard .divan-board")

    def open(self, text: str) -> Board:
        self.file.write_text(text, encoding="utf-8")
        self.page.click("#tab-chat")
        with self.page.expect_response("**/gradio_api/run/**"):
            self.page.click("#tab-leaderboard")
        expect(self.root.locator("h2")).to_be_visible()
        return self

    def row(self, label: str) -> Locator:
        return self.root.locator("tbody tr", has=self.page.get_by_role("rowheader", name=label))

    def note(self, name: str) -> Locator:
        return self.root.locator(f'[data-note="{name}"]')

    def plot(self, name: str) -> Locator:
        return self.root.locator(f"figure.{name} svg")


def a_vote(left: str, right: str, vote: str, **measures: Any) -> str:
    sides = {"left": measures.get("of_left", {}), "right": measures.get("of_right", {})}
    return json.dumps({"left": left, "right": right, "vote": vote, "sides": sides}) + "\n"


def clear_votes(better: str, worse: str, rounds: int) -> str:
    """Eight of ten for the better one, a tie and one where both are bad; the sides in turn."""
    good = {"tokens_per_s": 80, "cost_usd": 0.0125}
    weak = {"tokens_per_s": 20, "cost_usd": 0}
    text = ""
    for _ in range(rounds):
        on_left = a_vote(better, worse, "left", of_left=good, of_right=weak)
        on_right = a_vote(worse, better, "right", of_left=weak, of_right=good)
        text += 4 * (on_left + on_right)
        text += a_vote(better, worse, "tie") + a_vote(worse, better, "both_bad")
    return text


MANY = clear_votes("words", "long", 8)


@pytest.fixture
def board(divan: Divan, app: DivanApp) -> Iterator[Board]:
    file = app.data / "votes.jsonl"
    file.unlink(missing_ok=True)
    yield Board(divan, file)
    file.unlink(missing_ok=True)


def test_the_table_ranks_the_models_with_what_they_won_and_took(board: Board) -> None:
    board.open(MANY)
    first = board.row("Kelimeler")
    cells = {name: first.locator(f"td.{name}") for name in ("rank", "rating", "votes", "wins")}
    expect(cells["rank"]).to_have_text("1")
    expect(cells["votes"]).to_have_text("80")
    expect(cells["wins"]).to_have_text("64")
    expect(first.locator("td.losses")).to_have_text("0")
    expect(first.locator("td.ties")).to_have_text("8")
    expect(first.locator("td.both_bad")).to_have_text("%10")
    expect(first.locator("td.speed")).to_have_text("80")
    expect(first.locator("td.cost")).to_have_text("$0,013")
    expect(board.row("Uzun").locator("td.rank")).to_have_text("2")
    expect(board.row("Uzun").locator("td.cost")).to_have_text("$0")
    points, other = (
        int(board.row(label).locator("td.rating button").inner_text())
        for label in ("Kelimeler", "Uzun")
    )
    assert points + other == 2000
    low, high = (int(n) for n in cells["rating"].locator("small").inner_text().split(" – "))
    assert low < points < high


def test_a_rating_is_put_into_words_for_the_mouse_and_the_keyboard(board: Board) -> None:
    board.open(MANY)
    words = board.root.locator(".explained")
    board.row("Uzun").hover()
    expect(words).to_contain_text("Uzun, ortalama bir modele karşı her 100 oyun yaklaşık")
    expect(board.plot("rating").locator(".point.lit .name")).to_have_text("Uzun")
    board.row("Kelimeler").locator("button").focus()
    expect(words).to_contain_text("Kelimeler, ortalama")
    expect(words).to_contain_text("%95 olasılıkla")


def test_the_plots_show_every_model_and_say_in_words_what_they_show(board: Board) -> None:
    board.open(MANY)
    for name in ("rating", "speed", "cost"):
        plot = board.plot(name)
        expect(plot.locator(".point")).to_have_count(2)
        expect(plot).to_have_attribute("role", "img")
    expect(board.page.get_by_role("img", name="Puan ve hız")).to_be_visible()
    description = board.plot("speed").locator("> desc").text_content() or ""
    assert "Kelimeler" in description
    assert "80 belirteç/sn" in description
    better, worse = (
        board.plot("speed").locator(f'[data-model="{model}"] circle').bounding_box()
        for model in ("words", "long")
    )
    assert better is not None
    assert worse is not None
    assert better["x"] > worse["x"]
    assert better["y"] < worse["y"]


def test_a_new_vote_is_counted_when_the_tab_is_opened_again(board: Board) -> None:
    board.open(MANY)
    expect(board.row("Kelimeler").locator("td.votes")).to_have_text("80")
    board.open(MANY + a_vote("words", "long", "right"))
    expect(board.row("Kelimeler").locator("td.votes")).to_have_text("81")
    expect(board.row("Kelimeler").locator("td.losses")).to_have_text("1")


def test_without_votes_the_page_says_how_to_vote_and_leads_there(board: Board) -> None:
    board.open("")
    expect(board.root.locator("h2")).to_have_text("Henüz oy yok")
    expect(board.root.locator("li")).to_have_count(3)
    board.root.get_by_role("button", name="Karşılaştırmaya git").click()
    expect(board.page.locator("#tab-compare")).to_have_attribute("aria-selected", "true")


def test_a_broken_line_is_named_and_the_others_count(board: Board) -> None:
    board.open('{"left": "wor\n' + MANY)
    expect(board.note("broken")).to_contain_text("satır 1")
    expect(board.row("Kelimeler").locator("td.votes")).to_have_text("80")
    board.open("<b>not a vote</b>\n")
    expect(board.note("broken")).to_be_visible()
    expect(board.root.locator("h2")).to_have_text("Henüz oy yok")


def test_too_few_votes_give_no_rank_and_say_so(board: Board) -> None:
    board.open(clear_votes("words", "long", 1))
    expect(board.note("few")).to_contain_text("en az 20")
    expect(board.row("Kelimeler").get_by_label("sırasız")).to_be_visible()
    expect(board.row("Kelimeler").locator(".mark")).to_have_text("çok az oy")
    board.row("Kelimeler").hover()
    expect(board.root.locator(".explained")).to_contain_text("Henüz 10 oyu var")


def test_one_model_with_too_few_votes_takes_no_rank_from_the_others(board: Board) -> None:
    board.open(MANY + clear_votes("words", "rich", 1))
    expect(board.row("Zengin").locator(".mark")).to_have_text("çok az oy")
    expect(board.row("Kelimeler").locator("td.rank")).to_have_text("1")
    expect(board.note("few")).to_have_count(0)


def test_models_that_never_met_stand_apart_and_a_removed_one_keeps_its_id(board: Board) -> None:
    board.open(MANY + clear_votes("hold", "<i>gone</i>", 3))
    expect(board.note("apart")).to_be_visible()
    expect(board.root.locator("tr.group")).to_have_count(2)
    expect(board.row("<i>gone</i>").locator(".mark")).to_contain_text(["katalogda yok"])
    expect(board.plot("rating").locator(".point")).to_have_count(2)


def test_a_side_that_wins_too_often_is_told(board: Board) -> None:
    board.open(MANY)
    expect(board.row("Kelimeler")).to_be_visible()
    expect(board.note("bias")).to_have_count(0)
    board.open(a_vote("words", "long", "left") * 15 + a_vote("long", "words", "left") * 15)
    expect(board.note("bias")).to_contain_text("30 oyun 30 tanesini soldaki")


def test_votes_that_cannot_be_read_at_all_are_an_error_with_a_next_step(board: Board) -> None:
    board.file.mkdir()
    try:
        board.page.click("#tab-leaderboard")
        told = board.root.get_by_role("alert")
        expect(told).to_contain_text("Oylar okunamadı")
        expect(told).to_contain_text("votes.jsonl")
    finally:
        board.file.rmdir()


def test_on_a_narrow_screen_only_the_table_scrolls_sideways(phone: Divan, app: DivanApp) -> None:
    board = Board(phone, app.data / "votes.jsonl").open(MANY)
    expect(board.plot("cost").locator(".point")).to_have_count(2)
    assert board.page.evaluate("document.documentElement.scrollWidth") <= 390
    panel = board.page.locator("#panel-leaderboard")
    assert panel.evaluate("e => e.scrollWidth <= e.clientWidth")
    frame = board.root.locator(".frame")
    assert frame.evaluate("e => e.scrollWidth > e.clientWidth")
    frame.evaluate("e => e.scrollTo(500, 0)")
    expect(board.page.get_by_role("rowheader", name="Kelimeler")).to_be_in_viewport()
    board.file.unlink()
