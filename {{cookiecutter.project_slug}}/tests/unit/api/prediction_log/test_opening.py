import io
import subprocess
import sys

import pytest

from {{ cookiecutter.package_name }}.integrations.prediction_log import open_store
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, StoreUnavailable
from {{ cookiecutter.package_name }}_api.prediction_log import opening
from {{ cookiecutter.package_name }}_api.prediction_log.opening import store_of

_OPENED = """
import sys
from {{ cookiecutter.package_name }}_api.prediction_log.opening import store_of
store = store_of(sys.argv[1])
store.open()
store.write([], [])
store.close()
assert not {"sqlalchemy", "alembic"} & set(sys.modules)
"""


@pytest.fixture
def url(tmp_path) -> str:
    return f"sqlite:///{tmp_path}/kept.db"


@pytest.mark.slow
def test_the_libraries_of_databases_never_enter_the_process_that_writes(url, tmp_path):
    subprocess.run([sys.executable, "-c", _OPENED, url], check=True)

    assert (tmp_path / "kept.db").exists()


def test_a_log_that_is_there_is_opened_without_another_process(url, monkeypatch):
    open_store(url).open()
    monkeypatch.setattr(opening.subprocess, "run", lambda *_, **__: pytest.fail("a process"))

    store = store_of(url)
    store.open()
    store.write([], [])
    assert store.prune(0) == 0
    store.close()


def test_the_process_makes_the_log_whose_url_it_is_told(url, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "stdin", io.StringIO(url))

    assert opening.main() == 0
    assert (tmp_path / "kept.db").exists()


def test_a_log_that_cannot_be_made_is_told_by_the_process_that_needs_it(tmp_path, monkeypatch):
    tried = []
    monkeypatch.setattr(opening.subprocess, "run", lambda *_, **given: tried.append(given))
    store = store_of(f"sqlite:///{tmp_path}/no folder/kept.db")

    with pytest.raises(StoreUnavailable, match="no folder"):
        store.open()
    with pytest.raises(StoreUnavailable, match="no folder"):
        store.open()

    assert len(tried) == 1
    monkeypatch.setattr(sys, "stdin", io.StringIO(tried[0]["input"]))
    assert opening.main() == 1


def test_a_store_that_was_never_opened_takes_nothing(url):
    store = store_of(url)
    store.close()

    with pytest.raises(StoreUnavailable, match="not open"):
        store.write([], [])


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mongo://host/x", "mongo://"),
        ("sqlite://kept.db", "three slashes"),
        ("postgresql://host", "host:5432/database"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused_at_once(url, words):
    with pytest.raises(ConfigError, match=words):
        store_of(url)
