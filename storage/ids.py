"""Names that may become file names. Nothing else ever reaches a path."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime

from core.errors import ChatNotFound, NotInTrash

_CHAT = re.compile(r"[0-9a-z][0-9a-z-]{0,63}")
_PART = "-part"
_STAMP = "%Y%m%dt%H%M%S%f"
_TOKEN = re.compile(rf"([0-9a-z][0-9a-z-]{{0,63}})-([0-9]{{8}}t[0-9]{{12}})(?:{_PART})?")
_OWNER = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
_TAKEN = frozenset({"trash", "corrupt"})
SUFFIX = ".json"


def is_chat_id(text: str) -> bool:
    """Whether the text may name a chat."""
    return _CHAT.fullmatch(text) is not None


def chat_file(chat_id: str) -> str:
    """The file name of a chat. Raises ChatNotFound for what no chat can be called."""
    if not is_chat_id(chat_id):
        raise ChatNotFound(chat_id)
    return chat_id + SUFFIX


def chat_of(file_name: str) -> str | None:
    """The id of the chat in a file of this name; None where the name is not a chat's."""
    stem = file_name.removesuffix(SUFFIX)
    return stem if stem != file_name and is_chat_id(stem) else None


def stamped(chat_id: str) -> str:
    """The chat's id with the present moment: what its file is called in the trash."""
    return f"{chat_id}-{datetime.now(UTC):{_STAMP}}"


def stamped_part(chat_id: str) -> str:
    """As `stamped`, for a file that holds some messages of the chat."""
    return stamped(chat_id) + _PART


def is_part(token: str) -> bool:
    """Whether a stamped name is that of some messages of a chat."""
    return token.endswith(_PART)


def unstamped(token: str) -> str:
    """The chat's id in a stamped name. Raises NotInTrash for anything else."""
    return _parts(token)[1]


def token_of(file_name: str) -> str | None:
    """The stamped name of a file in the trash; None where Divan did not name the file."""
    stem = file_name.removesuffix(SUFFIX)
    return stem if stem != file_name and _TOKEN.fullmatch(stem) else None


def moment_of(token: str) -> str:
    """The moment in a stamped name, as text to sort by. Raises NotInTrash for anything else."""
    return _parts(token)[2]


def iso_of(moment: str) -> str:
    """The moment of a stamped name in ISO 8601; empty where the calendar has no such moment."""
    try:
        return datetime.strptime(moment, _STAMP).replace(tzinfo=UTC).isoformat()
    except ValueError:
        return ""


def stamp_of(file_name: str) -> str:
    """The moment in a stamped file name, to sort by."""
    return file_name.removesuffix(SUFFIX).rpartition("-")[2]


def another(chat_id: str) -> str:
    """A new id that still shows which one it comes from."""
    return f"{chat_id[:55].rstrip('-')}-{secrets.token_hex(4)}"


def owner_folder(owner: str) -> str:
    """The folder name of a login; logins that differ only in case share one.

    Raises ValueError for a login that cannot be a folder.
    """
    name = owner.lower()
    reserved = name in _TAKEN or name.endswith((".", SUFFIX))
    if reserved or not _OWNER.fullmatch(name):
        raise ValueError(f"{owner!r} cannot be a login: use a-z, 0-9, dot, dash, 32 at most")
    return name


def _parts(token: str) -> re.Match[str]:
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise NotInTrash(token)
    return found
