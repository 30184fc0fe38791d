"""Serves the small Gradio page as `app.py` serves the real one. Started by `api_served.served`."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core.logs import set_up_logging
from core.settings import Login
from tests.api.api_served import CANARY, a_chat, make_services


def main(arguments: list[str]) -> int:
    """Serve until the process is ended. The arguments: a folder, a port, and logins."""
    folder, port, names = Path(arguments[0]), int(arguments[1]), arguments[2:]
    import gradio as gr
    from starlette.routing import WebSocketRoute

    from api.install import install
    from tests.api.gradio_page import break_off, build_page, echo_owner

    logins = tuple(Login(*name.split(":", 1)) for name in names)
    services = make_services(folder, port, logins=logins)
    set_up_logging(services.settings.data, services.keys)
    assert services.keys.get("CANARY_KEY") == CANARY
    for owner in [login.user for login in logins] or [""]:
        chat = a_chat(f"{owner or 'own'}-1", f"{owner} sohbeti", f"gizli söz {owner}")
        asyncio.run(services.stores.of(owner).create(chat))
    server = gr.Server()
    server.router.routes.append(WebSocketRoute("/ws-owner", echo_owner))
    server.router.routes.append(WebSocketRoute("/ws-broken", break_off))
    install(server, services, Path(__file__).parent / "static")
    build_page().launch(
        _app=server,
        server_name="127.0.0.1",
        server_port=port,
        share=False,
        quiet=True,
        prevent_thread_lock=True,
        ssr_mode=False,
        run_history=False,
    )
    ready = {"url": f"http://127.0.0.1:{port}", "routes": sorted(set(templates(server.routes)))}
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    threading.Event().wait()
    return 0


def templates(routes: Iterable[Any]) -> Iterator[str]:
    """The path of every route, those of included routers too."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from templates(inner.routes)
        else:
            yield route.path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
