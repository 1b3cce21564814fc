"""Where a request shows a key, in the OpenAPI document; the page has a button for it."""

from typing import Any

from {{ cookiecutter.package_name }}_api.guards.guarding import OPEN

Json = dict[str, Any]

_SCHEMES: Json = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}
_EITHER: list[Json] = [{"bearer": []}, {"header": []}]
_OPERATORS = "/v1/reload"


def say_where_keys_go(whole: Json, *, clients: bool, operators: bool) -> None:
    """Name the headers, and the operations that want one, where keys are known."""
    for path, operations in whole["paths"].items():
        if operators if path == _OPERATORS else clients and path not in OPEN:
            whole["components"]["securitySchemes"] = _SCHEMES
            for operation in operations.values():
                operation["security"] = _EITHER
