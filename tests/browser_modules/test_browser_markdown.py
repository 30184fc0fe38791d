"""The growing Markdown ends the same for every way of cutting the text."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from playwright.async_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PAINT = """async (pieces) => {
  const { GrowingMarkdown } = await import("/markdown.js");
  const element = document.body.appendChild(document.createElement("div"));
  const growing = new GrowingMarkdown(element);
  for (const piece of pieces) growing.write(piece);
  growing.finish();
  const { loadKatex } = await import("/math.js");
  if (growing.text.match(/[$\\\\]/)) await loadKatex();
  await null;
  const html = element.innerHTML;
  element.remove();
  return html;
}"""

RICH = """# Başlık ve İstanbul 👩‍🚀

Bir paragraf, **kalın**, *eğik*, ~~çizili~~, `kod` ve my_var_name ile [1] dipnot.
İkinci satır: 5*3 = 15, $x^2$ ama $5 ve $10 değil. \\(a_b\\) ve \\*yıldız\\*.

- bir
- iki
  - iç içe **kalın
    metin**
    ```js
    let a = `$x$`;
    ```
- üç

1. gevşek

2. liste

   devamı

- [x] bitti
- [ ] bitmedi

| Ad | Değer |
|:---|---:|
| `a|b` | **1** |
| c<br>d | $y$ |

```python
def f(x):
\treturn x * 2  # **değil**

~~~
```

> alıntı
> > iç alıntı
> - madde

---

Alt başlık
==========

$$
\\begin{aligned} a &= b \\\\
- c &= d \\end{aligned}
$$

\\[ \\frac{1}{2} \\]

<div onclick="x()">HTML</div> <b>metin</b> &amp; &lt;i&gt; &copy;
https://example.com/a?b=1&c=2 ve <https://example.org> ve a@b.com
![resim](https://example.com/x.png)

مرحبا بالعالم **سلام** שלום

~~~
açık kalan
"""

ALPHABET = [
    *"\n\n\n  *_`~$[]()<>!#-+|\\:.1a",
    *("😀", "ğ", "**", "```", "~~~\n", "\n\n", "\n- ", "\n1. ", "\n> ", "$$", "\\(", "\\)", "\\["),
    *("\\]", "[x](https://e.org)", "    ", "\t", "\r\n", "---\n", "kelime ", "&amp;"),
    "| a | b |\n|---|---|\n",
]


def cut(text: str, rng: random.Random) -> list[str]:
    """Splits by UTF-16 units, as a careless stream would: through emoji, too."""
    units = text.encode("utf-16-le")
    length = len(units) // 2
    points = sorted({0, length, *(rng.randrange(length + 1) for _ in range(rng.randrange(40)))})
    return [
        units[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")
        for start, end in pairwise(points)
    ]


async def paint(page: Page, pieces: list[str]) -> str:
    # JSON of lone surrogates survives the way into the page as UTF-16 code units.
    units = [[ord(unit) for unit in piece] for piece in map(to_units, pieces)]
    return str(
        await page.evaluate(
            f"(units) => ({PAINT})(units.map((piece) => String.fromCharCode(...piece)))", units
        )
    )


def to_units(piece: str) -> str:
    raw = piece.encode("utf-16-le", "surrogatepass")
    return "".join(chr(raw[i] | raw[i + 1] << 8) for i in range(0, len(raw), 2))


async def test_rich_text_is_the_same_letter_by_letter_and_at_once(page: Page) -> None:
    whole = await paint(page, [RICH])
    assert await paint(page, list(RICH)) == whole
    assert whole.count('class="katex"') == 5
    assert "$5 ve $10 değil" in whole


@pytest.mark.parametrize("batch", range(10))
async def test_random_texts_do_not_depend_on_how_they_were_cut(page: Page, batch: int) -> None:
    for seed in range(batch * 25, batch * 25 + 25):
        rng = random.Random(seed)
        text = "".join(rng.choices(ALPHABET, k=rng.randrange(5, 90)))
        whole = await paint(page, [text])
        assert await paint(page, cut(text, rng)) == whole, repr(text)
