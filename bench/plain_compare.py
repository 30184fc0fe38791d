"""The alternative: four Chatbots side by side, as Gradio's guide writes them, one generator.

python -m bench.plain_compare PROVIDER_URL MODEL... --port PORT
"""

from __future__ import annotations

import argparse
import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import gradio as gr
from openai import AsyncOpenAI


def main() -> None:
    """Serve until the process is ended."""
    flags = argparse.ArgumentParser()
    flags.add_argument("provider")
    flags.add_argument("models", nargs="+")
    flags.add_argument("--port", type=int, required=True)
    args = flags.parse_args()
    client = AsyncOpenAI(base_url=args.provider, api_key="none")

    async def answer(message: str) -> AsyncIterator[list[Any]]:
        asked = {"role": "user", "content": message}
        texts = ["" for _ in args.models]
        grown = asyncio.Event()
        reading = [
            asyncio.create_task(_read(client, model, asked, texts, number, grown))
            for number, model in enumerate(args.models)
        ]
        while not all(task.done() for task in reading):
            await grown.wait()
            grown.clear()
            yield [[asked, {"role": "assistant", "content": text}] for text in texts]

    with gr.Blocks(fill_width=True) as demo:
        with gr.Row():
            lanes = [gr.Chatbot(height=700, elem_id=f"lane-{n}") for n in range(1, 5)]
        box = gr.Textbox()
        box.submit(answer, box, lanes[: len(args.models)])
    _, url, _ = demo.launch(server_port=args.port, prevent_thread_lock=True, quiet=True)
    print(url, flush=True)
    threading.Event().wait()


async def _read(
    client: AsyncOpenAI,
    model: str,
    asked: dict[str, str],
    texts: list[str],
    number: int,
    grown: asyncio.Event,
) -> None:
    stream: Any = await client.chat.completions.create(
        model=model,
        messages=[asked],  # type: ignore[list-item]
        stream=True,
    )
    async for chunk in stream:
        if chunk.choices:
            texts[number] += chunk.choices[0].delta.content or ""
            grown.set()
    grown.set()


if __name__ == "__main__":
    main()
