"""Left: new chat, search, the chat list and the trash."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from ui.i18n import text


@dataclass(frozen=True)
class Sidebar:
    """`chats` is filled by ui/static/chat_list.js through the routes under /api/chats."""

    new_chat: gr.Button
    search: gr.Textbox
    chats: gr.HTML


def build(with_login: bool) -> Sidebar:
    """The components, inside a Gradio sidebar that folds away on a narrow screen."""
    with gr.Sidebar(position="left", width=300, elem_id="sidebar", label=text("chats")):
        gr.HTML(
            '<a class="divan-brand" href="/">Divan</a>', elem_id="brand", apply_default_css=False
        )
        new_chat = gr.Button(text("new_chat"), elem_id="new-chat", size="md")
        search = gr.Textbox(
            elem_id="chat-search",
            placeholder=text("search"),
            label=text("search"),
            show_label=False,
            container=False,
            max_lines=1,
        )
        chats = gr.HTML("", elem_id="chat-list", js_on_load=None, apply_default_css=False)
        gr.Button(text("trash"), elem_id="trash", size="sm")
        gr.Button(text("logout"), elem_id="logout", size="sm", visible=with_login)
    return Sidebar(new_chat, search, chats)
