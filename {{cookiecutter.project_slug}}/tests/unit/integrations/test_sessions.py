import asyncio
import time

from {{ cookiecutter.package_name }}.integrations.sessions import Sessions, cookie_of


def test_a_ticket_ends_after_twelve_hours(monkeypatch) -> None:
    sessions = Sessions("secret")
    ticket, now = sessions.ticket(), time.time()
    assert sessions.holds(ticket)

    monkeypatch.setattr(time, "time", lambda: now + 12 * 3600 + 1)

    assert not sessions.holds(ticket)


def test_a_ticket_of_another_process_or_a_changed_one_opens_nothing() -> None:
    sessions = Sessions("secret")
    ticket = sessions.ticket()

    assert not Sessions("secret").holds(ticket)
    assert not sessions.holds(f"9{ticket}")


def test_many_who_guess_at_once_are_told_to_wait() -> None:
    async def guess() -> list[bool | None]:
        sessions = Sessions("secret", wrong_seconds=0.01)
        guesses = [sessions.knows(str(number)) for number in range(20)]
        return await asyncio.gather(*guesses, sessions.knows("secret"))

    *wrong, right = asyncio.run(guess())

    assert right is True
    assert wrong.count(False) == 8
    assert wrong.count(None) == 12


def test_a_cookie_is_found_among_others_and_nonsense_is_none() -> None:
    assert cookie_of("a=1; dashboard_1=xyz; b=2", "dashboard_1") == "xyz"
    assert cookie_of("\x00;;=", "dashboard_1") == ""
