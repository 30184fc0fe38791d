"""A folder that belongs to the person: made once, never a second time in its own place."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.errors import StorageError
from storage import disk

_Identity = tuple[int, int]


class Home:
    """The chats of all owners, those of one owner `within` them, or the data folder.

    A folder that was there and is gone lies on a disk that went away for a moment: another one in
    its place would hide it when it comes back, and take what is written meanwhile. So the folder
    is made only where there has been none since the program started. Everything here blocks.
    """

    def __init__(self, path: Path, within: Home | None = None) -> None:
        self.path = path
        self._within = within
        self._known: _Identity | None = None

    def look(self) -> None:
        """Remember the folder where it is there. Raises StorageError where it was and is gone."""
        if self._within:
            self._within.look()
        try:
            found = self.path.stat()
        except OSError:
            self._missing()
            return
        identity = (found.st_dev, found.st_ino)
        # What an unmounted disk leaves is an empty folder; a folder that was put back has content.
        emptied = self._known not in (None, identity) and _is_empty(self.path)
        if emptied or not stat.S_ISDIR(found.st_mode):
            self._missing()
        else:
            self._known = identity

    def make(self) -> Path:
        """The folder, made where there has never been one. Raises StorageError."""
        self.look()
        if self._known is None:
            with disk.refusals(self.path):
                if self._within:
                    self._within.make()
                self.path.mkdir(mode=0o700, parents=self._within is None, exist_ok=True)
            self.look()
        return self.path

    def inner(self, name: str) -> Path:
        """A folder in this one, made where it is missing. Raises StorageError and OSError."""
        folder = self.make() / name
        with self.there():
            return disk.make_folder(folder, parents=False)

    @contextmanager
    def there(self) -> Iterator[None]:
        """Turns an OSError of work in the folder into StorageError where the folder is gone."""
        try:
            yield
        except OSError:
            self.look()
            raise

    def _missing(self) -> None:
        if self._known:
            raise StorageError("folder_gone", path=str(self.path))


def _is_empty(folder: Path) -> bool:
    with suppress(OSError), os.scandir(folder) as entries:
        return next(entries, None) is None
    return True
