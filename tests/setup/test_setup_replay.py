"""`python app.py replay` in a process of its own, against a provider on this machine."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support import divan_app, process
from tests.support.paced_provider import PacedProvider
from tests.support.process import Process

CATALOG = """
language: tr
default_model: words
providers:
  paced: {{format: openai_compatible, base_url: "{url}", label: Deneme}}
models:
  - {{id: words, label: Kelimeler, provider: paced, name: words-3, price: {{input: 1, output: 2}}}}
  - {{id: more, label: "Çok kelime", provider: paced, name: words-5}}
  - {{id: hold, label: Bekleyen, provider: paced, name: hold}}
  - {{id: busy, label: "Meşgul", provider: paced, name: fail-500, max_retries: 0}}
"""
WHEN = "2026-11-20T10:00:00.000Z"


def said(message_id: str, parent: str | None, text: str, model: str = "") -> dict[str, Any]:
    """A message of a chat file: an answer where it names a model."""
    message = {"id": message_id, "parent": parent, "role": "user", "content": text, "created": WHEN}
    if model:
        answer = {"model": model, "provider": "paced", "started": WHEN, "outcome": "complete"}
        message |= {"role": "assistant", "answer": answer}  # type: ignore[dict-item]
    return message


TALK = {
    "id": "yagmur",
    "title": "Yağmur üstüne",
    "created": WHEN,
    "updated": WHEN,
    "model": "words",
    "leaf": "a2",
    "branches": [{"name": "İlk yol", "leaf": "a1", "created": WHEN}],
    "messages": [
        said("q1", None, "Yağmur neden yağar?"),
        said("a1", "q1", "kelime1 kelime2 eski", "words"),
        said("q2", "a1", "Ya kar?"),
        said("a2", "q2", "Bambaşka bir yanıt", "words"),
    ],
}
COMPARED = {
    **TALK,
    "id": "kiyas",
    "title": "Kıyas",
    "leaf": "a1",
    "branches": [],
    "comparison": {
        "lanes": [
            {"model": "words", "role": "primary", "leaf": "a1"},
            {"model": "more", "leaf": "b1"},
        ]
    },
    "messages": [*TALK["messages"][:2], said("b1", "q1", "başka", "more")],
}


@dataclass
class Place:
    """Folders of a Divan, with two chats in them."""

    folder: Path

    def chat(self, name: str = "yagmur", user: str = "") -> dict[str, Any]:
        path = self.folder / "chats" / user / f"{name}.json"
        return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]

    def arguments(self, *typed: str, language: str = "en") -> list[str]:
        return ["--lang", language, *divan_app.folders(self.folder), "replay", *typed]

    def run(self, *typed: str, language: str = "en") -> subprocess.CompletedProcess[str]:
        return process.run(self.arguments(*typed, language=language), divan_app.ROOT)


def path_of(chat: Mapping[str, Any], leaf: str | None = None) -> list[str]:
    by_id = {message["id"]: message for message in chat["messages"]}
    at, found = leaf or chat["leaf"], []
    while at:
        found.append(by_id[at]["content"].strip())
        at = by_id[at]["parent"]
    return found[::-1]


def begun(place: Place, *typed: str) -> Process:
    """The command once its first question is on disk."""
    program = process.start(place.arguments(*typed), divan_app.ROOT)
    wait_for_start(program)
    return program


def wait_for_start(program: Process) -> None:
    assert program.stdout is not None
    assert any("is asked again" in line for line in program.stdout)


@pytest.fixture
def provider() -> Iterator[PacedProvider]:
    server = PacedProvider()
    yield server
    server.close()


@pytest.fixture
def place(tmp_path: Path, provider: PacedProvider) -> Place:
    (tmp_path / "models.yaml").write_text(CATALOG.format(url=provider.url), encoding="utf-8")
    for folder in ("", "ayse"):
        (tmp_path / "chats" / folder).mkdir(exist_ok=True, parents=True)
        for chat in (TALK, COMPARED):
            path = tmp_path / "chats" / folder / f"{chat['id']}.json"
            path.write_text(json.dumps(chat, ensure_ascii=False), encoding="utf-8")
    return Place(tmp_path)


def test_another_model_answers_every_question_on_a_branch(
    place: Place, provider: PacedProvider
) -> None:
    done = place.run("yagmur", "--model", "more")
    assert (done.returncode, done.stderr) == (0, "")
    new = "kelime1 kelime2 kelime3 kelime4 kelime5"
    lines = done.stdout.splitlines()
    assert re.fullmatch(r"About \d+ tokens in and 1,000 out; no price is known.", lines[0])
    assert lines[1] == (
        "“Yağmur üstüne” is asked again on Çok kelime. Questions: 2. Branch: “Çok kelime”."
    )
    assert "[1/2] Yağmur neden yağar?" in lines
    assert "[2/2] Ya kar?" in lines
    assert lines.count(f"Çok kelime: {new}") == 2
    assert sum("11 → 22 tokens" in line for line in lines) == 2
    assert "[1] kelime1 kelime2 [-eski-]{+kelime3 kelime4 kelime5 +}" in lines
    assert lines[-1].startswith("Çok kelime: every question was answered (2/2). Branch:")
    chat = place.chat()
    assert path_of(chat) == ["Yağmur neden yağar?", new, "Ya kar?", new]
    assert path_of(chat, "a2") == path_of(TALK)
    assert [b["name"] for b in chat["branches"]] == ["İlk yol", "Çok kelime"]
    sent = [message["content"].strip() for message in provider.requests[-1]["messages"]]
    assert sent == ["Yağmur neden yağar?", new, "Ya kar?"]


def test_it_speaks_turkish(place: Place) -> None:
    done = place.run("yagmur", "--model", "more", language="tr")
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert lines[0].startswith("Yaklaşık ")
    assert lines[1].startswith("“Yağmur üstüne” Çok kelime ile yeniden soruluyor.")
    assert sum("11 → 22 belirteç" in line for line in lines) == 2
    assert lines[-1].startswith("Çok kelime: bütün sorular yanıtlandı (2/2). Dal:")


def test_without_a_model_the_chat_is_asked_with_its_own_and_other_settings(
    place: Place, provider: PacedProvider
) -> None:
    done = place.run("yagmur", "--system", "Kısa konuş.", "--temperature", "0.2")
    assert done.returncode == 0, done.stderr
    assert {r["model"] for r in provider.requests} == {"words-3"}
    assert {r["temperature"] for r in provider.requests} == {0.2}
    assert {r["messages"][0]["content"] for r in provider.requests} == {"Kısa konuş."}
    newest = place.chat()["messages"][-1]
    assert newest["answer"]["settings"] == {"system": "Kısa konuş.", "temperature": 0.2}


def test_the_estimate_is_told_before_anything_is_sent(
    place: Place, provider: PacedProvider
) -> None:
    priced = place.run("yagmur")
    first, second, *_ = priced.stdout.splitlines()
    counts = re.fullmatch(r"About (\d+) tokens in and (1,000) out, ≈ \$([\d.]+) in all.", first)
    assert counts is not None
    expected = (int(counts[1]) * 1 + 1000 * 2) / 1_000_000
    assert float(counts[3]) == pytest.approx(expected, rel=0.05)
    assert "is asked again" in second
    partly = place.run("kiyas").stdout.splitlines()[0]
    assert "the rest has no known price" in partly


def test_a_chat_may_be_named_by_its_file(place: Place) -> None:
    for name in ("yagmur.json", str(place.folder / "chats" / "yagmur.json")):
        done = place.run(name, "--model", "more")
        assert done.returncode == 0, done.stderr
    own = str(place.folder / "chats" / "ayse" / "yagmur.json")
    for more in ((), ("--user", "Ayse")):
        assert place.run(own, "--model", "more", *more).returncode == 0
    branches = [branch["name"] for branch in place.chat()["branches"]]
    assert branches == ["İlk yol", "Çok kelime", "Çok kelime 2"]
    assert [branch["name"] for branch in place.chat(user="ayse")["branches"]] == branches


def test_the_flags_of_the_program_may_stand_behind_the_command(place: Place) -> None:
    flags = divan_app.folders(place.folder)
    done = process.run(["replay", "yagmur", "--model", "more", *flags], divan_app.ROOT)
    assert done.returncode == 0, done.stderr
    assert [branch["name"] for branch in place.chat()["branches"]] == ["İlk yol", "Çok kelime"]


SLOW_IMPORT = """
import importlib.abc, pathlib, sys, time

class Slow(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == "openai":
            pathlib.Path(__file__).with_name("imported").touch()
            time.sleep(4)

sys.meta_path.insert(0, Slow())
"""


def test_the_import_of_a_library_is_not_counted_as_the_time_of_the_model(place: Place) -> None:
    (place.folder / "sitecustomize.py").write_text(SLOW_IMPORT, encoding="utf-8")
    typed = ["--lang", "en", *divan_app.folders(place.folder), "replay", "yagmur"]
    slow = {"PYTHONPATH": str(place.folder)}
    done = process.run([*typed, "--model", "more"], divan_app.ROOT, slow, fresh=True)
    assert done.returncode == 0, done.stderr
    assert (place.folder / "imported").exists()
    chat = place.chat()
    made = [message["answer"] for message in chat["messages"][4:] if message["role"] != "user"]
    measures = [line for line in done.stdout.splitlines() if "11 → 22 tokens" in line]
    assert len(made) == len(measures) == 2
    for answer, line in zip(made, measures, strict=True):
        assert answer["first_token_s"] <= answer["duration_s"] < 4
        assert f"first token {answer['first_token_s']:.2f} s" in line
        assert line.strip().startswith(f"{answer['duration_s']:.2f} s")


def test_several_models_get_a_branch_each_from_the_same_path(place: Place) -> None:
    done = place.run("yagmur", "--model", "more", "--model", "words")
    assert done.returncode == 0, done.stderr
    chat = place.chat()
    assert [b["name"] for b in chat["branches"]] == ["İlk yol", "Çok kelime", "Kelimeler"]
    assert [len(path_of(chat, b["leaf"])) for b in chat["branches"]] == [2, 4, 4]


def test_a_branch_can_be_named_and_a_preferred_one_is_the_default(place: Place) -> None:
    named = place.run("yagmur", "--model", "more", "--branch", "İlk yol")
    assert "Questions: 1." in named.stdout
    chat = place.chat()
    chat["branches"][0]["preferred"] = True
    (place.folder / "chats" / "yagmur.json").write_text(json.dumps(chat), encoding="utf-8")
    assert "Questions: 1." in place.run("yagmur", "--model", "more").stdout


def test_every_lane_of_a_comparison_is_asked_again(place: Place) -> None:
    done = place.run("kiyas")
    assert done.returncode == 0, done.stderr
    chat = place.chat("kiyas")
    lanes = [path_of(chat, lane["leaf"])[-1] for lane in chat["comparison"]["lanes"]]
    assert lanes == ["kelime1 kelime2 kelime3", "kelime1 kelime2 kelime3 kelime4 kelime5"]
    assert "What changed on Kelimeler" in done.stdout
    assert "What changed on Çok kelime" in done.stdout


def test_another_model_joins_a_comparison_as_a_lane(place: Place, provider: PacedProvider) -> None:
    provider.release()
    done = place.run("kiyas", "--model", "hold")
    assert done.returncode == 0, done.stderr
    lanes = place.chat("kiyas")["comparison"]["lanes"]
    assert [lane["model"] for lane in lanes] == ["words", "more", "hold"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("yok",), ("There is no chat yok", "yagmur  Yağmur üstüne", "kiyas  Kıyas")),
        (("../yagmur",), ("There is no chat ../yagmur", "yagmur")),
        (("yagmur", "--model", "mor"), ("no model mor", "words, more, hold, busy")),
        (("yagmur", "--branch", "Yok"), ("no branch “Yok”", "“İlk yol”")),
        (("kiyas", "--branch", "Yok"), ("no branch “Yok”", "no path of it has a name")),
        (("yagmur", "--user", "zeki"), ("no user zeki", "ayse")),
        (("yagmur", "--user", "../x"), ("no user ../x", "ayse")),
        (("yagmur", "--temperature", "9"), ("temperature cannot be 9", "0 – 2")),
        (("yagmur", "--temperature", "hot"), ("temperature cannot be hot", "0 – 2")),
        (("yagmur", "--temperature", "nan"), ("temperature cannot be nan", "0 – 2")),
        (("chats/yok.json",), ("There is no chat chats/yok.json", "yagmur  Yağmur üstüne")),
        (("elsewhere/yagmur.json",), ("There is no chat elsewhere/yagmur.json",)),
        (("chats/trash/yagmur.json",), ("There is no chat chats/trash/yagmur.json",)),
    ],
)
def test_bad_arguments_name_the_allowed_ones_and_change_nothing(
    place: Place, provider: PacedProvider, arguments: tuple[str, ...], told: tuple[str, ...]
) -> None:
    done = place.run(*arguments)
    assert done.returncode == 2
    assert [text for text in told if text not in done.stderr] == []
    assert (provider.requests, place.chat(), place.chat("kiyas")) == ([], TALK, COMPARED)


def test_bad_arguments_are_told_in_turkish(place: Place) -> None:
    done = place.run("yagmur", "--model", "mor", language="tr")
    assert done.returncode == 2
    assert done.stderr.strip() == (
        "models.yaml içinde mor diye bir model yok. Kullanılabilecekler: words, more, hold, busy"
    )
    done = place.run("yagmur", "--temperature", "abc", language="tr")
    assert done.returncode == 2
    assert done.stderr.strip() == "temperature için abc kullanılamaz. İzin verilen: 0 – 2."


def test_a_folder_without_chats_says_so(place: Place) -> None:
    for path in (place.folder / "chats").glob("*.json"):
        path.unlink()
    done = place.run("yagmur")
    assert done.returncode == 2
    assert str(place.folder / "chats") in done.stderr


@pytest.mark.parametrize(
    ("language", "told", "end"),
    [
        ("en", "Meşgul could not answer. ", "Meşgul: ended early (0/2 answered)."),
        ("tr", "Meşgul yanıt veremedi. ", "Meşgul: yarıda kaldı (0/2 yanıtlandı)."),
    ],
)
def test_a_failing_turn_ends_it_with_1_and_says_why(
    place: Place, language: str, told: str, end: str
) -> None:
    done = place.run("yagmur", "--model", "busy", language=language)
    assert done.returncode == 1
    assert told in done.stdout
    assert done.stdout.splitlines()[-1].startswith(end)
    newest = place.chat()["messages"][-1]
    assert newest["answer"]["outcome"] == "failed"


def test_the_chat_of_a_login_is_asked_in_its_own_folder(place: Place) -> None:
    done = place.run("yagmur", "--model", "more", "--user", "ayse")
    assert done.returncode == 0, done.stderr
    assert len(place.chat(user="ayse")["messages"]) == 7
    assert place.chat() == TALK


@pytest.mark.skipif(os.name == "nt", reason="signals of another process")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_keeps_what_came_and_asks_nothing_more(
    place: Place, provider: PacedProvider, number: int, code: int
) -> None:
    program = begun(place, "yagmur", "--model", "hold", "--model", "words")
    program.send_signal(number)
    said, complained = program.communicate(timeout=60)
    assert (program.returncode, complained) == (code, "")
    assert "stopped (0/2 answered)" in said
    newest = place.chat()["messages"][-1]
    assert newest["answer"] | {"outcome": "stopped", "model": "hold"} == newest["answer"]
    assert len(provider.requests) <= 1


IGNORING = """trap "" INT TERM; exec "$@" """


@pytest.mark.skipif(os.name == "nt", reason="signals of another process")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_where_a_shell_started_it_in_the_background(
    place: Place, number: int
) -> None:
    command = [*process.command(), *place.arguments("yagmur", "--model", "hold")]
    with subprocess.Popen(
        ["sh", "-c", IGNORING, "sh", *command],
        stdout=subprocess.PIPE, encoding="utf-8", env=process.environment(),
    ) as program:  # fmt: skip
        wait_for_start(program)
        program.send_signal(number)
        program.communicate(timeout=60)
    assert program.returncode == 128 + number
    assert place.chat()["messages"][-1]["answer"]["outcome"] == "stopped"


def test_a_running_page_and_the_command_share_the_chat(
    place: Place, provider: PacedProvider
) -> None:
    catalog = CATALOG.format(url=provider.url)
    with divan_app.running(place.folder, catalog) as app, httpx.Client(base_url=app.url) as page:
        before = page.get("/api/chats/outline").json()["version"]
        program = begun(place, "yagmur", "--model", "hold")
        renamed = page.patch("/api/chats/yagmur", json={"title": "Yeni ad"})
        assert renamed.status_code == 200
        provider.release()
        program.communicate(timeout=60)
        assert program.returncode == 0
        chat = page.get("/api/chats/yagmur").json()
        assert chat["title"] == "Yeni ad"
        whole = "bir iki üç dört beş"
        assert path_of(chat) == ["Yağmur neden yağar?", whole, "Ya kar?", whole]
        assert chat["branches"][-1] | {"created": ""} == {
            "name": "Bekleyen",
            "leaf": chat["leaf"],
            "created": "",
        }
        assert page.get("/api/chats/outline").json()["version"] > before


def test_a_program_that_ends_leaves_the_branch_to_go_on_with(
    place: Place, provider: PacedProvider
) -> None:
    catalog = CATALOG.format(url=provider.url)
    with divan_app.running(place.folder, catalog) as app:
        started = httpx.post(f"{app.url}/api/chats/yagmur/replay", json={"model": "hold"})
        assert started.json()["total"] == 2
        with httpx.Client(base_url=app.url) as page:
            assert page.get(f"/api/replays/{started.json()['replay']}").json()["done"] == 0
        app.end()
    assert len(provider.requests) <= 1
    chat = place.chat()
    assert chat["messages"][-1]["answer"]["outcome"] == "interrupted"
    provider.release()
    gone_on = place.run("yagmur", "--model", "more", "--branch", "Bekleyen")
    assert gone_on.returncode == 0, gone_on.stderr
