"""The short way of a request for predictions, past what a framework does around a route.

Routing, exit stacks and response objects cost more than a small model's run. Everything that
stands before them is on this way, too: observation, guards, limits.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from {{ cookiecutter.package_name }}_api.problems import refusal_of
from {{ cookiecutter.package_name }}_api.routes.predict import replied, router
from {{ cookiecutter.package_name }}_api.service import Service

_CONTENT_TYPE = (b"content-type", b"application/json")


class Shortcut:
    """Answers requests for predictions itself; all others pass on to the framework's routes."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service
        self._routes = {getattr(route, "path", ""): route for route in router.routes}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        route = None
        if scope["type"] == "http" and scope["method"] == "POST":
            route = self._routes.get(scope["path"])
        if route is None:
            await self._app(scope, receive, send)
            return
        scope["route"] = route  # whoever counts requests counts them by route
        try:
            content = await replied(self._service, scope, receive)
        except Exception as error:
            refusal = refusal_of(scope, error)
            if refusal is None:
                raise
            await refusal(scope, receive, send)
            return
        length = (b"content-length", b"%d" % len(content))
        await send(
            {"type": "http.response.start", "status": 200, "headers": [_CONTENT_TYPE, length]}
        )
        await send({"type": "http.response.body", "body": content})
