"""A page whose Chatbots show the texts of files as Divan settles them: `... PORT FILE...`."""

import sys
from pathlib import Path

import gradio as gr

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
from ui.markdown import settle

DELIMITERS = [
    {"left": "$$", "right": "$$", "display": True},
    {"left": "\\[", "right": "\\]", "display": True},
    {"left": "\\(", "right": "\\)", "display": False},
]


def main() -> None:
    with gr.Blocks() as page:
        for name in sys.argv[2:]:
            text = settle(Path(name).read_text(encoding="utf-8"))
            message = [{"type": "text", "text": text}]
            gr.Chatbot(
                [{"role": "assistant", "content": message}],
                elem_id=Path(name).stem,
                latex_delimiters=DELIMITERS,
                height=4000,
            )
    page.launch(server_port=int(sys.argv[1]), quiet=True, ssr_mode=False)


main()
