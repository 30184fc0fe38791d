"""What only a browser can tell: the policy lets Gradio work, and lets nothing out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.api.api_served import AYSE, Page
from tests.support.chromium import FLAGS, find_chromium

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = find_chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def tab(browser: Any) -> Iterator[Any]:
    context = browser.new_context()
    page = context.new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: page.said.append(f"error: {error}"))
    yield page
    context.close()


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Another site, and the requests that reached it."""
    reached: list[str] = []

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reached.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<body></body>")

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", reached
    server.shutdown()
    thread.join()
    server.server_close()


def test_gradio_works_under_the_policy_without_a_violation(alone: Page, tab: Any) -> None:
    outside: list[str] = []
    tab.on("request", lambda r: None if alone.url in r.url else outside.append(r.url))
    tab.goto(alone.url)
    tab.fill("#prompt textarea", "merhaba")
    tab.click("#do-streamed")
    tab.wait_for_function("document.querySelector('#shown textarea').value === 'owner='")
    owner = tab.evaluate(
        """() => new Promise((resolve, reject) => {
            const socket = new WebSocket(`ws://${location.host}/ws-owner`)
            socket.onmessage = (event) => resolve(event.data)
            socket.onerror = () => reject(new Error('refused'))
        })"""
    )
    assert owner == "owner="
    assert tab.evaluate("[navigator.language, document.documentElement.lang]") == ["tr-TR", "tr"]
    assert [line for line in tab.said if not line.startswith(("log:", "info:"))] == []
    assert [url for url in outside if not url.startswith(("data:", "blob:"))] == []


def test_nothing_that_a_text_can_hold_reaches_another_site(
    alone: Page, tab: Any, elsewhere: tuple[str, list[str]]
) -> None:
    site, reached = elsewhere
    tab.goto(alone.url)
    tab.wait_for_selector("#prompt textarea")
    tab.evaluate(
        """(site) => {
            const box = document.createElement('div')
            box.innerHTML = `
              <img src="${site}/img"><img srcset="${site}/srcset 1x">
              <video poster="${site}/poster" src="${site}/video"></video>
              <audio src="${site}/audio"></audio><iframe src="${site}/frame"></iframe>
              <object data="${site}/object"></object><embed src="${site}/embed">
              <link rel="stylesheet" href="${site}/css"><link rel="prefetch" href="${site}/pre">
              <p style="background:url(${site}/style)">x</p>
              <svg><image href="${site}/svg"/></svg>
              <form id="out" method="post" action="${site}/form"><input name="a" value="b"></form>`
            document.body.append(box)
            fetch(site + '/fetch', {mode: 'no-cors'}).catch(() => {})
            navigator.sendBeacon(site + '/beacon', 'x')
            try { new WebSocket(site.replace('http', 'ws') + '/socket') } catch { }
            const script = document.createElement('script')
            script.src = site + '/script'
            document.head.append(script)
            document.querySelector('#out').submit()
        }""",
        site,
    )
    tab.wait_for_function("performance.now() > 0")
    tab.wait_for_timeout(500)
    assert reached == []
    assert len([line for line in tab.said if "Content Security Policy" in line]) >= 10


def test_a_foreign_page_can_neither_start_nor_frame_anything(
    alone: Page, tab: Any, elsewhere: tuple[str, list[str]]
) -> None:
    site, _ = elsewhere
    tab.goto(site)
    answers = tab.evaluate(
        """async (target) => {
            const post = (path, options) => fetch(target + path, {method: 'POST', ...options})
                .then((r) => r.status).catch(() => 'refused')
            const read = await fetch(target + '/api/chats').then(() => 'read').catch(() => 'no')
            const socket = await new Promise((resolve) => {
                const s = new WebSocket(target.replace('http', 'ws') + '/ws-owner')
                s.onopen = () => resolve('open'); s.onerror = () => resolve('refused')
            })
            const frame = await new Promise((resolve) => {
                const f = document.createElement('iframe')
                f.src = target
                f.onload = () => { try { resolve(f.contentDocument ? 'own' : 'blocked') }
                                   catch { resolve('blocked') } }
                document.body.append(f)
            })
            return [await post('/gradio_api/queue/join', {body: '{}'}), read, socket, frame]
        }""",
        alone.url,
    )
    assert answers == ["refused", "no", "refused", "blocked"]


def test_a_person_logs_in_by_the_form(shared: Page, tab: Any) -> None:
    tab.goto(shared.url + "/?chat=abc")
    assert tab.title() == "Divan – Giriş"
    tab.click("nav a")
    assert tab.title() == "Divan – Log in"
    tab.keyboard.type("ayse")
    tab.keyboard.press("Tab")
    tab.keyboard.type(AYSE.password)
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#prompt textarea")
    assert tab.url == shared.url + "/?chat=abc"
    tab.click("#do-queued")
    tab.wait_for_function("document.querySelector('#shown textarea').value === 'owner=ayse'")
    assert not [line for line in tab.said if "Content Security Policy" in line]
