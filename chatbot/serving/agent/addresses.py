"""Where an agent's user can look up an entry, and at which addresses an agent may call."""

import socket
from typing import Any
from urllib.parse import urlsplit

from mcp.server.mcpserver import Context
from mcp.server.transport_security import TransportSecuritySettings

from chatbot.serving.options import HOST, PORT, ServerOptions

_THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]")
_EVERY_ADDRESS = ("0.0.0.0", "::", "")  # noqa: S104 - to recognise it


def page_of(context: Context[Any, Any], entry_id: str) -> str:
    """The page of an entry at the server that was called. Without one (stdio), where `flexbot serve` has it unless told
    otherwise: clients cite and link only what begins with http."""
    request = context.request_context.request
    base = str(request.base_url).rstrip("/") if request is not None else f"http://{HOST}:{PORT}"
    return f"{base}/entries/{entry_id}"


def protection(options: ServerOptions) -> TransportSecuritySettings:
    """Against DNS rebinding: a web page that gives its own name this machine's address is refused, as the name is none
    that the server is known by. It is known by the host it listens at, and by the `origins` that it was told."""
    hosts = {*_THIS_MACHINE, _name(options.host), *(urlsplit(origin).netloc for origin in options.origins)} - {""}
    pages = {*options.origins, *(f"http://{host}" for host in hosts)}
    return TransportSecuritySettings(
        enable_dns_rebinding_protection="*" not in options.origins,
        allowed_hosts=sorted(form for host in hosts for form in (host, f"{host}:*")),
        allowed_origins=sorted(form for page in pages for form in (page, f"{page}:*")),
    )


def _name(host: str) -> str:
    """What stands in a request for the host that the server listens at."""
    if host in _EVERY_ADDRESS:
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host
