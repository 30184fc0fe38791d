"""What `tests.support.blocking` blames on Divan, and what it leaves to others."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import blocking_report, process
from tests.support.blocking import Blocked
from tests.support.napping import NAP, ROOT, defined

OURS = ROOT / "engine" / "nap.py"
LIBRARY = Path(sysconfig.get_path("purelib"))
_TESTS_THAT_BLOCK = """
from tests.support.napping import NAP, ROOT, defined
async def test_swallowed():
    await defined("swallow", NAP, ROOT / "engine" / "nap.py")()
async def test_sound():
    pass
"""


def ours(name: str, source: str = NAP) -> Callable[..., Any]:
    return defined(name, source, OURS)


def nap_in(file: str) -> Callable[..., Any]:
    return defined("nap", NAP, LIBRARY / file)


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    yield
    assert blocking_report.new() == []


async def test_a_blocking_call_in_the_loop_raises_and_is_reported_with_its_stack() -> None:
    with pytest.raises(Blocked, match=r"time\.sleep"):
        await ours("nap")()
    (report,) = blocking_report.new()
    assert "time.sleep" in report
    assert f'File "{OURS}", line 3, in plain' in report


async def test_an_error_that_is_swallowed_fails_the_test_all_the_same() -> None:
    await ours("swallow")()
    with pytest.raises(pytest.fail.Exception, match=r"time\.sleep"):
        blocking_report.fail_if_new()


def test_the_loop_of_another_thread_counts_as_well() -> None:
    thread = threading.Thread(target=lambda: asyncio.run(ours("swallow")()))
    thread.start()
    thread.join()
    assert len(blocking_report.new()) == 1


@pytest.mark.parametrize(
    "does",
    [
        "open('/dev/null')",
        "import os; os.close(os.open('/dev/null', os.O_RDONLY))",
        "import pathlib; pathlib.Path('/').is_dir()",
        "import sqlite3; sqlite3.connect(':memory:')",
        "from filelock import FileLock; FileLock('/dev/null/x').acquire()",
        "from concurrent.futures import ThreadPoolExecutor as E; E().submit(sleep, 0.1).result()",
    ],
)
async def test_files_databases_locks_and_threads_are_known(does: str) -> None:
    with pytest.raises(Blocked):
        await ours("f", f"from time import sleep\nasync def f():\n    {does}\n")()
    assert len(blocking_report.new()) == 1


async def test_what_waits_in_a_thread_is_let_pass() -> None:
    await asyncio.to_thread(ours("plain"))
    assert blocking_report.new() == []


def test_what_runs_outside_of_a_loop_is_let_pass() -> None:
    ours("plain")()
    assert blocking_report.new() == []


async def test_a_librarys_own_call_below_our_middleware_is_not_ours() -> None:
    await ours("serve", "async def serve(app): await app()")(nap_in("gradio/routes.py"))
    assert blocking_report.new() == []


async def test_a_library_that_calls_us_in_the_loop_makes_it_ours() -> None:
    called = defined("f", "async def f(handler): handler()", LIBRARY / "gradio" / "routes.py")
    with pytest.raises(Blocked):
        await called(ours("plain"))
    assert len(blocking_report.new()) == 1


async def test_what_a_test_does_itself_is_let_pass() -> None:
    Path(__file__).read_text(encoding="utf-8")
    ours("plain")()
    assert blocking_report.new() == []


async def test_a_log_line_is_let_pass() -> None:
    source = "import logging\nasync def f(): logging.getLogger('engine').error('x')"
    await ours("f", source)()
    assert blocking_report.new() == []


def test_a_test_whose_code_blocks_fails_and_no_other(tmp_path: Path) -> None:
    file = tmp_path / "test_it.py"
    file.write_text(_TESTS_THAT_BLOCK, encoding="utf-8")
    options = ["-p", "tests.conftest", "-p", "no:cacheprovider", "-o", "asyncio_mode=auto"]
    command = [sys.executable, "-m", "pytest", *options, "--rootdir", str(tmp_path), str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Blocking call to time.sleep in the event loop" in done.stdout
    assert "2 passed, 1 error" in done.stdout
    assert "ERROR at teardown of test_swallowed" in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere programs are not forked")
@pytest.mark.parametrize(("name", "code"), [("swallow", 0), ("nap", 1)])
def test_a_program_reports_to_the_test_that_runs_it(tmp_path: Path, name: str, code: int) -> None:
    program = process.start([name], tmp_path, module="tests.support.napping")
    assert program.wait(60) == code
    process.close(program)
    (report,) = blocking_report.new()
    assert f'File "{OURS}", line 3, in plain' in report
