import asyncio
from pathlib import Path

import httpx
import pytest

from {{ cookiecutter.package_name }}.integrations.dashboard_settings import (
    DashboardSettings,
)
from {{ cookiecutter.package_name }}.integrations.door import Door

HERE = "http://127.0.0.1:8501"


async def echo(scope, receive, send) -> None:
    """The pages: they answer with as much as they were sent."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        return
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": f"page, {size} bytes".encode()})


def asked(door: Door, *requests: httpx.Request) -> list[httpx.Response]:
    """What one visitor is answered, who keeps the cookies of former answers."""

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(door)
        async with httpx.AsyncClient(transport=transport) as client:
            answers = []
            for request in requests:
                client.cookies.set_cookie_header(request)
                answers.append(await client.send(request))
            return answers

    return asyncio.run(ask())


def get(path: str = "/", **headers: str) -> httpx.Request:
    return httpx.Request("GET", f"{HERE}{path}", headers=headers)


def post(password: str, path: str = "/") -> httpx.Request:
    return httpx.Request("POST", f"{HERE}{path}", data={"password": password})


def told(door: Door, headers: list[tuple[bytes, bytes]]) -> list[str]:
    """What a WebSocket is answered."""
    said: list[str] = []

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message) -> None:
        said.append(message["type"])

    scope = {"type": "websocket", "headers": headers, "query_string": b""}
    asyncio.run(door(scope, receive, send))
    return said


@pytest.fixture
def locked(tmp_path: Path) -> Door:
    """A door with a password."""
    file = tmp_path / "password"
    file.write_text("open sesame\n")
    return Door(echo, DashboardSettings(dashboard_password_file=file))


def test_without_a_password_everybody_on_this_machine_is_let_in() -> None:
    (answer,) = asked(Door(echo, DashboardSettings()), get())

    assert (answer.status_code, answer.text) == (200, "page, 0 bytes")
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_who_knows_the_password_is_let_in_and_stays_in(locked) -> None:
    before, let_in, after = asked(locked, get(), post("open sesame", "/models?a=1"), get())

    assert (before.status_code, after.status_code) == (401, 200)
    assert (let_in.status_code, let_in.headers["location"]) == (303, "?a=1")
    cookie = let_in.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "open sesame" not in cookie


@pytest.mark.parametrize("guess", ["", "open", "open sesame\0", "ö" * 5000])
def test_who_guesses_is_not(locked, monkeypatch, guess: str) -> None:
    monkeypatch.setattr(locked._sessions, "_wrong_seconds", 0)

    wrong, after = asked(locked, post(guess), get())

    assert (wrong.status_code, after.status_code) == (401, 401)
    assert "set-cookie" not in wrong.headers
    assert "That is not the password." in wrong.text


@pytest.mark.parametrize("ticket", ["", "x", "9999999999.aa.bb", ".", "9999999999.é"])
def test_a_cookie_that_was_not_made_here_opens_nothing(locked, ticket: str) -> None:
    cookie = (b"cookie", f"dashboard_8501={ticket}".encode())

    assert told(locked, [(b"host", b"localhost"), cookie]) == ["websocket.close"]


def test_a_websocket_needs_the_password_as_well(locked) -> None:
    assert told(locked, [(b"host", b"127.0.0.1:8501")]) == ["websocket.close"]

    ticket = locked._sessions.ticket().encode()
    cookie = (b"cookie", b"dashboard_8501=" + ticket)
    assert told(locked, [(b"host", b"localhost"), cookie]) == ["websocket.accept"]


def test_a_page_of_elsewhere_cannot_call_this_machine_by_another_name() -> None:
    door = Door(echo, DashboardSettings())
    named = Door(echo, DashboardSettings(dashboard_allowed_hosts="board.example.org"))
    outside = Door(echo, DashboardSettings(dashboard_host="0.0.0.0"))
    rebound = get(host="board.example.org")

    assert [asked(one, rebound)[0].status_code for one in (door, named, outside)] == [421, 200, 200]
    assert asked(door, get(host="[::1]:8501"))[0].status_code == 200


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "http://127.0.0.1:9999", "null", "https://127.0.0.1:8501.evil.example"],
)
def test_a_page_of_another_site_can_ask_nothing(origin: str) -> None:
    door = Door(echo, DashboardSettings())
    headers = [(b"host", b"127.0.0.1:8501"), (b"origin", origin.encode())]

    assert told(door, headers) == ["websocket.close"]
    assert asked(door, get(origin=origin))[0].status_code == 403


@pytest.mark.parametrize("host", ["board.example.org", "127.0.0.1:8501"])
def test_pages_ask_under_their_own_name_whatever_the_proxy_calls_them(host: str) -> None:
    seen: list[dict[bytes, bytes]] = []

    async def pages(scope, receive, send) -> None:
        seen.append(dict(scope["headers"]))
        await echo(scope, receive, send)

    door = Door(pages, DashboardSettings(dashboard_allowed_hosts="board.example.org"))
    headers = [(b"host", host.encode()), (b"origin", b"https://board.example.org")]

    assert told(door, headers) == ["websocket.accept"]
    assert seen == [{b"host": host.encode()}]


def test_only_whom_the_proxy_names_is_let_in() -> None:
    door = Door(echo, DashboardSettings(dashboard_user_header="X-Forwarded-User"))

    stranger, known = asked(door, get(), get(**{"X-Forwarded-User": "ada"}))

    assert (stranger.status_code, known.status_code) == (403, 200)


def test_a_file_that_is_too_large_is_refused_before_it_is_read() -> None:
    door = Door(echo, DashboardSettings(dashboard_upload_mb=1))
    small = httpx.Request("PUT", HERE, content=b"x" * 1_000_000)
    large = httpx.Request("PUT", HERE, content=b"x" * 2_000_000)

    fits, too_large = asked(door, small, large)

    assert fits.text == "page, 1000000 bytes"
    assert (too_large.status_code, too_large.text) == (413, "Expected a file of at most 1 MB.")


def test_a_file_that_does_not_say_how_large_it_is_is_cut_off() -> None:
    door = Door(echo, DashboardSettings(dashboard_upload_mb=1))
    sent: list[dict] = []
    taken: list[int] = []

    async def receive() -> dict:
        taken.append(1)
        more = len(taken) < 10
        return {"type": "http.request", "body": b"x" * 600_000, "more_body": more}

    async def send(message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "PUT", "headers": [(b"host", b"localhost")]}
    asyncio.run(door(scope, receive, send))

    assert (sent, len(taken)) == ([], 2)
