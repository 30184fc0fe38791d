"""What an empty chat says where the models that are ready do not know the page's language."""

from __future__ import annotations

import pytest

from core.request import Readiness
from core.texts import translate
from tests.engine.engine_script import a_model
from ui.welcome import Welcome, welcome

READY = Readiness(True)
NO_KEY = Readiness(False, "no_key", {"key": "K"})
CHECKING = Readiness(False, "checking")
TINY = a_model("tiny", languages=("en",))
LARGE = a_model("large")


def turkish(chosen: str, **states: Readiness) -> Welcome:
    models = {"tiny": TINY, "large": LARGE}
    return welcome("tr", models[chosen], tuple(models.values()), states)


def test_where_only_an_english_model_is_ready_the_page_says_so_and_offers_english_prompts() -> None:
    found = turkish("tiny", tiny=READY, large=NO_KEY)
    assert "yalnızca İngilizce bilir" in found.html()
    assert "<code>.env</code>" in found.html()
    assert found.examples()[0] == {"text": translate("en", "prompts.one")}


@pytest.mark.parametrize(
    ("chosen", "tiny", "large"),
    [
        ("large", READY, NO_KEY),  # chosen: the page says what it lacks
        ("tiny", READY, READY),
        ("tiny", READY, CHECKING),  # it may be ready in a moment
        ("tiny", NO_KEY, NO_KEY),
    ],
)
def test_else_the_prompts_are_in_the_language_of_the_page(
    chosen: str, tiny: Readiness, large: Readiness
) -> None:
    found = turkish(chosen, tiny=tiny, large=large)
    assert "İngilizce" not in found.html()
    assert found.examples()[0] == {"text": translate("tr", "prompts.one")}


def test_a_page_in_the_language_of_the_model_is_as_ever() -> None:
    found = welcome("en", TINY, (TINY, LARGE), {"tiny": READY, "large": NO_KEY})
    assert found == Welcome("en", "en")
    assert found.examples()[0] == {"text": translate("en", "prompts.one")}


def test_a_language_without_prompts_of_its_own_changes_nothing() -> None:
    german = a_model("german", languages=("de",))
    assert welcome("tr", german, (german,), {"german": READY}) == Welcome("tr", "tr")
