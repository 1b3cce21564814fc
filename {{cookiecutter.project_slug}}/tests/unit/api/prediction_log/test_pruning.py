import time

import pytest
from kept_in_memory import MemoryStore, eventually

from {{ cookiecutter.package_name }}.schemas.errors import StoreUnavailable
from {{ cookiecutter.package_name }}_api.prediction_log import pruning as module
from {{ cookiecutter.package_name }}_api.prediction_log.pruning import Pruning


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def test_what_is_older_than_the_days_is_deleted_over_a_connection_of_its_own(store):
    Pruning(2.0, lambda: store).prune()

    assert store.pruned == [pytest.approx(time.time() - 2 * 86400, abs=10)]
    assert (store.opened, store.closed) == (1, 1)


def test_a_store_that_is_away_is_asked_again_the_next_time(store, monkeypatch, caplog):
    monkeypatch.setattr(module, "_FIRST_SECONDS", 0.01)
    monkeypatch.setattr(module, "_EVERY_SECONDS", 0.01)
    store.away = "no route to it"
    pruning = Pruning(1.0, lambda: store)
    pruning.start()
    assert eventually(lambda: "nothing deleted" in caplog.text)
    store.away = None

    assert eventually(lambda: store.pruned)
    pruning.stop()


def test_the_connection_is_closed_after_a_failure(store):
    store.away = "no route to it"

    with pytest.raises(StoreUnavailable):
        Pruning(1.0, lambda: store).prune()

    assert store.closed == 1


def test_where_all_is_kept_for_ever_nothing_is_asked(store, monkeypatch):
    monkeypatch.setattr(module, "_FIRST_SECONDS", 0.0)

    Pruning(0, lambda: store).start()

    assert not eventually(lambda: store.opened, 0.1)
