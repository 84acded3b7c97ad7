"""Running the service: one process by uvicorn, several by gunicorn."""

import logging
import socket
import sys

import uvicorn

from chatbot.errors import ServingError
from chatbot.serving.app import make_app
from chatbot.serving.options import SECONDS_TO_FINISH, ServerOptions

_WAITING_TO_CONNECT = 2048
log = logging.getLogger("flexbot.server")


def serve(options: ServerOptions) -> None:
    """Serve until it is told to end (Ctrl-C, SIGTERM); what is being answered then is finished first.

    Raises `ServingError` for an address that cannot be had, and what `Chatbot.load` raises.
    """
    _log()
    with _listening(options) as listening:
        app = make_app(options)
        address = f"http://{_written(options.host)}:{listening.getsockname()[1]}"
        log.info("answering at %s until Ctrl-C", address)
        if options.workers > 1:
            from chatbot.serving.workers import run_workers

            run_workers(app, listening, options.workers)
            return
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=SECONDS_TO_FINISH,
        )
        uvicorn.Server(config).run(sockets=[listening])


def _listening(options: ServerOptions) -> socket.socket:
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    try:
        return socket.create_server((options.host, options.port), family=family, backlog=_WAITING_TO_CONNECT)
    except (OSError, OverflowError) as error:
        where = f"{_written(options.host)}:{options.port}"
        raise ServingError(f"the server cannot listen at {where} ({error}); --host and --port name another") from error


def _written(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _log() -> None:
    """The access log goes to standard output, one JSON object a line; everything else to standard error."""
    for name, stream, form in (
        ("flexbot.access", sys.stdout, "%(message)s"),
        ("flexbot.server", sys.stderr, "%(levelname)s: %(message)s"),
        ("uvicorn.error", sys.stderr, "%(levelname)s: %(message)s"),
    ):
        log, handler = logging.getLogger(name), logging.StreamHandler(stream)
        handler.setFormatter(logging.Formatter(form))
        log.handlers, log.propagate = [handler], False
        log.setLevel(logging.WARNING if name == "uvicorn.error" else logging.INFO)
