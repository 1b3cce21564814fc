"""What the service remembers of the registry, and how a start without one uses it."""

import os
import shutil

import pytest

from {{ cookiecutter.package_name }}.schemas.errors import (
    ArtifactMismatch,
    ModelNotFound,
    TrackingUnavailable,
)
from {{ cookiecutter.package_name }}.utils.files import sha256_of
from {{ cookiecutter.package_name }}_api.models import kept, loading
from {{ cookiecutter.package_name }}_api.models.kept import Kept
from {{ cookiecutter.package_name }}_api.models.loading import load_model, load_shared, newer_model
from {{ cookiecutter.package_name }}_api.settings import Settings


@pytest.fixture
def settings() -> Settings:
    return Settings(mlflow_tracking_uri="http://registry", model_poll_seconds=100)


@pytest.mark.parametrize("error", [TrackingUnavailable("away"), ArtifactMismatch("damaged")])
def test_a_start_falls_back_on_what_answered_here_and_says_so(registry, settings, error, caplog):
    load_model(settings)
    registry.named = error

    served = load_model(settings)

    assert (served.version.version, served.origin) == ("1", "kept copy")
    assert served.trouble == str(error)
    assert "serving the kept copy" in caplog.text


def test_a_start_without_a_kept_copy_fails_as_the_registry_did(registry, settings):
    registry.named = TrackingUnavailable("away")

    with pytest.raises(TrackingUnavailable, match="away"):
        load_model(settings)


def test_a_kept_copy_that_was_changed_is_not_served(registry, settings, tiny_model):
    load_model(settings)
    tiny_model.write_bytes(b"other")
    registry.named = TrackingUnavailable("away")

    with pytest.raises(TrackingUnavailable, match="away"):
        load_model(settings)


def test_a_kept_copy_that_was_changed_is_not_even_opened(
    registry, settings, tiny_model, monkeypatch
):
    load_model(settings)
    tiny_model.write_bytes(tiny_model.read_bytes() + b" ")
    registry.named = TrackingUnavailable("away")
    opened: list[object] = []
    monkeypatch.setattr(loading.Predictor, "open", lambda path: opened.append(path))

    with pytest.raises(TrackingUnavailable, match="away"):
        load_model(settings)

    assert opened == []


def test_a_registry_that_says_there_is_no_such_version_is_believed(registry, settings):
    load_model(settings)
    registry.named = ModelNotFound("No version has the alias 'prod'.")

    with pytest.raises(ModelNotFound):
        load_model(settings)


@pytest.mark.parametrize(
    "other", [{"mlflow_model_alias": "staging"}, {"mlflow_tracking_uri": "http://elsewhere"}]
)
def test_the_copy_of_another_alias_or_registry_is_not_mixed_up(registry, settings, other):
    load_model(settings)
    registry.named = TrackingUnavailable("away")

    with pytest.raises(TrackingUnavailable):
        load_model(settings.model_copy(update=other))


def test_the_registry_is_asked_again_only_after_the_interval(registry, settings):
    served = load_model(settings)
    registry.named = 2

    soon = newer_model(settings, served, False)
    later = newer_model(settings.model_copy(update={"model_poll_seconds": 1e-9}), served, False)
    never = newer_model(settings.model_copy(update={"model_poll_seconds": 0}), later, False)

    assert (soon, never, registry.asked) == (None, None, 2)
    assert later is not None
    assert (later.version.version, later.origin) == ("2", "registry")


def test_what_one_process_found_the_others_take_without_asking(registry, settings):
    first = second = load_model(settings)
    registry.named = 2
    first = newer_model(settings, first, True)
    asked = registry.asked

    second = newer_model(settings, second, False)

    assert second is not None
    assert second.version == first.version
    assert registry.asked == asked


def test_while_one_process_asks_the_others_do_not(registry, settings, monkeypatch):
    served = load_model(settings)
    monkeypatch.setattr(kept, "_asked", {})  # another process asked
    os.utime(Kept.of(settings).note_path, (0, 0))
    ages = []
    registry.when_asked = lambda: ages.append(Kept.of(settings).age())
    registry.named = TrackingUnavailable("away")

    with pytest.raises(TrackingUnavailable):
        newer_model(settings, served, False)

    assert ages[0] < settings.model_poll_seconds
    assert newer_model(settings, served, False) is None
    assert registry.asked == 2


def test_a_process_that_joins_others_takes_what_they_answer_with(registry, settings, tiny_model):
    load_model(settings)
    registry.named = TrackingUnavailable("away")

    joined = load_shared(settings)
    alone = load_shared(settings.model_copy(update={"model_path": tiny_model}))

    assert (joined.version.version, joined.trouble, registry.asked) == ("1", None, 1)
    assert alone.version.version == "local"
    with pytest.raises(TrackingUnavailable):
        load_shared(settings.model_copy(update={"mlflow_model_alias": "staging"}))


def test_a_note_whose_file_is_gone_is_no_answer(registry, settings, tiny_model, tmp_path):
    served = load_model(settings)
    elsewhere = shutil.copy(tiny_model, tmp_path / "gone.onnx")
    other = served.version.model_copy(update={"version": "2"})
    Kept.of(settings).write(other, elsewhere, sha256_of(elsewhere), None)
    elsewhere.unlink()

    assert newer_model(settings, served, True) is None
    assert registry.asked == 2


def test_a_version_that_cannot_be_loaded_is_not_remembered(
    registry, settings, tiny_model, tmp_path
):
    served = load_model(settings)
    registry.named = 2
    registry._file = tmp_path / "damaged.onnx"
    registry._file.write_bytes(b"not a graph")

    with pytest.raises(ArtifactMismatch):
        newer_model(settings, served, True)

    registry.named = TrackingUnavailable("away")
    assert load_model(settings).version.version == "1"


def test_a_sqlite_store_that_nobody_wrote_to_is_not_opened(registry, project):
    settings = Settings(model_poll_seconds=1e-9)
    store = project / "mlflow.db"
    store.write_bytes(b"one")
    served = load_model(settings)

    assert newer_model(settings, served, False) is None
    assert registry.asked == 1
    store.write_bytes(b"two, longer")
    assert newer_model(settings, served, False) is None
    assert registry.asked == 2


def test_a_folder_that_cannot_be_written_costs_the_note_only(registry, settings, caplog):
    Kept.of(settings).note_path.parent.parent.mkdir(parents=True)
    Kept.of(settings).note_path.parent.write_text("in the way")

    served = load_model(settings)

    assert served.version.version == "1"
    assert "not remembered" in caplog.text
    assert newer_model(settings, served, False) is None
    assert newer_model(settings.model_copy(update={"model_poll_seconds": 0}), served, False) is None
    assert registry.asked == 1


@pytest.fixture
def full_disk(monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    return lambda: monkeypatch.setattr(kept, "write_text", full)


def test_a_note_that_cannot_be_written_does_not_bring_the_former_version_back(
    registry, settings, full_disk
):
    served = load_model(settings)
    full_disk()
    registry.named = 2

    served = newer_model(settings, served, True) or served
    later = [newer_model(settings, served, False) for _ in range(3)]

    assert served.version.version == "2"
    assert later == [None] * 3
    assert registry.asked == 2


def test_what_cannot_be_noted_the_other_processes_ask_for(
    registry, settings, full_disk, monkeypatch
):
    served = load_model(settings)
    full_disk()
    registry.named = 2
    newer_model(settings, served, True)
    monkeypatch.setattr(kept, "_asked", {})

    found = newer_model(settings, served, False)

    assert found is not None
    assert found.version.version == "2"
