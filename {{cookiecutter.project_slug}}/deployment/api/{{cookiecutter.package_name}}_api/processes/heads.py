"""`HEAD`, with which load balancers and monitors ask whether a path answers."""

from starlette.types import ASGIApp, Receive, Scope, Send


class Heads:
    """Answers HEAD as GET; the server sends the headers alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        asked = {**scope, "method": "GET"}
        try:
            await self._app(asked, receive, send)
        finally:
            if "route" in asked:  # whoever counts requests counts them by route
                scope["route"] = asked["route"]
