"""The catalog of most tests of the page; its models are answered by the paced provider."""

CATALOG = """
language: tr
default_model: words
limits: {{mounted_messages: 6}}
providers:
  paced: {{format: openai_compatible, base_url: "{url}", label: Deneme}}
models:
  - id: words
    label: Kelimeler
    provider: paced
    name: words-20
    price: {{input: 1, output: 2}}
  - {{id: long, label: "Uzun", provider: paced, name: words-200}}
  - {{id: hold, label: "Bekleyen", provider: paced, name: hold}}
  - {{id: silent, label: "Sessiz", provider: paced, name: silent}}
  - {{id: rich, label: "Zengin", provider: paced, name: rich}}
  - {{id: busy, label: "Meşgul", provider: paced, name: fail-500, max_retries: 0}}
  - {{id: keyed, label: "Anahtarlı", provider: gemini, name: g, api_key_env: GEMINI_API_KEY}}
  - {{id: bad, provider: paced, nme: typo}}
"""
