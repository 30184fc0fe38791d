"""The alternative for memory and start: a Gradio page with a Chatbot and a Textbox, and no more.

python -m bench.bare_page --port PORT
"""

from __future__ import annotations

import argparse
import threading

import gradio as gr


def main() -> None:
    """Serve until the process is ended."""
    flags = argparse.ArgumentParser()
    flags.add_argument("--port", type=int, required=True)
    args = flags.parse_args()
    with gr.Blocks() as demo:
        chatbot = gr.Chatbot()
        prompt = gr.Textbox()
        prompt.submit(_echo, [prompt, chatbot], chatbot)
    _, url, _ = demo.launch(server_port=args.port, prevent_thread_lock=True, quiet=True)
    print(url, flush=True)
    threading.Event().wait()


def _echo(text: str, chat: list[dict[str, str]]) -> list[dict[str, str]]:
    return [*chat, {"role": "user", "content": text}, {"role": "assistant", "content": text}]


if __name__ == "__main__":
    main()
