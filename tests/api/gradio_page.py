"""A page with every kind of Gradio event; each tells who it believes is asking."""

import gradio as gr
from starlette.websockets import WebSocket

from api.identity import caller


async def echo_owner(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text(f"owner={caller(websocket)}")
    await websocket.close()


def queued(text: str, request: gr.Request) -> str:
    return f"owner={caller(request)}"


def direct(text: str, request: gr.Request) -> str:
    return f"owner={caller(request)}"


async def streamed(text: str, request: gr.Request):
    yield "first"
    yield f"owner={caller(request)}"


def keep(text: str, kept: str) -> tuple[str, str]:
    return kept, text


def whose_list(request: gr.Request) -> str:
    return f"owner={caller(request)}"


def build_page() -> gr.Blocks:
    with gr.Blocks(analytics_enabled=False) as page:
        text = gr.Textbox(elem_id="prompt", label="Mesaj")
        kept = gr.State("")
        shown = gr.Textbox(elem_id="shown", label="Yanıt")
        gr.File()
        gr.HTML("<b>liste</b>", server_functions=[whose_list], elem_id="list")
        for name, function, queue in (
            ("queued", queued, True),
            ("direct", direct, False),
            ("streamed", streamed, True),
        ):
            button = gr.Button(name, elem_id=f"do-{name}")
            button.click(function, text, shown, api_name=name, queue=queue)
        gr.Button("keep").click(keep, [text, kept], [shown, kept], api_name="keep")
    return page
