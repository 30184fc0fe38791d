"""The public link of `--share`: Gradio's tunnel to a server that asks for a login."""

from __future__ import annotations

import logging
import secrets

from gradio import networking

log = logging.getLogger(__name__)


def public_link(host: str, port: int) -> str | None:
    """The https address that leads here, or None where no tunnel can be made (the log says why).

    Not through `launch(share=True)`: a page launched so loads a script from elsewhere.
    """
    try:
        address: str = networking.setup_tunnel(host, port, secrets.token_urlsafe(32), None, None)
    except Exception:
        log.warning("no public link could be made", exc_info=True)
        return None
    return "https://" + address.split("://", 1)[-1]
