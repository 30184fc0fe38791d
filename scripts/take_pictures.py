"""Take the pictures of the README anew: the real page, answered by a mock of the providers.

.venv/bin/python scripts/take_pictures.py      needs Chromium, node and npm
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.support import aimock, divan_app

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
QUESTIONS = {
    "Asenkron üreteç Python'da nasıl kapatılır?": CODE,
    "Bana İstanbul'da yağmurlu bir gün için üç öneri ver.": TRAVEL,
    "Toplantı notlarını beş maddede özetle": "Notları yapıştırın, özetleyeyim.",
    "Iğdır ile Ağrı arası kaç kilometre?": "Karayoluyla yaklaşık **143 km**.",
}
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
    page.route("**/api/models", lambda route: route.fulfill(json=with_marks(route.fetch().json())))
    page.goto(url + path)
    page.wait_for_function("() => document.body.dataset.ready")
    expect(page.locator("#model label[data-state=ready]").first).to_be_visible()
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


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    fixtures = [aimock.says(question, answer) for question, answer in QUESTIONS.items()]
    with aimock.running(fixtures, latency=5) as url, tempfile.TemporaryDirectory() as folder:
        catalog = CATALOG.format(
            gemini=url,
            ollama=aimock.base_url("ollama", url),
            hf=aimock.base_url("huggingface", url),
        )
        environ = {"DEMO_KEY": "demo-key-for-pictures"}
        with (
            divan_app.running(Path(folder), catalog, environ=environ) as app,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            take(browser, app.url)
            browser.close()


if __name__ == "__main__":
    main()
