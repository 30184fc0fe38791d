"""Take the pictures of the README anew: the real page, answered by a mock of the providers.

.venv/bin/python scripts/take_pictures.py      needs Chromium, node and npm
"""

from __future__ import annotations

import json
import math
import random
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.page.documents_tab import a_file, storm_report
from tests.support import aimock, divan_app
from tests.support.documents import pdf

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
CODE = """Bir üreteci `aclosing` ile sarmak yeter: blok bitince **her durumda** kapanır.

```python
from contextlib import aclosing

async with aclosing(model.stream(soru)) as parcalar:
    async for parca in parcalar:
        print(parca, end="")
```

| yol | bağlantı kapanır mı? |
|---|---|
| `break` | hayır |
| `aclosing` | evet |

Beklenen süre $t = n / v$ ile bulunur; 1.000 belirteç yaklaşık $0,002 tutar."""
TRAVEL = """Yağmurlu bir İstanbul gününde:

1. **Yerebatan Sarnıcı** – suyun sesi, sütunların gölgesi.
2. **Pera Müzesi** – Kaplumbağa Terbiyecisi hâlâ orada.
3. **Vapur** – üst kat, ince belli bardakta çay, camda damlalar."""
COMPARED = "Uzun bir e-postayı nasıl kısaltırım?"
SHORTENED = {
    "gemini-flash-latest": """Üç adım yeter:

1. **İsteği** ilk cümleye alın.
2. Gerekçeyi tek paragrafa indirin.
3. Selamlama ile imza arasında *en çok beş cümle* bırakın.""",
    "gemini-pro-latest": """Önce okurun **ne yapacağını** yazın, sonra nedenini.

| önce | sonra |
|---|---|
| “Size yazma nedenim…” | “Cuma'ya dek onay bekliyorum.” |
| üç paragraf gerekçe | tek cümle ve bir bağlantı |

Kalanını ek dosyaya taşıyın.""",
    "mistral": """Kısa cümleler kurun, tekrarları silin ve en önemli bilgiyi başa alın.

> İyi bir e-posta, kaydırmadan okunur.""",
}
QUESTIONS = {
    "Asenkron üreteç Python'da nasıl kapatılır?": CODE,
    "Bana İstanbul'da yağmurlu bir gün için üç öneri ver.": TRAVEL,
    "Toplantı notlarını beş maddede özetle": "Notları yapıştırın, özetleyeyim.",
    "Iğdır ile Ağrı arası kaç kilometre?": "Karayoluyla yaklaşık **143 km**.",
}
ASKED = "Fırtınada kasabanın yollarına kaç ağaç devrildi?"
CITED = """Fırtınada bir gecede **kırk yaşlı çınar** devrilmiş [3]. Kimse yaralanmamış; iki çatı
uçmuş, elektrik akşama doğru geri gelmiş [3]. Fırtına güneyden ılık bir rüzgârla
başlamış [2]."""
NOTES = """Kıyı kasabasının ağaçları

Meydandaki çınarlar yüz yirmi yıl önce dikildi. Gölgesi yazın bütün çarşıyı tutar; belediye her
ilkbaharda dallarını budar ve gövdelerini denetler."""
CATALOG = """
default_model: gemini-flash
providers:
  gemini: {{api_key_env: DEMO_KEY, label: Google, base_url: "{gemini}"}}
  ollama: {{base_url: "{ollama}"}}
  huggingface: {{base_url: "{hf}", api_key_env: DEMO_KEY, label: Hugging Face}}
  openrouter: {{format: openai_compatible, label: OpenRouter, base_url: "{gemini}/api/v1",
    api_key_env: OPENROUTER_API_KEY}}
models:
  - {{id: gemini-flash, label: Gemini Flash, provider: gemini, name: gemini-flash-latest,
     price: {{input: 0.5, output: 3}}}}
  - {{id: gemini-3-pro, label: Gemini 3 Pro, provider: gemini, name: gemini-pro-latest}}
  - {{id: mistral-7b, label: Mistral 7B Instruct, provider: huggingface, name: mistral}}
  - {{id: qwen, label: Qwen 3.5 4B (Ollama), provider: ollama, name: "qwen3.5:4b"}}
  - {{id: openrouter-llama, label: Llama 3.3 70B (OpenRouter), provider: openrouter, name: llama}}
"""


def ask(page: Page, text: str) -> None:
    page.locator("#prompt textarea").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator("#chatbot .divan-meta").last).to_be_visible(timeout=30_000)
    expect(page.locator("#stop")).to_be_hidden()


def opened(browser: Browser, url: str, dark: bool, size: dict[str, int], path: str = "/") -> Page:
    context = browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        color_scheme="dark" if dark else "light",
        device_scale_factor=2,
    )
    page = context.new_page()
    page.route("**/api/models*", lambda route: route.fulfill(json=with_marks(route.fetch().json())))
    page.goto(url + path)
    page.wait_for_function("() => document.body.dataset.ready")
    expect(page.locator("#model label[data-state=ready]").first).to_be_attached()
    return page


def with_marks(models: list[dict[str, object]]) -> list[dict[str, object]]:
    """The mock has no list of models: those it answers for are marked as ready."""
    asked = ("gemini-flash", "gemini-3-pro", "mistral-7b")
    return [m | {"ready": True, "reason": ""} if m["id"] in asked else m for m in models]


def shoot(page: Page, name: str) -> None:
    page.mouse.move(640, 2)
    page.wait_for_timeout(600)
    page.screenshot(path=PICTURES / f"{name}.png")


def take(browser: Browser, url: str) -> None:
    page = opened(browser, url, dark=False, size=WIDE)
    shoot(page, "empty")
    for question in reversed(QUESTIONS):
        page.click("#new-chat")
        expect(page.locator('#chatbot [data-testid="user"]')).to_have_count(0)
        ask(page, question)
    shoot(page, "chat")
    address = page.url.removeprefix(url)
    page.locator("#model label", has_text="Llama 3.3").click()
    page.locator("#prompt textarea").fill("Peki ya sen ne dersin?")
    page.keyboard.press("Enter")
    expect(page.locator(".divan-error")).to_be_visible()
    page.locator("#settings .toggle-button").click()
    page.locator(".divan-retry").scroll_into_view_if_needed()
    shoot(page, "error-and-settings")
    shoot(opened(browser, url, dark=True, size=WIDE, path=address), "dark")
    shoot(opened(browser, url, dark=False, size=NARROW, path=address), "narrow")


def take_comparison(browser: Browser, url: str) -> None:
    page = opened(
        browser, url, dark=False, size=WIDE, path="/?compare=gemini-flash,gemini-3-pro,mistral-7b"
    )
    page.add_style_tag(content=".lane-reason { display: none }")  # the mock lists no models
    page.locator("#compare-prompt textarea").fill(COMPARED)
    page.keyboard.press("Enter")
    expect(page.locator(".lane-measures")).to_have_count(3, timeout=30_000)
    shoot(page, "comparison")


def take_tree(browser: Browser, url: str) -> None:
    """A chat with versions and a named branch, and the picture of its tree."""
    page = opened(browser, url, dark=False, size=WIDE)
    travel = list(QUESTIONS)[1]
    ask(page, travel)
    for model in ("Gemini 3 Pro", "Mistral"):
        page.locator("#model label", has_text=model).click()
        page.locator("#chatbot .divan-again").last.click()
        expect(page.locator("#chatbot .divan-facts").last).to_contain_text(model)
    ask(page, list(QUESTIONS)[3])
    page.locator("#chatbot .divan-branch").first.click()
    page.locator("dialog input").fill("Vapurla gezi")
    page.keyboard.press("Enter")
    expect(page.locator('#chatbot [data-testid="user"]')).to_have_count(1)
    ask(page, list(QUESTIONS)[2])
    page.locator("#branches button").first.click()
    page.wait_for_timeout(500)
    shoot(page, "branches")


def take_leaderboard(browser: Browser, url: str) -> None:
    page = opened(
        browser, url, dark=False, size={"width": 1440, "height": 1240}, path="/?tab=leaderboard"
    )
    expect(page.locator("#leaderboard svg").first).to_be_visible()
    shoot(page, "leaderboard")


def take_documents(browser: Browser, url: str) -> None:
    page = opened(browser, url, dark=False, size=WIDE)
    page.click("#tab-documents")
    files = [
        a_file("Fırtına raporu (İngilizce).docx", storm_report()),
        a_file("Kasabanın ağaçları.pdf", pdf([NOTES], ["Ağaçlar"])),
        a_file("Yarım kalmış.pdf", pdf([NOTES])[:300]),
    ]
    page.locator("#documents-upload input[type=file]").set_input_files(files)
    expect(page.locator("#documents-list [data-document]")).to_have_count(3)
    expect(page.locator("#documents-list [data-state=ready]")).to_have_count(2, timeout=60_000)
    page.locator("#documents-search input").fill("Fırtına neden çıktı?")
    page.keyboard.press("Enter")
    expect(page.locator("#documents-search mark").first).to_be_visible()
    shoot(page, "documents")
    page.click("#tab-chat")
    page.click("#use-documents")
    ask(page, ASKED)
    page.locator("#chatbot .divan-cite").first.click()
    expect(page.locator("dialog mark").first).to_be_visible()
    shoot(page, "citation")


def vote_often(data: Path) -> None:
    """Votes of three hundred made-up rounds."""
    dice = random.Random(4)
    strength = {"gemini-3-pro": 1.1, "gemini-flash": 0.5, "mistral-7b": -0.4, "qwen": -0.6}
    speed = {"gemini-3-pro": 60, "gemini-flash": 190, "mistral-7b": 90, "qwen": 24}
    cost = {"gemini-3-pro": 0.011, "gemini-flash": 0.0012, "mistral-7b": 0.0003, "qwen": 0.0}
    lines = []
    for number in range(300):
        left, right = dice.sample(list(strength), 2)
        chance = 1 / (1 + math.exp(strength[right] - strength[left]))
        vote = dice.choices(["tie", "both_bad", ""], [12, 6, 82])[0]
        vote = vote or ("left" if dice.random() < chance else "right")
        sides = {
            side: {
                "model": model,
                "tokens_per_s": speed[model] * dice.uniform(0.8, 1.2),
                "cost_usd": cost[model] * dice.uniform(0.8, 1.2),
                "first_token_s": 0.4,
                "duration_s": 3.0,
            }
            for side, model in (("left", left), ("right", right))
        }
        lines.append(
            {"time": "2026-11-20T10:00:00.000Z", "chat": f"c{number}", "left": left,
             "right": right, "vote": vote, "turns": 1, "sides": sides}
        )  # fmt: skip
    data.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (data / "votes.jsonl").write_text(text, encoding="utf-8")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    fixtures = [aimock.says_as(model, COMPARED, text) for model, text in SHORTENED.items()]
    fixtures.append(aimock.says(ASKED, CITED))
    fixtures += [aimock.says(question, answer) for question, answer in QUESTIONS.items()]
    with aimock.running(fixtures, latency=5) as url, tempfile.TemporaryDirectory() as folder:
        catalog = CATALOG.format(
            gemini=url,
            ollama=aimock.base_url("ollama", url),
            hf=aimock.base_url("huggingface", url),
        )
        vote_often(Path(folder) / "data")
        environ = {"DEMO_KEY": "demo-key-for-pictures"}
        with (
            divan_app.running(Path(folder), catalog, environ=environ) as app,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            take(browser, app.url)
            take_comparison(browser, app.url)
            take_tree(browser, app.url)
            take_leaderboard(browser, app.url)
            take_documents(browser, app.url)
            browser.close()


if __name__ == "__main__":
    main()
