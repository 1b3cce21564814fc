"""The service's own pages. Nothing in them comes from another server."""

from importlib.util import find_spec
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse

router = APIRouter(include_in_schema=False)

# Addresses are relative: behind a proxy the service may lie below a path of its own.
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>TITLE</title>
<link rel="icon" href="docs/favicon.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="pages">This page needs JavaScript; <a href="openapi.json">openapi.json</a> does not.</div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""

# With keys the document needs one: the columns and categories of a model may say something.
_START = """let key = null;

function show(request) {
  const { headers } = request;
  if (key !== null && !headers["X-API-Key"] && !headers.Authorization) {
    headers["X-API-Key"] = key;
  }
  return request;
}

async function start() {
  let question = "This service asks for a key:";
  for (;;) {
    const answer = await fetch("openapi.json", show({ headers: {} }));
    if (answer.status !== 401) break;
    key = window.prompt(question);
    if (key === null) break;
    key = key.replace(/[^!-~]/g, "");
    question = "The service does not know this key. Another one:";
  }
  SwaggerUIBundle({
    dom_id: "#pages",
    url: "openapi.json",
    deepLinking: true,
    validatorUrl: null,
    requestInterceptor: show,
  });
}

start();
"""

_FILES = frozenset({"favicon.png", "swagger-ui-bundle.js", "swagger-ui.css"})


@router.get("/")
async def start() -> Response:
    """To the page, below whatever path a proxy has put the service."""
    return RedirectResponse("docs")


@router.get("/docs")
async def page(request: Request) -> Response:
    """The page that shows `/openapi.json` and lets people try it."""
    return HTMLResponse(_PAGE.replace("TITLE", request.app.title))


@router.get("/docs/{name}")
async def part(name: str) -> Response:
    """One of the page's files."""
    if name == "start.js":
        return Response(_START, media_type="text/javascript")
    if name not in _FILES:
        raise HTTPException(404)
    return FileResponse(_folder() / name)


def _folder() -> Path:
    """Where the package that carries Swagger UI keeps its files; the package is not imported."""
    found = find_spec("fastapi_offline")
    if found is None or found.origin is None:
        raise RuntimeError("fastapi-offline is not installed: run `uv sync`.")
    return Path(found.origin).parent / "static"
