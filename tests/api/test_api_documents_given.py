"""What the search says of the passages that a question would be given."""

from __future__ import annotations

from typing import Any

from tests.api.api_served import App

TEA = "Çay, Rize'nin yağmurlu yamaçlarında yetişir."
SEA = "Kaptan {0}. gün denize açıldı; rüzgâr sert, deniz kabarıktı. Tayfa yelkenleri topladı. "
VOYAGE = "\n\n".join(f"# Bölüm {n}\n\n{SEA.format(n) * 6}" for n in range(1, 21))


async def test_the_search_tells_which_passages_a_question_is_given(app: App) -> None:
    documents = app.services.documents
    async with app.client() as client:

        async def search(question: str) -> dict[str, Any]:
            found = await client.get("/api/documents/search", params={"q": question})
            told: dict[str, Any] = found.json()
            return told

        await documents.take("", "cay.txt", TEA.encode(), "Belgeler")
        await documents.indexing.idle()
        alone = await search("Kuantum dolanıklığı nasıl ölçülür?")
        await documents.take("", "sefer.md", VOYAGE.encode(), "Belgeler")
        await documents.indexing.idle()
        found = await search("Çay nerede yetişir?")
        nothing = await search("Kuantum dolanıklığı nasıl ölçülür?")
    await documents.shut_down()
    assert (alone["way"], [hit["given"] for hit in alone["hits"]]) == ("whole", [True])
    assert (found["way"], found["hits"][0]["given"]) == ("found", True)
    assert (found["weak"], nothing["weak"]) == (False, True)
    assert all(hit["given"] for hit in nothing["hits"])
