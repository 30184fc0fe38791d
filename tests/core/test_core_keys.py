"""Keys: found where people put them, and kept out of every text."""

from __future__ import annotations

from pathlib import Path

from core.keys import REDACTED, Keys

CANARY = "sk-canary-0123456789"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("A_KEY=from-file\nB_KEY='quoted file key'\nEMPTY=\n", encoding="utf-8")
    keys = Keys(env, {"A_KEY": "from-environment"})
    assert keys.get("A_KEY") == "from-environment"
    assert keys.get("B_KEY") == "quoted file key"
    assert keys.get("EMPTY") is None
    assert keys.get("NOBODY") is None
    assert keys.get(None) is None


def test_a_key_added_to_the_file_is_seen_without_a_restart(tmp_path: Path) -> None:
    keys = Keys(tmp_path / ".env", {})
    assert keys.get("A_KEY") is None
    (tmp_path / ".env").write_text("A_KEY=now\n", encoding="utf-8")
    assert keys.get("A_KEY") == "now"


def test_no_text_and_no_repr_keeps_a_key_that_was_handed_out(tmp_path: Path) -> None:
    keys = Keys(tmp_path / ".env", {"A_KEY": CANARY})
    keys.get("A_KEY")
    assert keys.redact(f"refused {CANARY}!") == f"refused {REDACTED}!"
    assert CANARY not in repr(keys)


def test_of_a_key_that_begins_with_another_key_nothing_is_left(tmp_path: Path) -> None:
    keys = Keys(tmp_path / ".env", {"SHORT": CANARY, "LONG": f"{CANARY}-and-more"})
    keys.get("SHORT")
    keys.get("LONG")
    assert keys.redact(f"refused {CANARY}-and-more!") == f"refused {REDACTED}!"
