"""A page to which the WebSocket is refused: Gradio streams its answers."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.page.divan_page import Divan
from tests.page.held_answers import EVENTS
from tests.support.paced_provider import PacedProvider


@pytest.fixture
def refused(unloaded: Divan) -> Divan:
    """A page to which the WebSocket is refused."""
    unloaded.page.route_web_socket("**/ws*", lambda ws: ws.close())
    unloaded.open()
    expect(unloaded.page.locator("body[data-ready=refused]")).to_be_attached()
    return unloaded


def test_where_the_websocket_is_refused_gradio_streams_by_itself(
    refused: Divan, provider: PacedProvider
) -> None:
    divan = refused
    divan.choose("Bekleyen")
    divan.write("Köprüsüz")
    expect(divan.answer).to_contain_text("bir iki üç")
    expect(divan.page.locator(".divan-host")).to_have_count(0)
    divan.page.reload()
    expect(divan.answer).to_contain_text("bir iki üç")
    provider.release()
    divan.settled()
    expect(divan.answer).to_contain_text("bir iki üç dört beş")


def test_without_the_websocket_another_chat_opens_while_one_is_streamed(
    refused: Divan, provider: PacedProvider
) -> None:
    divan = refused
    divan.write("Durağan")
    divan.settled()
    divan.new_chat()
    divan.choose("Bekleyen")
    divan.write("Akan")
    expect(divan.answer).to_contain_text("bir iki üç")
    expect(divan.rows.first).to_contain_text("Akan")
    divan.show("Durağan")
    divan.show("Akan")
    expect(divan.answer).to_contain_text("bir iki üç")
    divan.show("Durağan")
    provider.release()
    expect(divan.answer).to_contain_text("kelime20")


def test_a_stream_that_begins_after_it_was_left_does_not_bring_its_chat_back(
    refused: Divan,
) -> None:
    joins: list[Route] = []
    divan = refused
    divan.write("Kalınan")
    divan.settled()
    divan.new_chat()
    divan.choose("Uzun")
    divan.page.route("**/queue/join*", lambda route: joins.append(route))
    with divan.page.expect_request("**/queue/join*"):
        divan.write("Bırakılan")
    divan.show("Kalınan")
    with divan.page.expect_request(EVENTS):  # the shown chat is redrawn
        joins[0].continue_()
    expect(divan.answer).to_contain_text("kelime20")
    expect(divan.page).to_have_title("Kalınan – Divan")
