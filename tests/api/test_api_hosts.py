"""Host names and origins, as values."""

from __future__ import annotations

import pytest

from api.hosts import Allowed, Host, parse_host, refusal
from core.hosts import is_loopback

HERE = Host("127.0.0.1", 7860)


@pytest.mark.parametrize(
    ("value", "host"),
    [
        ("127.0.0.1:7860", Host("127.0.0.1", 7860)),
        ("LOCALHOST", Host("localhost")),
        ("localhost.:80", Host("localhost", 80)),
        ("[::1]:7860", Host("[::1]", 7860)),
        ("", None),
        ("a b", None),
        ("user@127.0.0.1", None),
        ("127.0.0.1:7860, evil.example", None),
        ("127.0.0.1/evil", None),
        ("ı.example", None),
    ],
)
def test_host_headers_are_read_strictly(value: str, host: Host | None) -> None:
    assert parse_host(value) == host


def test_local_and_configured_names_are_allowed_on_any_port() -> None:
    allowed = Allowed(("192.168.1.5", "Box.Local", "fe80::1"))
    for name in ("localhost:1", "127.0.0.1", "[::1]:7860", "192.168.1.5:7860", "box.local"):
        assert parse_host(name) in allowed
    assert parse_host("[fe80::1]:7860") in allowed
    for name in ("evil.example", "10.0.0.1", "127.0.0.1.evil.example", "xlocalhost"):
        assert parse_host(name) not in allowed


def test_listening_everywhere_allows_no_name_in_particular() -> None:
    everywhere = "0.0.0.0"  # noqa: S104
    assert parse_host(everywhere) not in Allowed((everywhere, "::"))


@pytest.mark.parametrize(
    ("address", "alone"),
    [
        ("127.0.0.1", True),
        ("127.8.0.1", True),
        ("localhost", True),
        ("LocalHost", True),
        ("::1", True),
        ("[::1]", True),
        ("::ffff:127.0.0.1", True),
        ("", False),
        ("0.0.0.0", False),  # noqa: S104
        ("::", False),
        ("::ffff:192.168.1.5", False),
        ("192.168.1.5", False),
        ("fe80::1%eth0", False),
        ("my-computer", False),
        ("localhost.example", False),
        ("127.1", False),
    ],
)
def test_which_addresses_are_this_computers_alone(address: str, alone: bool) -> None:
    assert is_loopback(address) == alone


def test_a_share_link_is_added_while_running() -> None:
    allowed = Allowed()
    host = parse_host("abc123.gradio.live")
    assert host not in allowed
    allowed.add("https://abc123.gradio.live/", secure=True)
    assert host in allowed
    assert allowed.is_secure(host)
    assert not allowed.is_secure(parse_host("localhost"))


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1"},
        {"origin": "http://127.0.0.1:8000"},
        {"origin": "http://localhost:7860"},
        {"origin": "http://127.0.0.1:7860.evil.example"},
        {"origin": "http://127.0.0.1:7860@evil.example"},
        {"origin": "file://127.0.0.1:7860"},
        {"origin": ""},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
    ],
)
@pytest.mark.parametrize(("kind", "method"), [("http", "POST"), ("websocket", "GET")])
def test_what_another_site_could_cause_is_refused(
    kind: str, method: str, headers: dict[str, str]
) -> None:
    assert refusal(kind, method, headers, HERE, Allowed()) is not None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://127.0.0.1:7860"},
        {"origin": "http://127.0.0.1:7860", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "same-origin"},
    ],
)
@pytest.mark.parametrize(("kind", "method"), [("http", "DELETE"), ("websocket", "GET")])
def test_our_own_page_and_programs_pass(kind: str, method: str, headers: dict[str, str]) -> None:
    assert refusal(kind, method, headers, HERE, Allowed()) is None


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"}, True),
        (_link := {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}, False),
        ({**_link, "sec-fetch-dest": "document"}, True),
        ({**_link, "sec-fetch-dest": "iframe"}, False),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, False),
        ({"sec-fetch-site": "same-site", "sec-fetch-mode": "cors"}, False),
    ],
)
def test_a_link_to_the_page_works_and_nothing_can_be_embedded(
    headers: dict[str, str], passes: bool
) -> None:
    assert (refusal("http", "GET", headers, HERE, Allowed()) is None) == passes


def test_behind_the_tunnel_only_the_share_link_itself_is_ours() -> None:
    allowed = Allowed()
    allowed.add("abc.gradio.live", secure=True)
    host = Host("abc.gradio.live")
    ours = {"origin": "https://abc.gradio.live"}
    assert refusal("http", "POST", ours, host, allowed) is None
    for origin in ("http://abc.gradio.live", "https://other.gradio.live", "https://gradio.live"):
        assert refusal("http", "POST", {"origin": origin}, host, allowed) is not None
