import base64
import hashlib
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.integrations.s3.digests import Stated, blocks, of_text

BYTES = st.binary(max_size=300)
CUTS = st.lists(st.integers(1, 100), max_size=6)


def cut(content, sizes):
    """The content in pieces of these sizes, the rest last."""
    parts, start = [], 0
    for size in sizes:
        if content[start : start + size]:
            parts.append(content[start : start + size])
        start += size
    return [*parts, content[start:]] if content[start:] or not parts else parts


def crc32(block):
    return zlib.crc32(block).to_bytes(4, "big")


@given(content=BYTES, sizes=CUTS)
@pytest.mark.parametrize(
    ("algorithm", "value"),
    [
        ("md5", lambda content: hashlib.md5(content).digest()),
        ("sha1", lambda content: hashlib.sha1(content).digest()),
        ("sha256", lambda content: hashlib.sha256(content).digest()),
        ("crc32", crc32),
    ],
)
def test_a_digest_does_not_depend_on_how_the_bytes_come(algorithm, value, content, sizes):
    digest = Stated(algorithm, b"").new()
    for block in cut(content, sizes):
        digest.update(block)

    assert digest.digest() == value(content)


@given(content=st.binary(min_size=1, max_size=300), sizes=CUTS, blocks=CUTS)
def test_a_digest_of_parts_does_not_depend_on_how_the_bytes_come(content, sizes, blocks):
    parts = cut(content, sizes)
    digest = Stated("md5", b"", tuple(map(len, parts))).new()
    for block in cut(content, blocks):
        digest.update(block)

    digests = b"".join(hashlib.md5(part).digest() for part in parts)
    assert digest.digest() == hashlib.md5(digests).digest()


@given(content=BYTES, bounds=st.tuples(st.integers(0, 300), st.integers(0, 300)))
def test_blocks_are_the_bytes_of_a_file(tmp_path_factory, content, bounds):
    path = tmp_path_factory.getbasetemp() / "content"
    path.write_bytes(content)
    start, stop = sorted(bounds)

    assert b"".join(blocks(path)) == content
    assert b"".join(blocks(path, start, stop)) == content[start:stop]


def test_a_file_agrees_with_what_is_stated_about_it(tmp_path):
    path = tmp_path / "content"
    path.write_bytes(b"abc")

    assert Stated("crc32", crc32(b"abc")).agrees(path)
    assert Stated("crc32", crc32(crc32(b"ab") + crc32(b"c")), (2, 1)).agrees(path)
    assert not Stated("crc32", crc32(crc32(b"ab") + crc32(b"c")), (1, 2)).agrees(path)


@pytest.mark.parametrize("ending", ["", "-3"])
def test_headers_are_read_with_and_without_a_number_of_parts(ending):
    assert of_text(base64.b64encode(b"1234").decode() + ending) == b"1234"
