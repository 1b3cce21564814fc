import pytest

from {{ cookiecutter.package_name }}.integrations.versions import Snapshot, VersionInfo, no_alias
from {{ cookiecutter.package_name }}.schemas.errors import ModelNotFound

SNAPSHOT = Snapshot(
    "pets",
    {"prod": "2"},
    {},
    {
        "1": VersionInfo("pets", "1", "r1", (), {"lifecycle": "archived"}),
        "2": VersionInfo("pets", "2", "r2", ("prod",), {"lifecycle": "staging"}),
    },
)


@pytest.mark.parametrize("reference", ["prod", "2"])
def test_a_version_is_named_by_number_or_alias(reference):
    found = SNAPSHOT.version(reference)

    assert (found.run_id, found.state) == ("r2", "prod")


@pytest.mark.parametrize(
    ("reference", "sentence"),
    [
        ("3", "'pets' has no version 3; the newest is version 2"),
        ("staging", r"only alias in use is prod \(version 2\)\): `train` makes a version, and"),
        ("dev", "it was promoted; `train` makes another"),
        ("champion", "name one of these, or a version number"),
    ],
)
def test_what_is_not_there_is_named_together_with_what_is(reference, sentence):
    with pytest.raises(ModelNotFound, match=sentence):
        SNAPSHOT.version(reference)


@pytest.mark.parametrize("alias", ["dev", "staging", "prod"])
def test_an_empty_registry_says_what_to_run(alias):
    empty = Snapshot("pets", {}, {}, {})

    with pytest.raises(ModelNotFound, match=r"no alias is in use.*run `uv run pipeline` first"):
        empty.version(alias)


@pytest.mark.parametrize(
    ("alias", "known", "remedy"),
    [
        ("staging", {"dev": "3"}, "`promote --to staging` moves it to version 3, or says why not"),
        ("prod", {"staging": "2"}, "`promote --to prod` moves it to version 2, or says why not"),
        (
            "prod",
            {"dev": "3", "archived": "1"},
            "a version goes there from staging, and `promote --to staging` puts version 3 there, "
            "or says why not",
        ),
        (
            "staging",
            {"archived": "1", "prod": "2"},
            "`train` makes a version, and `promote --to staging` moves it there, or says why not",
        ),
        (
            "prod",
            {"archived": "1"},
            "`train` makes a version, and `promote` takes it to staging and from there to prod, "
            "or says why not",
        ),
    ],
)
def test_what_is_advised_can_be_done_as_things_are(alias, known, remedy):
    assert no_alias("pets", alias, known).endswith(f": {remedy}.")


@pytest.mark.parametrize(
    ("known", "listed"),
    [
        ({"archived": "1", "prod": "2"}, "(the only alias in use is prod (version 2))"),
        ({"archived": "1"}, "(the only alias in use is archived (version 1))"),
    ],
)
def test_an_alias_that_nothing_serves_is_not_offered(known, listed):
    assert listed in no_alias("pets", "champion", known)
