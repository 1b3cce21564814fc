import re

import pytest

from {{ cookiecutter.package_name }}_api.observing.tracing import Trace, begun, fresh_hex

FRESH = "1" * 32 + "2" * 16
TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.mark.parametrize(
    ("header", "flags"),
    [
        (f"00-{TRACE}-{SPAN}-01", 1),
        (f"00-{TRACE}-{SPAN}-00", 0),
        (f"00-{TRACE}-{SPAN}-ff", 255),
        (f"01-{TRACE}-{SPAN}-01", 1),
        (f"cc-{TRACE}-{SPAN}-01-what-the-future-will-be-like", 1),
        (f"cc-{TRACE}-{SPAN}-01-", 1),
    ],
)
def test_a_trace_that_came_goes_on(header, flags):
    assert begun(header.encode(), FRESH) == Trace(TRACE, "2" * 16, SPAN, flags)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "00",
        f"00-{TRACE}-{SPAN}",
        f"00-{TRACE}-{SPAN}-1",
        f"00-{TRACE}-{SPAN}-001",
        f"00-{TRACE}-{SPAN}-0x",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{TRACE}-{SPAN}-01.",
        f"00-{TRACE}-{SPAN}-01\n",
        f"ff-{TRACE}-{SPAN}-01",
        f"0x-{TRACE}-{SPAN}-01",
        f"cc-{TRACE}-{SPAN}-01.what",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE[1:]}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}0-01",
        f"00-{TRACE}é-{SPAN}-01",
    ],
)
def test_a_header_that_breaks_the_rules_begins_a_new_trace(header):
    trace = begun(None if header is None else header.encode(), FRESH)

    assert trace == Trace("1" * 32, "2" * 16, None, 0)


def test_the_answer_names_the_trace_and_the_span():
    assert Trace(TRACE, SPAN, "3" * 16, 1).response() == f"00-{TRACE}-{SPAN}-01".encode()


def test_fresh_digits_are_never_the_same():
    several = {fresh_hex() for _ in range(1000)}

    assert len(several) == 1000
    assert all(re.fullmatch("[0-9a-f]{48}", one) for one in several)
