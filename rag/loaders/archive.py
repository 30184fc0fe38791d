"""Office files are zip archives: what is inside, and whether it is a bomb."""

from __future__ import annotations

from collections.abc import Iterable
from zipfile import BadZipFile, ZipFile, ZipInfo

from rag.loaders.values import LoadError, Source

_MOST_ENTRIES = 10_000
_MOST_BYTES = 600 << 20
_SUSPICIOUS = 30 << 20
_HIGHEST_RATIO = 150
_ENCRYPTED = 0x1


def entries(source: Source) -> frozenset[str]:
    """The names inside, after a look at the sizes they declare; zipfile never unpacks more than
    declared. Raises LoadError."""
    try:
        with ZipFile(source.path) as archive:
            infos = archive.infolist()
    except (BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise LoadError("damaged", str(error)) from error
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        raise LoadError("encrypted")
    _refuse_two_of_one_name(infos)
    if len(infos) > _MOST_ENTRIES:
        raise LoadError("too_large", f"{len(infos)} > {_MOST_ENTRIES}")
    total = sum(info.file_size for info in infos)
    packed = max(1, source.path.stat().st_size)
    if any(info.compress_size > packed for info in infos):
        raise LoadError("damaged", "larger inside than the file")
    if total > _MOST_BYTES or (total > _SUSPICIOUS and total / packed > _HIGHEST_RATIO):
        raise LoadError("too_large", f"{total} bytes in {packed}")
    return frozenset(info.filename for info in infos)


def _refuse_two_of_one_name(infos: Iterable[ZipInfo]) -> None:
    """What one program shows of such an archive another does not. Raises LoadError."""
    seen: dict[str, int] = {}
    for info in infos:
        if seen.setdefault(info.filename, info.CRC) != info.CRC:
            raise LoadError("damaged", f"two files are called {info.filename}")
