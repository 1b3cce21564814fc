import pytest

from {{ cookiecutter.package_name }}.integrations import lineage
from {{ cookiecutter.package_name }}.integrations.lineage import Lineage, lineage_of
from {{ cookiecutter.package_name }}.integrations.registry import VersionInfo
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch, RestoreError


class FakeRegistry:
    """Knows one version."""

    def version(self, reference):
        return VersionInfo("homes", reference, None, (), {"git_sha": "abc", "git_dirty": "true"})


def test_a_version_knows_its_commit_and_how_it_was_trained():
    found = Lineage("3", {"git_sha": "abc", "arguments": "model=cnn 'data.drop=[a b]'"}, {})

    assert (found.commit, found.is_dirty) == ("abc", False)
    assert found.arguments == ["model=cnn", "data.drop=[a b]"]


def test_what_was_not_known_at_the_training_stays_unknown():
    found = Lineage("3", {}, {})

    assert (found.commit, found.options, found.arguments) == (None, {}, [])


@pytest.mark.parametrize("wanted", ["data_name", "data_digest"])
def test_data_that_no_tag_names_are_told_with_the_way_to_the_code(wanted):
    found = Lineage("3", {"git_sha": "abc"}, {})

    with pytest.raises(RestoreError, match=f"Version 3 has no tag `{wanted}`.*--code-only"):
        getattr(found, wanted)


def test_what_a_later_code_added_to_the_manifest_does_no_harm(monkeypatch, tmp_path):
    (tmp_path / "dataset.json").write_text('{"name": "homes", "moons": 3, "options": {"key": 1}}')
    monkeypatch.setattr(lineage, "fetch_file", lambda *_: tmp_path / "dataset.json")

    found = lineage_of(FakeRegistry(), "3")

    assert found.options == {"key": 1}
    assert (found.commit, found.is_dirty) == ("abc", True)


def test_a_version_without_a_manifest_still_has_its_tags(monkeypatch):
    def missing(*_):
        raise ArtifactMismatch("There is no such file.")

    monkeypatch.setattr(lineage, "fetch_file", missing)

    found = lineage_of(FakeRegistry(), "3")

    assert (found.version, found.commit, found.options) == ("3", "abc", {})
