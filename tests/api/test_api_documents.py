"""The documents over the routes: real files, the real loader and embedder, two users."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.catalog import DocumentRules
from core.conversation import Answer, Message
from core.documents import DocumentUse, UsedPassage
from core.settings import Login
from engine.documents import Documents
from tests.api.api_served import AYSE, MEHMET, App, a_chat, make_app
from tests.api.live_server import live_server
from tests.support.documents import scanned_pdf

TEA = "Çay, Rize'nin yağmurlu yamaçlarında yetişir. Demlik yirmi dakika dinlenmelidir."
BRIDGE = "The bridge over the Bosphorus was opened in 1973. Tolls are paid by card."


@pytest.fixture
async def shelf(app: App) -> AsyncIterator[App]:
    yield app
    await app.services.documents.shut_down()


@pytest.fixture
async def shared_shelf(shared_app: App) -> AsyncIterator[App]:
    yield shared_app
    await shared_app.services.documents.shut_down()


async def log_in(client: httpx.AsyncClient, login: Login) -> None:
    await client.post("/login", data={"user": login.user, "password": login.password})


async def upload(
    client: httpx.AsyncClient, *files: tuple[str, bytes], collection: str = "", **query: str
) -> httpx.Response:
    sent = [("files", file) for file in files]
    return await client.post(
        "/api/documents", files=sent, data={"collection": collection}, params=query
    )


async def shelved(app: App, client: httpx.AsyncClient) -> list[dict[str, Any]]:
    await app.services.documents.indexing.idle()
    found: list[dict[str, Any]] = (await client.get("/api/documents")).json()["documents"]
    return found


async def test_files_are_taken_up_searched_and_cited_by_page(shelf: App) -> None:
    async with shelf.client() as client:
        answer = await upload(client, ("çay.md", f"# Çay\n\n{TEA}".encode()), collection="Evim")
        assert [d["state"] for d in answer.json()["documents"]] != ["failed"]
        (document,) = await shelved(shelf, client)
        found = (await client.get("/api/documents/search", params={"q": "Çay nerede?"})).json()
        (hit,) = found["hits"]
        chunk = await client.get(f"/api/documents/{document['id']}/chunks/{hit['chunk']}")
    assert (document["name"], document["collection"]) == ("çay.md", "Evim")
    assert (document["state"], document["progress"], document["error"]) == ("ready", 1.0, "")
    assert document["chunks"] == 1
    assert (found["weak"], hit["number"], hit["document"]) == (False, 1, document["id"])
    assert TEA in hit["text"]
    assert chunk.json()["text"] == hit["text"]


async def test_files_of_one_name_are_told_apart_by_the_folders_they_came_with(shelf: App) -> None:
    async with shelf.client() as client:
        files = ("2024/fatura.txt", TEA.encode()), ("2025/fatura.txt", f"{TEA} Çay.".encode())
        await upload(client, *files)
        documents = await shelved(shelf, client)
        file = await client.get(f"/api/documents/{documents[0]['id']}/file")

    assert [one["name"] for one in documents] == ["2025/fatura.txt", "2024/fatura.txt"]
    assert 'filename="fatura.txt"' in file.headers["content-disposition"]


async def test_the_pages_of_a_document_that_were_not_read_are_said(
    shelf: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.indexing.is_ocr_installed", lambda: False)
    async with shelf.client() as client:
        await upload(client, ("rapor.pdf", scanned_pdf([TEA, "", TEA, ""])))
        (document,) = await shelved(shelf, client)

    assert [(one["first"], one["key"]) for one in document["unread"]] == [
        (2, "scanned"), (4, "scanned"),
    ]  # fmt: skip
    assert document["unread_text"]["short"] == (
        "4 sayfanın 2 tanesi okunamadı: 2, 4 (taranmış resim)"
    )


async def test_one_bad_file_is_told_in_its_place_and_the_rest_goes_on(shelf: App) -> None:
    async with shelf.client() as client:
        files = ("<img src=x>.pdf", b"%PDF-1.4 broken"), ("boş.txt", b""), ("cay.txt", TEA.encode())
        answer = await upload(client, *files, lang="en")
        names = [(d["name"], d["state"] == "failed") for d in answer.json()["documents"]]
        good, bad = await shelved(shelf, client)
    assert names == [("<img src=x>.pdf", False), ("boş.txt", True), ("cay.txt", False)]
    assert (good["name"], good["state"]) == ("cay.txt", "ready")
    assert (bad["name"], bad["state"]) == ("<img src=x>.pdf", "failed")
    assert bad["error"]
    assert bad["hint"]


async def test_collections_are_made_searched_apart_and_dropped(shelf: App) -> None:
    async with shelf.client() as client:
        await client.post("/api/documents/collections", json={"name": "  Boş   raf "})
        await upload(client, ("cay.txt", TEA.encode()), collection="A")
        await upload(client, ("bridge.txt", BRIDGE.encode()), collection="B")
        await shelf.services.documents.indexing.idle()
        named = (await client.get("/api/documents/collections")).json()
        query = {"q": "Çay nerede?", "collections": ["B", "Boş raf"]}
        found = (await client.get("/api/documents/search", params=query)).json()
        gone = await client.request("DELETE", "/api/documents/collections", json={"name": "A"})
        left = await shelved(shelf, client)
    assert named == {"collections": ["Belgeler", "A", "B", "Boş raf"], "default": "Belgeler"}
    assert {hit["name"] for hit in found["hits"]} == {"bridge.txt"}
    assert gone.json()["collections"] == ["Belgeler", "B", "Boş raf"]
    assert [document["name"] for document in left] == ["bridge.txt"]


async def test_the_map_marks_the_question_and_its_hits(shelf: App) -> None:
    async with shelf.client() as client:
        empty = (await client.get("/api/documents/map")).json()
        texts = (TEA, BRIDGE, "Kediler günde on altı saat uyur ve geceleri gezer.")
        for number, text in enumerate(texts):
            await upload(client, (f"{number}.txt", text.encode()))
        await shelf.services.documents.indexing.idle()
        plain = (await client.get("/api/documents/map")).json()
        asked = (await client.get("/api/documents/map", params={"q": "Çay nerede?"})).json()
    assert empty == {"points": [], "question": None, "share": 0.0}
    assert (len(plain["points"]), plain["question"]) == (3, None)
    best = next(point for point in asked["points"] if point["hit"] == 1)
    assert best["name"] == "0.txt"
    assert -1.2 <= asked["question"]["x"] <= 1.2
    assert all(abs(point["x"]) <= 1 and abs(point["y"]) <= 1 for point in asked["points"])
    assert 0.9 < asked["share"] <= 1


async def test_questions_of_ones_own_are_measured_with_each_setting(shelf: App) -> None:
    lines = [
        {"question": "Çay nerede yetişir?", "expected": ["cay.txt"]},
        {"question": "When was the bridge opened?", "expected": "opened in 1973"},
    ]
    async with shelf.client() as client:
        await upload(client, ("cay.txt", TEA.encode()), ("bridge.txt", BRIDGE.encode()))
        await shelf.services.documents.indexing.idle()
        body = {"questions": "\n".join(map(json.dumps, lines))}
        measured = (await client.post("/api/documents/evaluate", json=body)).json()["settings"]
    assert {one["name"] for one in measured} >= {"both", "words", "vectors"}
    assert [one["recall_1"] for one in measured if one["name"] == "both"] == [1.0]
    assert all(one["questions"] == 2 and one["ms"] > 0 for one in measured)


async def test_a_chat_keeps_its_switch(shelf: App) -> None:
    await shelf.store().create(a_chat("c1", "Çay"))
    async with shelf.client() as client:
        body = {"on": True, "collections": ["Belgeler"]}
        answer = await client.post("/api/chats/c1/documents", json=body)
        kept = (await shelf.store().load("c1")).documents
        missing = await client.post("/api/chats/c2/documents", json=body)
    assert answer.json() == body
    assert kept == DocumentUse(True, ("Belgeler",))
    assert missing.status_code == 404


async def test_a_search_and_a_chat_can_be_kept_to_single_documents(shelf: App) -> None:
    await shelf.store().create(a_chat("c1", "Çay"))
    async with shelf.client() as client:
        await upload(client, ("cay.txt", TEA.encode()), ("bridge.txt", BRIDGE.encode()))
        ids = {one["name"]: one["id"] for one in await shelved(shelf, client)}
        query = {"q": "Çay nerede?", "documents": ids["bridge.txt"]}
        one = (await client.get("/api/documents/search", params=query)).json()
        points = (await client.get("/api/documents/map", params=query)).json()["points"]
        place = f"#{ids['bridge.txt']}\tbridge.txt"
        body = {"on": True, "collections": [place]}
        kept = (await client.post("/api/chats/c1/documents", json=body)).json()
        await client.delete(f"/api/documents/{ids['bridge.txt']}")
        gone = (await client.get("/api/documents/search", params=query)).json()
    assert ([hit["name"] for hit in one["hits"]], one["gone"]) == (["bridge.txt"], [])
    assert [point["name"] for point in points] == ["bridge.txt"]
    assert kept == body
    assert (await shelf.store().load("c1")).documents == DocumentUse(True, (place,))
    assert (gone["hits"], gone["way"], len(gone["gone"])) == ([], "nothing", 1)


async def test_the_citations_of_an_answer_outlive_the_document(shelf: App) -> None:
    given = UsedPassage(1, "7", "cay.txt", TEA, "", 3)
    text = "“yağmurlu yamaçlarında yetişir” [1], “denizde yetişir ve büyür” [2]"
    answer = Answer("local", "x", "t", passages=(given,))
    message = Message("a", "m1", "assistant", text, "t", answer=answer)
    chat = a_chat("c1", "Çay")
    await shelf.store().create(replace(chat, messages=(*chat.messages, message), leaf="a"))
    async with shelf.client() as client:
        found = (await client.get("/api/chats/c1/citations/a")).json()
        none = await client.get("/api/chats/c1/citations/m1")
    assert [(p["number"], p["name"], p["page"]) for p in found["passages"]] == [(1, "cay.txt", 3)]
    assert (found["cited"], found["unknown"]) == ([1], [2])
    assert [quote["number"] for quote in found["quotes"]] == [1, None]
    assert none.status_code == 422


async def test_the_sentence_of_a_passage_is_the_one_nearest_to_the_claim(shelf: App) -> None:
    rests, brews = TEA.split(". ")
    given = UsedPassage(1, "7", "cay.txt", TEA, f"{rests}.", 3)
    answer = Answer("local", "x", "t", passages=(given,))
    message = Message("a", "m1", "assistant", "Dinlenir [1]", "t", answer=answer)
    chat = a_chat("c1", "Çay")
    await shelf.store().create(replace(chat, messages=(*chat.messages, message), leaf="a"))
    shown = []
    async with shelf.client() as client:
        for claim in ("Çay demliği yirmi dakika dinlenir", "Bambaşka bir söz"):
            found = await client.get("/api/chats/c1/citations/a", params={"claim": claim})
            shown += [one["sentence"] for one in found.json()["passages"]]
    assert brews in shown[0]
    assert shown[1] == given.sentence


@pytest.mark.parametrize(
    ("name", "data", "kind", "shown"),
    [
        ("çay raporu.pdf", b"%PDF-1.7 <script>alert(1)</script>", "application/pdf", "inline"),
        ("cay.txt", "Çay".encode(), "text/plain; charset=utf-8", "inline"),
        ("cay.md", "Çay ğ".encode("windows-1254"), "text/plain; charset=windows-1254", "inline"),
        ("cay.html", b"<script>alert(1)</script>", "application/octet-stream", "attachment"),
        ("cay.svg", b"<svg onload='alert(1)'/>", "application/octet-stream", "attachment"),
        ("cay.docx", b"PK", "application/octet-stream", "attachment"),
    ],
)
async def test_the_original_file_is_given_whole_and_runs_nothing(
    shelf: App, name: str, data: bytes, kind: str, shown: str
) -> None:
    async with shelf.client() as client:
        taken = (await upload(client, (name, data))).json()["documents"][0]["id"]
        answer = await client.get(f"/api/documents/{taken}/file")
        head = await client.head(f"/api/documents/{taken}/file")
        await client.delete(f"/api/documents/{taken}")
        gone = await client.get(f"/api/documents/{taken}/file", params={"lang": "tr"})
    policies = answer.headers.get_list("content-security-policy")
    assert (answer.content, head.status_code, gone.status_code) == (data, 200, 404)
    assert answer.headers["content-type"] == head.headers["content-type"] == kind
    assert answer.headers["content-disposition"].startswith(shown)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert any("sandbox" in one for one in policies) == (kind != "application/pdf")
    assert "frame-ancestors 'self'" in policies[0]
    assert "artık burada değil" in gone.json()["error"]["message"]


ROUTES = [
    ("GET", "/api/documents", None),
    ("GET", "/api/documents/search?q=çay", None),
    ("GET", "/api/documents/map?q=çay", None),
    ("GET", "/api/documents/collections", None),
    ("POST", "/api/documents/embedder", None),
    ("POST", "/api/documents/ocr", None),
    ("POST", "/api/documents/evaluate", {"questions": '{"question": "çay", "expected": "gizli"}'}),
    ("GET", "/api/documents/{id}/chunks/{chunk}", None),
    ("GET", "/api/documents/{id}/file", None),
    ("POST", "/api/documents/{id}/reindex", None),
    ("DELETE", "/api/documents/{id}", None),
    ("DELETE", "/api/documents/collections", {"name": "Gizli raf"}),
    ("POST", "/api/documents/collections", {"name": "Başka"}),
    ("POST", "/api/documents/address", {"url": "http://127.0.0.1:1/"}),
    ("POST", "/api/documents", None),
    ("POST", "/api/chats/ayse-1/documents", {"on": True}),
    ("GET", "/api/chats/ayse-1/citations/a", None),
]


async def test_the_walk_below_leaves_no_route_out(app: App) -> None:
    routes = [route for route in app.asgi.routes if "document" in getattr(route, "path", "")]
    assert len([r for r in routes if "citations" not in r.path]) == len(ROUTES) - 1  # type: ignore[attr-defined]


async def test_nobody_sees_or_touches_the_documents_of_another(shared_shelf: App) -> None:
    app = shared_shelf
    secret = "Kasanın gizli çay tarifi: bergamot 4711."
    await app.store(AYSE.user).create(a_chat("ayse-1", "Gizli"))
    async with app.client() as ayse, app.client() as mehmet, app.client() as stranger:
        await log_in(ayse, AYSE)
        await log_in(mehmet, MEHMET)
        await upload(ayse, ("gizli.txt", secret.encode()), collection="Gizli raf")
        (document,) = await shelved(app, ayse)
        (hit,) = (await ayse.get("/api/documents/search?q=çay")).json()["hits"]
        for other in (mehmet, stranger):
            for method, path, body in ROUTES:
                path = path.format(id=document["id"], chunk=hit["chunk"])
                answer = await other.request(method, path, json=body)
                assert "bergamot" not in answer.text, path
                assert "gizli.txt" not in answer.text, path
                assert "Gizli raf" not in answer.text, path
                assert other is mehmet or answer.status_code == 401, path
        assert await shelved(app, ayse) == [document]
        assert (await ayse.get("/api/documents/search?q=çay")).json()["hits"] == [hit]
        chunk = f"/api/documents/{document['id']}/chunks/{hit['chunk']}"
        assert (await ayse.get(chunk)).json()["text"] == secret
    assert not (await app.store(AYSE.user).load("ayse-1")).documents.on


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/api/documents/search", None, 422),
        ("GET", f"/api/documents/search?q={'x' * 2001}", None, 422),
        ("GET", "/api/documents/search?q=a&count=0", None, 422),
        ("GET", "/api/documents/search?q=a&count=51", None, 422),
        ("GET", "/api/documents/search?q=a&count=x", None, 422),
        ("GET", "/api/documents/search?q=a&documents=x", None, 422),
        ("POST", "/api/documents", {"a": 1}, 422),
        ("POST", "/api/documents/address", {"url": 5}, 422),
        ("POST", "/api/documents/address", {"url": "file:///etc/passwd"}, 422),
        ("POST", "/api/documents/address", {"url": "http://169.254.169.254/latest"}, 422),
        ("POST", "/api/documents/address", {"url": "http://[::1]:7860/"}, 422),
        ("POST", "/api/documents/evaluate", {"questions": "no json"}, 422),
        ("POST", "/api/documents/evaluate", {"questions": ["a"]}, 422),
        ("POST", "/api/documents/evaluate", {"collections": "A"}, 422),
        ("POST", "/api/documents/collections", {"name": " \n "}, 422),
        ("POST", "/api/documents/collections", {"name": "x" * 81}, 422),
        ("POST", "/api/documents/collections", {"name": "\ud800"}, 422),
        ("DELETE", "/api/documents/1", None, 404),
        ("DELETE", f"/api/documents/{'9' * 30}", None, 404),
        ("POST", "/api/documents/1/reindex", None, 404),
        ("GET", "/api/documents/1/chunks/1", None, 404),
        ("POST", "/api/chats/c1/documents", {"on": "yes"}, 422),
        ("POST", "/api/chats/c1/documents", {"on": True, "collections": [1]}, 422),
    ],
)
async def test_what_cannot_be_is_told_and_changes_nothing(
    shelf: App, method: str, path: str, body: Any, status: int
) -> None:
    await shelf.store().create(a_chat("c1", "Çay"))
    async with shelf.client() as client:
        content = json.dumps(body).encode() if body else None
        headers = {"Content-Type": "application/json"} if body else {}
        answer = await client.request(method, path, content=content, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["message"]
    assert answer.json()["error"]["hint"]
    assert not (await shelf.store().load("c1")).documents.on
    assert await shelf.services.documents.collections("") == ("Belgeler",)


async def test_an_upload_beyond_the_limit_is_refused_whole(shelf: App) -> None:
    async with shelf.client() as client:
        answer = await upload(client, ("a.txt", TEA.encode()), ("b.txt", b"x" * 1_100_000))
        assert answer.status_code == 413
        assert await shelved(shelf, client) == []


async def test_a_disk_that_is_nearly_full_is_left_alone(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    rules = DocumentRules(free_megabytes=10_000_000)
    full = Documents(tmp_path / "data" / "documents", rules)
    vars(app.services)["documents"] = full
    async with app.client() as client:
        answer = await upload(client, ("cay.txt", TEA.encode()), lang="en")
        assert answer.status_code == 507
        assert "free" in answer.json()["error"]["message"]
        assert (await client.get("/api/documents")).json()["documents"] == []
    await full.shut_down()


async def pieces(whole: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(whole), 65_536):
        yield whole[start : start + 65_536]


HEADER = {"Content-Type": "multipart/form-data; boundary=x"}
PART = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n'


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        (HEADER, PART + b"\r\n" + b"x" * 1_500_000, 413),
        ({"Content-Type": "multipart/form-data"}, PART + b"\r\nx\r\n--x--\r\n", 400),
        (HEADER, PART + b"X: y\r\n" * 100_000 + b"\r\nx\r\n--x--\r\n", 400),
        (HEADER, b"no part at all", 400),
    ],
)
async def test_a_malformed_upload_is_refused_clearly_and_is_no_error_of_ours(
    shelf: App,
    caplog: pytest.LogCaptureFixture,
    headers: dict[str, str],
    body: bytes,
    status: int,
) -> None:
    async with shelf.client(**headers) as client:
        answer = await client.post("/api/documents", content=pieces(body))
    assert answer.status_code == status
    assert answer.json()["error"]["hint"]
    assert [one for one in caplog.records if one.levelname == "ERROR"] == []


async def test_another_site_cannot_upload(app: App) -> None:
    async with app.client(origin="https://evil.example") as client:
        answer = await upload(client, ("cay.txt", TEA.encode()))
    assert answer.status_code == 403
    assert not await app.services.documents.has_any("")


async def test_pages_hear_of_every_change(tmp_path: Path) -> None:
    async with live_server(tmp_path) as server, server.page(AYSE) as page:
        documents = server.services.documents
        await page.next("models", "running", "chats")
        other = documents.changed(MEHMET.user).version
        taken = await documents.take(AYSE.user, "cay.txt", TEA.encode(), "Belgeler")
        await page.next("documents")
        await documents.indexing.idle()
        await documents.delete(AYSE.user, taken.id)
        await page.next("documents")
        assert documents.changed(MEHMET.user).version == other
        await documents.shut_down()
