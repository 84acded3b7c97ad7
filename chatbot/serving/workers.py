"""Several processes that share what was loaded before they parted, watched over by gunicorn."""

import socket
from typing import Any

from fastapi import FastAPI
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from chatbot.serving.options import SECONDS_TO_FINISH


class _FinishingArbiter(Arbiter):  # type: ignore[misc]
    """Lets what is being answered be finished at Ctrl-C, too."""

    def handle_int(self) -> None:
        self.handle_term()


class _Workers(BaseApplication):  # type: ignore[misc]
    def __init__(self, app: FastAPI, settings: dict[str, Any]) -> None:
        self._app, self._settings = app, settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> FastAPI:
        return self._app

    def run(self) -> None:
        _FinishingArbiter(self).run()


def run_workers(app: FastAPI, listening: socket.socket, workers: int) -> None:
    """Serve `app` from a socket, which it closes, with so many processes, until told to end; then it raises
    `SystemExit`. A process that dies is started anew."""
    listening.set_inheritable(True)
    settings = {
        "bind": f"fd://{listening.detach()}",
        "control_socket_disable": True,
        "graceful_timeout": SECONDS_TO_FINISH,
        "loglevel": "warning",
        "preload_app": True,
        "timeout": 60,  # seconds without a sign of life, after which a worker is started anew
        "worker_class": "uvicorn_worker.UvicornWorker",
        "workers": workers,
    }
    _Workers(app, settings).run()
