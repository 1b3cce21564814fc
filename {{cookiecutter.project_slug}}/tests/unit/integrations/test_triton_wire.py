from itertools import islice

import pytest

from {{ cookiecutter.package_name }}.integrations.triton_wire import Address, pauses


@pytest.mark.parametrize(
    ("url", "place", "grpc", "secure"),
    [
        ("grpc://triton", "triton:8001", True, False),
        ("grpcs://triton:9", "triton:9", True, True),
        ("http://triton", "triton:8000", False, False),
        ("https://[::1]:443", "[::1]:443", False, True),
    ],
)
def test_an_address_says_the_protocol_and_the_port(url, place, grpc, secure):
    assert Address.of(url) == Address(url, place, grpc, secure)


def test_pauses_grow_and_vary_within_the_deadline():
    all_of_them = [list(pauses(60)) for _ in range(20)]

    for first, second in all_of_them:
        assert 0.16 <= first <= 0.24
        assert 0.32 <= second <= 0.48
    assert len({first for first, _ in all_of_them}) > 10
    assert list(islice(pauses(0.1), 5)) == []
