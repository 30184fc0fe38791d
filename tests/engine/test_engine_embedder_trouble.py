"""What happens to documents where the embedder of the catalog cannot be used."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from core.catalog import DocumentRules
from core.keys import Keys
from engine.document_map import document_map
from engine.documents import Documents
from engine.embedder_trouble import EmbedderFailed
from engine.embedders import Embedders
from engine.shelf import why
from rag.embedders import Embedder
from tests.support.divan_app import free_port
from tests.support.embedding_server import EmbeddingServer

TEA = "Çay, Rize'nin yağmurlu yamaçlarında yetişir. Demlik yirmi dakika dinlenmelidir."


def ollama(url: str) -> DocumentRules:
    return DocumentRules(embedder="ollama", model="bge-m3", base_url=url)


async def with_tea(folder: Path) -> None:
    old = Documents(folder)
    await old.take("", "cay.txt", TEA.encode(), "Belgeler")
    await old.indexing.idle()
    await old.shut_down()


async def names(documents: Documents, question: str = "Çay nerede yetişir?") -> list[str]:
    return [one.name for one in (await documents.look_up("", question)).passages]


async def test_where_nobody_listens_it_is_told_the_old_index_answers_and_a_retry_works(
    tmp_path: Path,
) -> None:
    await with_tea(tmp_path)
    url = f"http://127.0.0.1:{free_port()}"
    documents = Documents(tmp_path, ollama(url))
    assert await names(documents) == ["cay.txt"]
    await documents.indexing.idle()
    trouble = documents.trouble("")
    assert trouble is not None
    assert trouble.still_answers
    assert url in trouble.card.message("en")
    assert "ollama serve" in trouble.card.hint("en")
    assert await names(documents) == ["cay.txt"]
    assert documents.trouble("") == trouble
    await documents.retry_embedder("")
    await documents.indexing.idle()
    assert documents.trouble("") == trouble
    await documents.shut_down()


async def test_what_failed_by_the_embedder_is_indexed_once_it_is_there(tmp_path: Path) -> None:
    port = free_port()
    documents = Documents(tmp_path, ollama(f"http://127.0.0.1:{port}"))
    await documents.take("", "cay.txt", TEA.encode(), "Belgeler")
    await documents.indexing.idle()
    (failed,) = await documents.documents("")
    assert (failed.state, failed.error) == ("failed", "embedder")
    trouble = documents.trouble("")
    assert trouble is not None
    assert not trouble.still_answers
    with pytest.raises(EmbedderFailed):
        await documents.retry_embedder("")
    server = EmbeddingServer(port)
    await documents.retry_embedder("")
    await documents.indexing.idle()
    (ready,) = await documents.documents("")
    assert (ready.state, documents.trouble("")) == ("ready", None)
    server.close()
    with pytest.raises(EmbedderFailed, match="cannot be reached"):
        await documents.search("", "Çay nerede yetişir?")
    assert documents.trouble("") is not None
    await documents.shut_down()


async def test_a_key_that_is_not_set_is_told(tmp_path: Path) -> None:
    await with_tea(tmp_path)
    rules = DocumentRules(embedder="gemini", api_key_env="EMPTY_KEY")
    documents = Documents(tmp_path, rules, Keys(tmp_path / ".env"))
    assert await names(documents) == ["cay.txt"]
    await documents.indexing.idle()
    trouble = documents.trouble("")
    assert trouble is not None
    assert "EMPTY_KEY is empty" in trouble.card.message("en")
    assert await names(documents) == ["cay.txt"]
    await documents.shut_down()


async def test_a_document_that_failed_by_it_says_so_in_one_language_and_the_log_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    documents = Documents(tmp_path, ollama(f"http://127.0.0.1:{free_port()}"))
    for name in ("cay.txt", "kahve.txt"):
        await documents.take("", name, f"{name}: {TEA}".encode(), "Belgeler")
    await documents.indexing.idle()
    failed, _ = await documents.documents("")
    message, hint = why(failed, "tr")
    assert "sunucusuna" in message
    assert "Sunucuyu başlatın" in hint
    assert "cannot" not in message + hint
    assert "cannot be reached" in why(failed, "en")[0]
    assert len([one for one in caplog.records if one.levelname == "ERROR"]) == 1
    await documents.shut_down()


async def test_a_filled_library_whose_embedder_went_away_says_so_wherever_it_is_asked(
    tmp_path: Path,
) -> None:
    server = EmbeddingServer()
    rules = ollama(server.url)
    before = Documents(tmp_path, rules)
    await before.take("", "cay.txt", TEA.encode(), "Belgeler")
    await before.indexing.idle()
    await before.shut_down()
    server.close()
    documents = Documents(tmp_path, rules)
    with pytest.raises(EmbedderFailed):
        await documents.search("", "Çay nerede yetişir?")
    with pytest.raises(EmbedderFailed):
        await documents.work("", lambda library: document_map(library, "Çay?", None, 5))
    await documents.take("", "kahve.txt", b"Kahve kavrulur.", "Belgeler")
    await documents.indexing.idle()
    states = {one.name: one.state for one in await documents.documents("")}
    assert states == {"cay.txt": "ready", "kahve.txt": "failed"}
    await documents.shut_down()


async def test_a_hub_that_cannot_be_reached_is_not_a_name_that_is_wrong(tmp_path: Path) -> None:
    def unreachable(_: str) -> Embedder:
        try:
            raise httpx.ConnectError("[Errno -2] Name or service not known")
        except httpx.ConnectError as error:
            raise OSError("We couldn't connect to 'https://huggingface.co'") from error

    rules = DocumentRules(embedder="sentence_transformers", model="intfloat/e5")
    documents = Documents(tmp_path, rules, embedders=Embedders(rules, make=unreachable))
    await documents.take("", "cay.txt", TEA.encode(), "Belgeler")
    await documents.indexing.idle()
    trouble = documents.trouble("")
    assert trouble is not None
    assert trouble.card.kind == "embedder_no_hub"
    assert "intfloat/e5" in trouble.card.message("tr")
    await documents.shut_down()
