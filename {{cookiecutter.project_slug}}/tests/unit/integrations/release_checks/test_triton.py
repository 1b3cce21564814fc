import pytest
from golden_rows import write_golden

from {{ cookiecutter.package_name }}.integrations import triton_repository
from {{ cookiecutter.package_name }}.integrations.release_checks import Candidate, verify
from {{ cookiecutter.package_name }}.integrations.release_checks.triton import check
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch
from {{ cookiecutter.package_name }}.schemas.model import ServedVersion


@pytest.fixture
def candidate(tiny_model, describe_model, mixed_schema) -> Candidate:
    served = ServedVersion(name="{{ cookiecutter.package_name }}", version="local")
    golden = write_golden(tiny_model.parent)
    return Candidate(tiny_model.parent, served, describe_model(mixed_schema), golden, 1000.0)


def test_a_model_that_triton_can_serve_passes_and_leaves_nothing(candidate, tmp_path):
    before = sorted(tmp_path.rglob("*"))

    assert check(candidate) == []
    assert sorted(tmp_path.rglob("*")) == before


def test_the_check_is_found_with_the_others(candidate):
    assert "triton" in verify(candidate).checks


def test_a_class_that_triton_cannot_name_is_refused(candidate, monkeypatch):
    def cannot(path, classes):
        raise ArtifactMismatch("a class of two lines")

    monkeypatch.setattr(triton_repository, "labels_text", cannot)

    with pytest.raises(ArtifactMismatch, match="two lines"):
        check(candidate)
