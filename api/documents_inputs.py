"""What requests about documents bring, checked."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from api.errors import BadRequest
from core.documents import ChosenDocument, document_in
from core.errors import RejectedInput
from engine.shelf import accept_collection, file_name

_MOST_HITS = 50
_MOST_COLLECTIONS = 100
_LONGEST_QUERY = 2000


def question_in(request: Request) -> str:
    """The question of the address. Raises BadRequest."""
    question = request.query_params.get("q", "").strip()
    if not question:
        raise BadRequest("parameter", name="q", allowed=f"1 – {_LONGEST_QUERY}")
    if len(question) > _LONGEST_QUERY:
        raise BadRequest("long_question", limit=str(_LONGEST_QUERY))
    return question


def places_in(request: Request) -> list[str]:
    """The collections and single documents a search is kept to. Raises BadRequest."""
    numbers = names_in(request.query_params.getlist("documents"), "documents")
    if not all(one.isascii() and one.isdigit() and len(one) < 19 for one in numbers):
        raise BadRequest("parameter", name="documents", allowed="1, 2, 3 …")
    singles = [ChosenDocument(int(one), f"#{one}").place for one in numbers]
    return [*names_in(request.query_params.getlist("collections")), *singles]


def place_in(name: str) -> str:
    """A collection's name as it is kept, or a single document's. Raises RejectedInput."""
    single = document_in(name)
    if single:
        return ChosenDocument(single.id, file_name(single.name)).place
    return accept_collection(name)


def names_in(found: Any, parameter: str = "collections") -> list[str]:
    """Names of collections, or numbers of documents. Raises BadRequest."""
    named = isinstance(found, list) and all(isinstance(one, str) for one in found)
    if not named or len(found) > _MOST_COLLECTIONS:
        allowed = f"≤ {_MOST_COLLECTIONS}"
        raise BadRequest("parameter", name=parameter, allowed=allowed)
    return [one for one in found if one]


def count_in(request: Request, default: int) -> int:
    """How many passages are wanted. Raises BadRequest."""
    text = request.query_params.get("count", str(default))
    count = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    if not 1 <= count <= _MOST_HITS:
        raise BadRequest("parameter", name="count", allowed=f"1 – {_MOST_HITS}")
    return count


def number_in(request: Request, name: str) -> int:
    """A number of the address that the database can hold. Raises RejectedInput."""
    number = int(request.path_params[name])
    if number >= 2**63:
        raise RejectedInput("document_gone")
    return number
