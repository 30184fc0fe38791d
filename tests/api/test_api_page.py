"""The real Gradio page behind the guard: it works, and says where it may not be reached from."""

from __future__ import annotations

from api_served import Page


def test_alone_the_page_and_its_api_answer(alone: Page) -> None:
    with alone.client() as client:
        assert client.get("/").status_code == 200
        assert client.get("/api/health").json()["status"] == "ok"
        assert client.get("/config").status_code == 200
