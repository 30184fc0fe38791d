"""A Gradio page whose Chatbot shows the text of a file: `gradio_page.py PORT FILE...`."""

import sys
from pathlib import Path

import gradio as gr

DELIMITERS = [
    {"left": "$$", "right": "$$", "display": True},
    {"left": "\\[", "right": "\\]", "display": True},
    {"left": "\\(", "right": "\\)", "display": False},
    {"left": "$", "right": "$", "display": False},
]


def main() -> None:
    with gr.Blocks() as page:
        for name in sys.argv[2:]:
            message = [{"type": "text", "text": Path(name).read_text(encoding="utf-8")}]
            gr.Chatbot(
                [{"role": "assistant", "content": message}],
                elem_id=Path(name).stem,
                latex_delimiters=DELIMITERS,
                height=4000,
            )
    page.launch(server_port=int(sys.argv[1]), quiet=True, ssr_mode=False)


main()
