"""Installing OCR, and reading again what waited for it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from core.catalog import DocumentRules
from core.documents import UsedPassage
from core.errors import RejectedInput
from engine import ocr
from engine.documents import Documents
from engine.ocr import Ocr
from tests.support.scans import LEASE, packed, scan

NO_OCR = "OCR is not installed: pip install -r requirements-dev.txt"


def test_only_the_one_reader_of_the_page_may_install_it() -> None:
    with pytest.raises(RejectedInput) as refused:
        Ocr(is_on=True, may_install=False).begin(lambda: None)
    assert "python app.py ocr" in refused.value.card.hint("en")


async def test_a_failed_installation_says_what_pip_said(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import sys; sys.exit('ERROR: No matching distribution found')"
    monkeypatch.setattr(ocr, "_PIP", (sys.executable, "-c", code))
    monkeypatch.setattr(ocr, "_MODULES", ("a_module_that_is_not_there",))
    ended = asyncio.Event()
    wanted = Ocr(is_on=True, may_install=True)
    states = [wanted.state]

    wanted.begin(ended.set)
    states.append(wanted.state)
    async with asyncio.timeout(30):
        await ended.wait()

    assert [*states, wanted.state] == ["missing", "installing", "failed"]
    assert wanted.failure == "No matching distribution found"


def test_what_is_installed_is_fixed_and_nothing_is_built() -> None:
    assert ocr._PIP[1:4] == ("-m", "pip", "install")
    assert "--only-binary=:all:" in ocr._PIP
    assert [one.partition(">")[0] for one in ocr.PACKAGES] == ["rapidocr", "onnxruntime"]


async def test_scans_are_read_once_ocr_is_on_and_the_answer_is_given_the_mark(
    tmp_path: Path,
) -> None:
    pytest.importorskip("rapidocr", reason=NO_OCR)
    off = Documents(tmp_path, DocumentRules(ocr=False))
    await off.take("", "kira.png", packed(scan(LEASE), "PNG"), "Belgeler")
    await off.indexing.idle()
    assert [(one.state, one.error) for one in await off.documents("")] == [("failed", "scanned")]
    await off.shut_down()

    on = Documents(tmp_path)
    assert await on.read_scanned("") == 1
    await on.indexing.idle()

    [document] = await on.documents("")
    assert (document.state, document.pages) == ("ready", 1)
    used = (await on.look_up("", "Kira bedeli ne zaman ödenir?")).passages
    assert all(isinstance(one, UsedPassage) and one.ocr for one in used)
    assert "18.500,00" in used[0].text
    assert await on.read_scanned("") == 0
    await on.shut_down()
