"""The alternative: the chat that Gradio's guide writes, a generator yielding the growing text.

python -m bench.plain_chat PROVIDER_URL MODEL [--stored N] --port PORT
"""

from __future__ import annotations

import argparse
import threading
from collections.abc import Iterator
from typing import Any

import gradio as gr
from openai import OpenAI

from bench.stored import stored_messages


def main() -> None:
    """Serve until the process is ended."""
    flags = argparse.ArgumentParser()
    flags.add_argument("provider")
    flags.add_argument("model")
    flags.add_argument("--stored", type=int, default=0)
    flags.add_argument("--port", type=int, required=True)
    args = flags.parse_args()
    client = OpenAI(base_url=args.provider, api_key="none")

    def answer(message: str, history: list[Any]) -> Iterator[str]:
        asked = [{"role": one["role"], "content": one["content"]} for one in history]
        stream: Any = client.chat.completions.create(
            model=args.model,
            messages=[*asked, {"role": "user", "content": message}],  # type: ignore[list-item]
            stream=True,
        )
        text = ""
        for chunk in stream:
            if chunk.choices:
                text += chunk.choices[0].delta.content or ""
                yield text

    stored = [{"role": role, "content": text} for role, text in stored_messages(args.stored)]
    demo = gr.ChatInterface(answer, chatbot=gr.Chatbot(value=stored, height=700))
    _, url, _ = demo.launch(server_port=args.port, prevent_thread_lock=True, quiet=True)
    print(url, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
