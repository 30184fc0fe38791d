"""Logging: errors as single lines on the terminal, everything in a rotating file nobody else reads.

No line holds an API key, a control character, or a line break that could fake another line.
"""

from __future__ import annotations

import io
import logging
import logging.handlers
import os
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import TextIO

from core.keys import Keys
from core.log_repeats import Repeats, repeated

_OURS = ("__main__", "app", "api", "core", "engine", "providers", "rag", "storage", "ui")
_FILE_BYTES = 1_000_000
_FILES = 5
_LONGEST_TERMINAL_LINE = 400
_QUIET = {
    "TRANSFORMERS_VERBOSITY": "error",
    "TRANSFORMERS_NO_ADVISORY_WARNINGS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
}


def set_up_logging(data: Path, keys: Keys) -> None:
    """Send every record to `data/logs/divan.log` (5 files of 1 MB, mode 0600) and ERROR and
    CRITICAL to the terminal, too. What others print to stderr (tracebacks, progress bars) goes to
    the file. May be called again; a folder that cannot be written costs the file, not the start.
    """
    shut_down_logging()
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    logging.raiseExceptions = False
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    root.addHandler(_Terminal(sys.stderr, keys))
    _add_file(root, data / "logs", keys)
    logging.captureWarnings(True)
    sys.stderr = _StderrToLog()
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread
    adopt_library_loggers()


def adopt_library_loggers() -> None:
    """Take away the handlers that libraries gave their own loggers, so that ours get the records.
    Uvicorn sets its own when it starts; without `set_up_logging` nothing is touched."""
    if not any(isinstance(h, _Terminal) for h in logging.getLogger().handlers):
        return
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        if any(isinstance(h, logging.StreamHandler) for h in logger.handlers):
            logger.handlers = []
            logger.propagate = True


def shut_down_logging() -> None:
    """Undo `set_up_logging`: close the file, give stderr back."""
    root = logging.getLogger()
    for handler in [h for h in root.handlers if isinstance(h, _Terminal | _PrivateFile)]:
        root.removeHandler(handler)
        handler.close()
        if isinstance(handler, _Terminal) and isinstance(sys.stderr, _StderrToLog):
            sys.stderr = handler.stream
    logging.captureWarnings(False)
    if sys.excepthook is _log_uncaught:
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__


def _add_file(root: logging.Logger, folder: Path, keys: Keys) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        root.addHandler(_PrivateFile(folder / "divan.log", keys))
    except OSError as error:
        root.error("no log file: %s cannot be written (%s)", folder, error.strerror)


class _Counting(logging.Handler):
    """Counts lines that repeat; at the end it writes how many were left out."""

    def count_repeats(self) -> None:
        """Begin to."""
        self._repeats = Repeats()
        self.addFilter(self._repeats)

    def close(self) -> None:
        """Write what is left, then close."""
        for record in self._repeats.take_left_out():
            self.emit(record)
        super().close()


class _PrivateFile(_Counting, logging.handlers.RotatingFileHandler):
    """Rotating files of mode 0600."""

    def __init__(self, path: Path, keys: Keys) -> None:
        super().__init__(
            path,
            maxBytes=_FILE_BYTES,
            backupCount=_FILES - 1,
            encoding="utf-8",
            errors="backslashreplace",
        )
        self.setFormatter(_FileFormat(keys))
        self.count_repeats()

    def _open(self) -> io.TextIOWrapper:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
        descriptor = os.open(self.baseFilename, flags, 0o600)
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, 0o600)
        return os.fdopen(descriptor, "a", encoding=self.encoding, errors=self.errors)


class _Terminal(_Counting, logging.StreamHandler[TextIO]):
    """ERROR and CRITICAL, one line each."""

    def __init__(self, stream: TextIO, keys: Keys) -> None:
        super().__init__(stream)
        self.setLevel(logging.ERROR)
        self.setFormatter(_TerminalFormat(keys))
        self.count_repeats()


class _FileFormat(logging.Formatter):
    """One line for the message; a traceback follows indented, so no line of it can pass for one."""

    def __init__(self, keys: Keys) -> None:
        super().__init__()
        self._keys = keys

    def format(self, record: logging.LogRecord) -> str:
        """The record as text for the file."""
        when = self.formatTime(record, "%Y-%m-%d %H:%M:%S")
        message = one_line(self._keys.redact(record.getMessage())) + repeated(record)
        lines = [f"{when} {record.levelname} {one_line(record.name)}: {message}"]
        if record.exc_info and record.exc_info[0] is not None:
            story = self._keys.redact(self.formatException(record.exc_info))
            lines += ["    " + one_line(line) for line in story.splitlines()]
        return "\n".join(lines)


class _TerminalFormat(logging.Formatter):
    """What went wrong in one line; the story is in the file."""

    def __init__(self, keys: Keys) -> None:
        super().__init__()
        self._keys = keys

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        text = record.getMessage().strip()
        if record.exc_info and record.exc_info[0] is not None:
            text += f" ({record.exc_info[0].__name__}: {record.exc_info[1]})"
        line = f"{record.levelname} {one_line(self._keys.redact(text))}"
        short = line if len(line) <= _LONGEST_TERMINAL_LINE else line[:_LONGEST_TERMINAL_LINE] + "…"
        short += repeated(record)
        encoding = getattr(sys.__stderr__, "encoding", None) or "utf-8"
        return short.encode(encoding, "backslashreplace").decode(encoding)


def one_line(text: str) -> str:
    """The text with line breaks, control characters and the like written out as escapes."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


class _StderrToLog(io.TextIOBase):
    """What is printed to stderr, line by line into the log. A progress bar redraws its line with a
    carriage return; only its last state is kept."""

    encoding = "utf-8"

    def __init__(self) -> None:
        super().__init__()
        self._rest = threading.local()

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, text: str) -> int:
        """Log every whole line."""
        kept = getattr(self._rest, "text", "") + text
        *lines, rest = kept.split("\n")
        self._rest.text = rest.rsplit("\r", 1)[-1][-10_000:]
        for line in lines:
            self._log(line.rstrip("\r").rsplit("\r", 1)[-1].rstrip())
        return len(text)

    def _log(self, line: str) -> None:
        if not line or getattr(self._rest, "busy", False):
            return
        self._rest.busy = True
        try:
            logging.getLogger("stderr").warning("%s", line)
        finally:
            self._rest.busy = False


def _log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("app").critical("Divan stopped", exc_info=(kind, error, trace))


def _log_uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
        story = (args.exc_type, args.exc_value, args.exc_traceback)
        logging.getLogger("app").error("a thread ended by an error", exc_info=story)
