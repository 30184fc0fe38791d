"""Between the page's scripts and Python: an invisible component that carries both ways.

Python sets its value to the summary of the view, or to a warning alone; ui/static/page.js reads it
and triggers on it the events that `_START` names.
"""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

_START = """
// An absolute address: Chromium caches this code when a tab goes on to a Divan at another port, and
// with it the server that a relative import resolves to.
import(`${location.origin}/static/page.js`).then(
  (page) => page.start({
    trigger: (name, data) => trigger(name, data),
    onView: (show) => { show(props.value); watch('value', () => show(props.value)); },
  }),
);
// Events Python listens to: 'open' 'send' 'settle' 'earlier' 'retry' 'continue' 'choose' 'branch'
// 'path' 'summary' 'follow' 'refollow' 'leave' 'leave_again' 'compare' 'compare_continue'
// 'leaderboard' 'welcome' 'models'
"""


@dataclass(frozen=True)
class Bridge:
    """`view` is the invisible component; `where` is JSON of a `ui.view.Place`, which the page
    fills in with every event and a caller without its scripts may write by hand."""

    view: gr.HTML
    where: gr.Textbox


def build() -> Bridge:
    """The two components."""
    view = gr.HTML(
        "", html_template="", js_on_load=_START, elem_id="bridge", apply_default_css=False
    )
    where = gr.Textbox("", visible="hidden", elem_id="where", label="where", show_label=False)
    return Bridge(view, where)
