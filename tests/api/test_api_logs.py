"""The terminal shows errors in one line each; the file holds everything, and no key."""

from __future__ import annotations

import io
import logging
import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.keys import REDACTED, Keys
from core.log_repeats import Repeats, repeated
from core.logs import adopt_library_loggers, set_up_logging, shut_down_logging
from tests.api.api_served import CANARY


@contextmanager
def logging_to(folder: Path) -> Iterator[io.StringIO]:
    """Logging set up as in a real start; what is given stands for the terminal."""
    before, shown = sys.stderr, io.StringIO()
    keys = Keys(folder / ".env", {"K": CANARY})
    keys.get("K")
    sys.stderr = shown
    try:
        set_up_logging(folder, keys)
        yield shown
    finally:
        shut_down_logging()
        assert sys.stderr is shown
        sys.stderr = before


def log_file(folder: Path) -> str:
    return (folder / "logs" / "divan.log").read_text(encoding="utf-8")


def test_only_errors_reach_the_terminal_in_one_line(tmp_path: Path) -> None:
    with logging_to(tmp_path) as terminal:
        log = logging.getLogger("engine.turns")
        log.info("a turn began")
        log.warning("slow")
        try:
            raise ValueError("first\nsecond")
        except ValueError:
            log.exception("it failed")
        assert terminal.getvalue() == "ERROR it failed (ValueError: first\\nsecond)\n"
        written = log_file(tmp_path)
        assert "INFO engine.turns: a turn began" in written
        assert "Traceback" in written


def test_libraries_are_heard_from_warnings_on(tmp_path: Path) -> None:
    with logging_to(tmp_path) as terminal:
        logging.getLogger("httpx").info("GET https://example")
        logging.getLogger("httpx").warning("odd")
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn("an old name", DeprecationWarning, stacklevel=1)
        assert "GET https" not in log_file(tmp_path)
        assert "odd" in log_file(tmp_path)
        assert "an old name" in log_file(tmp_path)
        assert terminal.getvalue() == ""


def test_no_key_in_message_arguments_or_traceback(tmp_path: Path) -> None:
    with logging_to(tmp_path) as terminal:
        log = logging.getLogger("providers.gemini")
        try:
            raise RuntimeError(f"bad key {CANARY}")
        except RuntimeError:
            log.exception("asked with %s", {"key": CANARY})
        print(f"a library prints {CANARY}", file=sys.stderr)
        for text in (terminal.getvalue(), log_file(tmp_path)):
            assert CANARY not in text
            assert REDACTED in text


def test_a_message_cannot_fake_a_line(tmp_path: Path) -> None:
    with logging_to(tmp_path) as terminal:
        forged = "x\r\n2026-01-01 00:00:00 CRITICAL app: forged\x1b[2J\x07\u2028\u202e"
        try:
            raise ValueError(forged)
        except ValueError:
            logging.getLogger("api").error("%s", forged, exc_info=True)
        for text in (log_file(tmp_path), terminal.getvalue()):
            assert not [line for line in text.splitlines() if line.startswith("2026-01-01")]
            assert not set("\x1b\x07\r\u2028\u202e") & set(text)


def test_the_file_is_private_and_rotates(tmp_path: Path) -> None:
    with logging_to(tmp_path):
        log = logging.getLogger("engine")
        for _ in range(12):
            log.info("%s", "x" * 600_000)
        files = sorted((tmp_path / "logs").iterdir())
        assert [f.name for f in files] == ["divan.log", *(f"divan.log.{n}" for n in range(1, 5))]
        assert all(f.stat().st_mode & 0o777 == 0o600 for f in files)
        assert all(f.stat().st_size <= 1_000_000 for f in files)


def test_what_others_print_goes_to_the_file(tmp_path: Path) -> None:
    with logging_to(tmp_path) as terminal:
        sys.stderr.write("loading   0%\rloading  50%\rloading 100%\n")
        sys.stderr.write("half a li")
        sys.stderr.write("ne\n")
        assert terminal.getvalue() == ""
        assert "loading 100%" in log_file(tmp_path)
        assert "50%" not in log_file(tmp_path)
        assert "half a line" in log_file(tmp_path)


def test_an_error_that_ends_a_thread_is_an_error_line(tmp_path: Path) -> None:
    with logging_to(tmp_path) as terminal:

        def broken() -> None:
            raise OSError("cable out")

        thread = threading.Thread(target=broken)
        thread.start()
        thread.join()
        assert terminal.getvalue() == "ERROR a thread ended by an error (OSError: cable out)\n"


def test_handlers_that_a_server_adds_later_are_taken_over(tmp_path: Path) -> None:
    with logging_to(tmp_path) as terminal:
        server = logging.getLogger("uvicorn.made-up")
        server.propagate = False
        server.addHandler(logging.StreamHandler(terminal))
        adopt_library_loggers()
        server.error("broken")
        assert terminal.getvalue() == "ERROR broken\n"


def test_setting_up_twice_says_everything_once(tmp_path: Path) -> None:
    with logging_to(tmp_path):
        set_up_logging(tmp_path, Keys(tmp_path / ".env", {}))
        logging.getLogger("app").error("once")
        assert log_file(tmp_path).count("once") == 1


def test_a_flood_of_the_same_line_is_counted(tmp_path: Path) -> None:
    with logging_to(tmp_path) as terminal:
        flooded, other = logging.getLogger("asyncio"), logging.getLogger("storage")
        for number in range(3_000):
            flooded.error("cannot accept number %d", number)
        other.error("one of another kind")
        for text in (log_file(tmp_path), terminal.getvalue()):
            lines = [line for line in text.splitlines() if "cannot accept" in line]
            assert len(lines) == 23
            assert [line.partition("cannot accept number ")[2] for line in lines[19:]] == [
                "19",
                "29 … repeated 10 times",
                "119 … repeated 90 times",
                "1019 … repeated 900 times",
            ]
            assert "one of another kind" in text
    for text in (log_file(tmp_path), terminal.getvalue()):
        assert "cannot accept number 2999 … repeated 1980 times" in text


def test_lines_that_others_print_are_counted_by_their_text(tmp_path: Path) -> None:
    with logging_to(tmp_path):
        for number in range(50):
            sys.stderr.write(f"part {number} of a long traceback\n")
            sys.stderr.write("the same again\n")
        written = log_file(tmp_path)
    assert written.count("of a long traceback") == 50
    assert written.count("the same again") < 25


def test_after_ten_minutes_a_line_is_written_again_with_its_count() -> None:
    now = [0.0]
    repeats = Repeats(lambda: now[0])

    def logged() -> str | None:
        record = logging.LogRecord("asyncio", logging.ERROR, "file.py", 1, "broken", (), None)
        return repeated(record) if repeats.filter(record) else None

    assert [logged() for _ in range(25)] == [""] * 20 + [None] * 5
    now[0] = 601.0
    assert [logged(), logged()] == [" … repeated 6 times", ""]


def test_without_a_folder_to_write_the_program_goes_on(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    code = (
        "import sys, pathlib, logging\n"
        "from core.keys import Keys\nfrom core.logs import set_up_logging\n"
        f"set_up_logging(pathlib.Path({str(blocked)!r}), Keys(pathlib.Path('/nowhere')))\n"
        "logging.getLogger('app').error('still here')\n"
        "raise SystemError('the end')\n"
    )
    repo = Path(__file__).parents[2]
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=repo, capture_output=True, text=True, env={**os.environ}
    )
    lines = ran.stderr.splitlines()
    assert ran.returncode == 1
    assert lines[0].startswith("ERROR no log file:")
    assert lines[1:] == [
        "ERROR still here",
        "CRITICAL Divan stopped (SystemError: the end)",
    ]
