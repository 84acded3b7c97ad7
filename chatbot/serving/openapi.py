"""The OpenAPI description of the service, with the schema of a reply and of what goes wrong."""

import json
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from chatbot.serving.problems import MEDIA_TYPE, PROBLEM_SCHEMA
from chatbot.serving.schemas import reply_schema

_REPLY = {"$ref": "#/components/schemas/Reply"}
_PROBLEM = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": description, **_PROBLEM}
    for status, description in (
        (400, "The body is no JSON."),
        (404, "There is no such thing."),
        (405, "Not with this method."),
        (408, "The body did not come in time."),
        (413, "The body is too large."),
        (422, "Something in the request is not as it must be."),
        (503, "Too much waits; try again after the seconds of Retry-After."),
    )
}


def describe(app: FastAPI) -> None:
    """Make `app` describe itself with the schemas that its responses name."""

    def description() -> dict[str, Any]:
        if not app.openapi_schema:
            described = get_openapi(title=app.title, version=app.version, routes=app.routes)
            schemas = described["components"]["schemas"]
            schemas["Reply"] = _at(reply_schema(), _REPLY["$ref"])
            schemas["Problem"] = PROBLEM_SCHEMA
            schemas["Asked"]["properties"]["reply"] = _REPLY
            schemas["AskedMany"]["properties"]["replies"]["items"] = _REPLY
            schemas["Matches"]["properties"]["matches"] = {"$ref": f"{_REPLY['$ref']}/properties/matches"}
            shown = described["paths"]["/v1/entries/{entry_id}"]["get"]["responses"]["200"]
            shown["content"]["application/json"]["schema"] = _REPLY
            app.openapi_schema = described
        return app.openapi_schema

    app.openapi = description  # type: ignore[method-assign]


def _at(schema: Any, place: str) -> Any:
    """A schema whose references to itself hold at another place."""
    return json.loads(json.dumps(schema).replace('"#/$defs/', f'"{place}/$defs/'))
