"""A page with every kind of Gradio event; each tells who it believes is asking."""

from collections.abc import AsyncIterator

import gradio as gr
from starlette.websockets import WebSocket

from api.identity import caller
from tests.api.api_served import CANARY


async def echo_owner(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text(f"owner={caller(websocket)}")
    await websocket.close()


async def break_off(websocket: WebSocket) -> None:
    await websocket.accept()
    raise RuntimeError("a route broke\nin two lines")


def queued(text: str, request: gr.Request) -> str:
    return f"owner={caller(request)}"


def direct(text: str, request: gr.Request) -> str:
    return f"owner={caller(request)}"


async def streamed(text: str, request: gr.Request) -> AsyncIterator[str]:
    yield "first"
    yield f"owner={caller(request)}"


def keep(text: str, kept: str) -> tuple[str, str]:
    return kept, text


def leaky(text: str) -> str:
    raise RuntimeError(f"a handler broke: {CANARY}")


def whose_list(text: str | None, request: gr.Request) -> str:
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
        gr.Button("leaky").click(leaky, text, shown, api_name="leaky")
        gr.Button("keep").click(keep, [text, kept], [shown, kept], api_name="keep")
    return page
