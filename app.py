"""Divan: flags and environment -> settings -> services -> page -> server.

python app.py                    the page at http://127.0.0.1:7860
python app.py check [MODEL...]   which models and keys work
python app.py replay CHAT        a saved chat asked again
python app.py index FILE...      files added to the documents
python app.py search "QUESTION"  passages of the documents
python app.py evaluate FILE      how well the search answers questions of your own
python app.py ocr                OCR installed, for scanned pages and pictures
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from core.own_python import use_own_python

ROOT = Path(__file__).resolve().parent
if __name__ == "__main__":
    use_own_python(ROOT)

from api.logins import VARIABLE, BadLogin, logins_for
from core.catalog_file import catalog_language
from core.flags import flags_of
from core.hosts import is_loopback
from core.keys import Keys
from core.logs import set_up_logging
from core.settings import Settings
from core.shutdown import Shutdown
from core.texts import translate
from engine.calibration import Calibration
from engine.current_catalog import CurrentCatalog
from engine.documents import Documents
from engine.readiness import ReadinessBoard
from engine.services import Services
from engine.turns import Turns

_BROKEN_PIPE = 141
"""The exit code of a program whose output nobody reads any more."""


def settings_of(args: argparse.Namespace) -> tuple[Settings, str | None]:
    """The settings, and the password that was made up for a page that other computers reach.

    Raises BadLogin.
    """
    env_file = args.config.resolve().parent / ".env"
    keys = Keys(env_file)
    written = keys.get(VARIABLE) or ""
    if not written and not keys.can_tell(VARIABLE):
        raise BadLogin("unreadable", source=str(env_file))
    reachable = args.share or not is_loopback(args.host)
    logins, password = logins_for(args.auth, {VARIABLE: written}, reachable)
    settings = Settings(
        host=args.host,
        port=args.port,
        config=args.config,
        chats=args.chats,
        data=args.data,
        env_file=env_file,
        language=args.lang,
        logins=logins,
        share=args.share,
        open_browser=args.open,
        allowed_hosts=tuple(args.allow_host),
    )
    return settings, password


def build_services(settings: Settings) -> Services:
    """Everything the page and the commands work with; nothing heavy is imported yet."""
    from providers import FORMATS
    from providers.embedded import use_folder
    from providers.router import Router
    from storage.files import FileStores

    keys = Keys(settings.env_file)
    set_up_logging(settings.data, keys)
    use_folder(settings.data / "models")
    catalog = CurrentCatalog.of_file(settings.config, FORMATS)
    keys.remember(catalog.loaded.secrets)
    router = Router(keys)
    stores = FileStores(settings.chats, settings.data, lambda message: turns.is_live(message))
    calibration = Calibration(settings.data / "calibration.json")
    documents = Documents(settings.data / "documents", catalog.documents, keys)
    turns = Turns(catalog, stores, router.stream, calibration, documents.look_up)
    readiness = ReadinessBoard(catalog, keys, router.check)
    return Services(settings, catalog, keys, stores, turns, readiness, router, documents)


def run_page(services: Services, password: str | None, shutdown: Shutdown) -> int:
    """Serve the page until Ctrl+C or SIGTERM."""
    from api.identity import caller
    from api.install import install
    from api.language import language_of
    from api.limited_protocol import limit_connections
    from ui.server import serve
    from ui.view import Visitor

    def who(request: Any) -> Visitor:
        return Visitor(caller(request), language_of(request.request, services.language))

    asked_to_end = shutdown.requested()
    try:
        running = serve(services, lambda server: install(server, services), who, limit_connections)
    except OSError:
        port = str(services.settings.port)
        print(translate(services.language, "start.port_taken", port=port), file=sys.__stderr__)
        return 1
    print(running.share_url or running.url, flush=True)
    if services.settings.share and not running.share_url:
        print(translate(services.language, "start.share_failed"), file=sys.__stderr__)
    if password:
        print(
            translate(services.language, "start.login", user="divan", password=password), flush=True
        )
    asked_to_end.wait()
    running.close()
    services.stores.close()
    return 0


def replay_chat(services: Services, args: argparse.Namespace, shutdown: Shutdown) -> int:
    """Ask a saved chat again in the terminal."""
    from engine.replay_command import Wanted, run_replay

    wanted = Wanted(
        args.chat, tuple(args.model), args.branch, args.system, args.temperature, args.user
    )
    return shutdown.run(run_replay(services, wanted, sys.stdout, _errors()))


def run_on_documents(services: Services, args: argparse.Namespace, shutdown: Shutdown) -> int:
    """Index, search or evaluate documents in the terminal."""
    from engine.documents_command import Wanted, run_documents

    wanted = Wanted(
        command=args.command,
        files=tuple(getattr(args, "files", ())),
        question=getattr(args, "question", ""),
        collections=tuple(args.collection),
        names=tuple(getattr(args, "document", ())),
        count=getattr(args, "count", 0),
        as_json=getattr(args, "json", False),
        documents=getattr(args, "documents", None),
        user=args.user,
    )
    work = run_documents(services.documents, wanted, services.language, sys.stdout, _errors())
    try:
        return shutdown.run(work)
    finally:
        services.stores.close()


def install_ocr(services: Services, shutdown: Shutdown) -> int:
    """Install what reads scanned pages."""
    from engine.ocr_command import run_ocr

    return shutdown.run(run_ocr(services.language, sys.stdout, _errors()))


def _print_any_character() -> None:
    """Let a terminal show a question mark for a character that it lacks, instead of an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _errors() -> TextIO:
    """Where commands print what went wrong; `sys.stderr` leads to the log by then."""
    return sys.__stderr__ or sys.stderr


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; the result is its exit code."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    _print_any_character()
    args = flags_of(ROOT, argv)
    shutdown = Shutdown()
    shutdown.install()
    try:
        return run(args, shutdown)
    except KeyboardInterrupt:
        return shutdown.exit_code or 1


def run(args: argparse.Namespace, shutdown: Shutdown) -> int:
    """Serve the page, or run the command that the arguments name; the exit code."""
    try:
        settings, password = settings_of(args)
    except BadLogin as error:
        language = args.lang or catalog_language(args.config)
        print(f"app.py: {error.message(language)}", file=sys.stderr)
        return 2
    services = build_services(settings)
    for line in services.problems(services.language):
        print(line, file=sys.__stderr__)
    if args.command is None:
        return run_page(services, password, shutdown)
    try:
        code = run_command(services, args, shutdown)
        sys.stdout.flush()
    except BrokenPipeError:
        return _nobody_reads()
    return code


def run_command(services: Services, args: argparse.Namespace, shutdown: Shutdown) -> int:
    """Run one of the commands of the terminal; its exit code."""
    if args.command == "replay":
        return replay_chat(services, args, shutdown)
    if args.command == "ocr":
        return install_ocr(services, shutdown)
    if args.command != "check":
        return run_on_documents(services, args, shutdown)
    from engine.check_command import run_check

    catalog = services.loaded.catalog
    return shutdown.run(
        run_check(catalog, services.router, args.models, services.language, sys.stdout)
    )


def _nobody_reads() -> int:
    """End as other programs do whose reader has left, `| head` for one: without a word."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return _BROKEN_PIPE


if __name__ == "__main__":
    sys.exit(main())
