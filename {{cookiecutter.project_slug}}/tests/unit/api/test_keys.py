import os
import time

import pytest

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}_api import keys
from {{ cookiecutter.package_name }}_api.guards.limits import Rate
from {{ cookiecutter.package_name }}_api.keys import KeyFile, digest_of, main, shown_key


@pytest.fixture
def path(tmp_path):
    return tmp_path / "keys"


@pytest.fixture(autouse=True)
def _looked_at_each_time(monkeypatch):
    monkeypatch.setattr(keys, "_LOOK_SECONDS", 0.0)


def write(path, *names):
    path.write_text("# who may ask\n\n" + "".join(f"{n} {digest_of(n + '!')}\n" for n in names))
    os.utime(path, ns=(0, len(names)))  # a clock may be too coarse for two writes in one test


def test_a_key_is_known_by_its_digest(path):
    write(path, "ann", "bob")

    known = KeyFile(path)

    assert known.owner("ann!") == "ann"
    assert known.owner("bob!") == "bob"
    assert [known.owner(key) for key in ("ann", "", None, digest_of("ann!"), "é")] == [None] * 5


def test_keys_come_and_go_without_a_restart(path):
    write(path, "ann")
    known = KeyFile(path)

    write(path, "bob", "cid")

    assert (known.owner("ann!"), known.owner("bob!")) == (None, "bob")


@pytest.mark.parametrize("text", ["ann secret", "ann " + "0" * 63, None])
def test_a_file_that_cannot_be_read_again_leaves_the_former_keys(path, text, caplog):
    write(path, "ann")
    known = KeyFile(path)

    path.unlink() if text is None else path.write_text(text)

    assert known.owner("ann!") == "ann"
    assert "secret" not in caplog.text
    assert "keys not read again" in caplog.text


def test_a_file_that_can_be_read_again_counts_though_nobody_wrote_to_it(path, monkeypatch, caplog):
    write(path, "ann")
    known = KeyFile(path)
    write(path, "bob", "cid")

    def denied(*_, **__):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(type(path), "read_text", denied)
        assert [known.owner("ann!") for _ in range(3)] == ["ann"] * 3

    assert (known.owner("ann!"), known.owner("bob!")) == (None, "bob")
    assert caplog.text.count("keys not read again") == 1


def test_a_file_written_again_with_its_former_size_and_time_is_read_again(path):
    write(path, "ann")
    known = KeyFile(path)
    time.sleep(0.02)

    write(path, "bob")

    assert (known.owner("ann!"), known.owner("bob!")) == (None, "bob")


def test_an_owner_may_have_two_keys_while_one_takes_over_from_the_other(path):
    path.write_text(f"ann {digest_of('old')}\nann {digest_of('new')}\n")

    known = KeyFile(path)

    assert (known.owner("old"), known.owner("new"), known.owner("other")) == ("ann", "ann", None)


def test_a_line_may_say_how_often_its_owner_may_ask(path):
    path.write_text(
        f"ann {digest_of('old')} rate=5/min\nann {digest_of('new')} rate=9/h burst=2\n"
        f"bob {digest_of('bob!')} # rate=1/s\n"
    )

    known = KeyFile(path)

    assert known.rate_of("ann") == Rate(9, 3600, 2)
    assert known.rate_of("bob") is None
    assert known.owner("old") == "ann"
    assert [known.place_of(name) for name in ("ann", "bob")] == [0, 1]


WRONG = ["rate=0/s", "rate=5", "rate=5/day", "burst=5", "rate=-1/s", "rate=1/s burst=0"]


@pytest.mark.parametrize(
    "text", ["ann secret", "a,b " + "0" * 64, *(f"ann {'0' * 64} {wrong}" for wrong in WRONG)]
)
def test_a_wrong_line_is_named_at_the_start_without_its_words(path, text):
    path.write_text(f"# comment\n{text}\n")

    with pytest.raises(ConfigError, match="Line 2 of") as caught:
        KeyFile(path)

    assert "secret" not in str(caught.value)


def test_a_missing_file_ends_the_start(path):
    with pytest.raises(ConfigError, match="cannot be read"):
        KeyFile(path)


def test_a_new_key_is_printed_with_the_line_that_knows_it(path, capsys):
    assert main(["ann"]) == 0

    key, line = (words.split(": ")[1].strip() for words in capsys.readouterr().out.splitlines())
    path.write_text(line)
    assert KeyFile(path).owner(key) == "ann"
    assert main(["a b"]) == 2


@pytest.mark.parametrize("words", [["-h"], ["--help"]])
def test_who_asks_how_a_key_is_made_gets_no_key(capsys, words):
    assert main(words) == 0
    assert capsys.readouterr().out.startswith("usage: python -m ")


@pytest.mark.parametrize("name", ["--helo", "-"])
def test_a_name_is_no_option(capsys, name):
    assert main([name]) == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        (b"authorization", b"Bearer abc", "abc"),
        (b"authorization", b"bearer  abc ", "abc"),
        (b"x-api-key", b"abc", "abc"),
        (b"authorization", b"Basic abc", None),
        (b"cookie", b"abc", None),
    ],
)
def test_a_key_is_shown_in_either_header(name, value, key):
    assert shown_key([(b"host", b"x"), (name, value)]) == key
