"""The CI of a generated project is executed: the commands of its files, in clones, in order.

One registry is released to in turn by a project on GitHub and by one on Woodpecker, so that each
kind of job runs at least once. `nox -s ci` says where MLflow's server is (MLFLOW_SERVER).
"""

import os
from collections.abc import Iterator

import pytest
from ci_github import on_github
from ci_jobs import Event, Job, Step
from ci_machines import Done, Machines, mlflow_server, tags
from ci_world import MODEL, PROVIDERS, World, project

pytestmark = pytest.mark.ci

QUICK = '-m "not slow" -n 2'
FEW = "tests/unit/test_ci.py tests/unit/utils"
BROKEN_TEST = '"""Wrong."""\n\n\ndef test_sums() -> None:\n    assert 1 + 1 == 3\n'


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("ci")
    (folder / "machines").mkdir()
    (folder / "server").mkdir()
    with mlflow_server(os.environ["MLFLOW_SERVER"], folder / "server") as server:
        projects = {provider: project(folder / provider, provider) for provider in PROVIDERS}
        world = World(projects, Machines(folder / "machines"), server)
        yield world
    for name, seconds in world.machines.seconds.items():
        print(f"{seconds:6.1f} s  {name}")


Release = tuple[list[Done], dict[str, str]]  # what its jobs did, and the aliases after it


@pytest.fixture(scope="module")
def released(world: World) -> Release:
    """The first release, on GitHub."""
    return world.tag("github", "v1.0.0"), world.aliases()


@pytest.fixture(scope="module")
def refused(world: World, released: Release) -> Release:
    """A release of a model that has learned nothing, after it."""
    project = world.projects["github"]
    config = project.text("config/model/mlp.yaml")
    project.write("config/model/mlp.yaml", config.replace("lr: 0.002", "lr: 0.000000001"))
    project.commit()
    return world.tag("github", "v1.0.1"), world.aliases()


@pytest.fixture(scope="module")
def released_again(world: World, refused: Release) -> Release:
    """A second release, on Woodpecker, of what is version 3 then."""
    return world.tag("woodpecker", "v1.1.0"), world.aliases()


def test_a_change_passes_on_github(world: World) -> None:
    (done,) = world.start("github", Event("pull_request"), PYTEST_ADDOPTS=QUICK)

    assert done.code == 0, done.output
    assert len(done.commands) == 5
    assert "TOTAL" in done.summary
    assert "No image was built" in done.output


def test_a_change_passes_on_woodpecker(world: World) -> None:
    (done,) = world.start("woodpecker", Event("pull_request"), PYTEST_ADDOPTS=FEW)

    assert done.code == 0, done.output
    assert len(done.commands) == 5
    assert "TOTAL" in done.output


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_broken_test_fails_the_change(world: World, provider: str) -> None:
    project = world.projects[provider]
    project.git("switch", "--quiet", "--create", "wrong")
    project.write("tests/unit/test_wrong.py", BROKEN_TEST)
    project.commit()

    (done,) = world.start(
        provider, Event("pull_request"), PYTEST_ADDOPTS="tests/unit/test_wrong.py"
    )
    project.git("switch", "--quiet", "main")

    assert done.code != 0
    assert done.commands[-1] == "uv run just check"
    assert "test_wrong.py::test_sums - assert (1 + 1) == 3" in done.output


def test_a_tag_trains_exports_and_promotes_to_staging_and_prod(released: Release) -> None:
    jobs, aliases = released

    assert [job.code for job in jobs] == [0, 0], jobs[-1].output
    assert "v1.0.0: version 1 was trained now" in jobs[0].output
    assert "v1.0.0: version 1 was trained from this commit before" in jobs[1].output
    assert aliases == {"prod": "1"}


def test_the_gate_refuses_a_bad_model_and_nothing_moves(refused: Release) -> None:
    jobs, aliases = refused

    assert [job.job for job in jobs] == ["staging"]
    assert jobs[0].code == 6
    assert jobs[0].commands[-1] == 'uv run just release staging "$CI_COMMIT_TAG"'
    assert "accuracy" in jobs[0].output
    assert aliases == {"dev": "2", "prod": "1"}


def test_the_other_provider_releases_to_the_same_registry(released_again: Release) -> None:
    jobs, aliases = released_again

    assert [job.code for job in jobs] == [0, 0], jobs[-1].output
    assert aliases["prod"] == "3"


@pytest.mark.parametrize(
    ("provider", "version", "then"), [("github", "", "1"), ("woodpecker", "3", "3")]
)
def test_a_person_rolls_back_to_the_version_before_or_to_one_by_its_number(
    world: World, released_again: Release, provider: str, version: str, then: str
) -> None:
    (done,) = world.by_hand(provider, "rollback", version=version, reason="it's $(touch oops)")

    assert done.code == 0, done.output
    assert world.aliases()["prod"] == then
    assert not list(world.machines.folder.glob("*/oops"))


def test_a_person_promotes_a_version_by_its_number(world: World, released_again: Release) -> None:
    project = world.projects["github"]
    project.git("revert", "--no-edit", "HEAD")
    project.git("tag", "v1.2.0")
    given = {"CI_COMMIT_TAG": "v1.2.0", "MLFLOW_TRACKING_URI": world.server}
    script = 'uv sync --locked\nuv run just candidate "$CI_COMMIT_TAG"'
    training = Job("training", ("bash", "-e"), (Step(script, given),))

    (trained,) = world.run("github", [training])
    (staged,) = world.by_hand(
        "github", "promote", alias="staging", version="4", reason="the new one"
    )
    (moved,) = world.by_hand("woodpecker", "promote", alias="prod", version="4", reason="it holds")

    assert [done.code for done in (trained, staged, moved)] == [0, 0, 0], moved.output
    assert world.aliases()["prod"] == "4"
    told = str(tags(world.server, MODEL, "4"))
    for part in ("somebody", "https://ci.example/", "the new one", "it holds"):
        assert part in told


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_is_in_production_is_scored_on_schedule(
    world: World, released_again: Release, provider: str
) -> None:
    (done,) = world.start(provider, Event("cron"))

    assert done.code == 0, done.output


def test_a_tag_that_is_no_version_changes_nothing(world: World, released_again: Release) -> None:
    before = world.aliases()

    (done,) = world.tag("woodpecker", "vienna")

    assert done.code == 2
    assert "The tag 'vienna' is no version" in done.output
    assert world.aliases() == before


def test_a_tag_beside_main_brings_no_gate_of_its_own(world: World, released_again: Release) -> None:
    project, before = world.projects["github"], world.aliases()
    project.git("switch", "--quiet", "--create", "beside")
    project.write("config/gate.yaml", "task: {classification: {skill: -9}}\n")
    project.commit()

    (done,) = world.tag("github", "v6.6.6")
    project.git("switch", "--quiet", "main")

    assert done.code == 2
    assert "v6.6.6 names a commit that is not in refs/remotes/origin/main" in done.output
    assert world.aliases() == before


def test_without_a_server_nothing_is_scheduled(world: World) -> None:
    assert on_github(world.projects["github"].folder, Event("cron")) == []
