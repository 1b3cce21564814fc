"""What `tools/template` makes of an update: cruft ends well whatever became of it."""

import json
import shutil

import pytest


def test_a_project_that_is_further_than_the_newest_release_stays(project, template):
    record = json.loads((project.path / ".cruft.json").read_text())
    project.write(
        ".cruft.json", json.dumps({**record, "commit": template.git("rev-parse", "main")})
    )
    project.commit()

    assert project.tool("upgrade").stdout == (
        "The project is further than the newest release, v0.10.0.\n"
    )


def test_an_update_of_which_nothing_arrived_is_reported(project, fake_programs):
    fake_programs("nothing")

    said = project.refusal("upgrade", "--no-check")

    assert said.startswith("cruft says that it has updated the project, but did not change bread.")


def test_a_piece_that_found_no_place_is_reported_though_git_ignores_its_file(
    project, fake_programs
):
    fake_programs("rejects")
    project.write("own.rej", "of another day\n")

    said = project.refusal("upgrade", "--no-check")

    assert "  bread.txt.rej: holds what did not fit into bread.txt; delete it when done\n" in said
    assert "own.rej" not in said


@pytest.mark.parametrize(
    ("verb", "said"),
    [("create", "the dog ate it.\n"), ("update", "cruft update failed: error: the dog ate it.\n")],
)
def test_what_the_template_or_cruft_says_of_a_failure_is_passed_on(
    project, fake_programs, verb, said
):
    fake_programs(verb)

    assert project.refusal("upgrade") == said
    assert project.git("status", "--porcelain") == ""


def test_the_checks_run_in_an_environment_that_follows_the_new_files(project, fake_programs):
    fake_programs("")

    done = project.tool("upgrade")

    assert (done.returncode, done.stderr) == (0, "")
    assert "  bread.txt\n1 file(s) changed. Look at them: git diff HEAD\n" in done.stdout
    assert "  read 'Migration' in CHANGELOG.md of " in done.stdout
    assert project.git("diff", "--cached", "--name-only") == ".cruft.json"


def test_what_comes_next_is_told_before_the_checks_run(project, fake_programs):
    fake_programs("uv")

    said = project.tool("upgrade").stdout

    order = [
        "\nNext:\n  read ",
        "\n  uv sync  ",
        "\n  uv run just bootstrap  ",
        "\n  git add --all; git commit ",
        "\nOr take it back:\n",
        "\nRunning `uv run just check`, which takes minutes (`--no-check` leaves it out) ...\n",
        "\n1 failed\n",
    ]
    assert [said.count(text) for text in order] == [1] * len(order)
    assert sorted(order, key=said.index) == order


def test_a_failing_check_is_shown_and_can_be_taken_back(project, fake_programs):
    fake_programs("uv")

    done = project.tool("upgrade")

    assert done.returncode == 1
    assert "run just check\n1 failed\n" in done.stdout
    assert "the update is in the files, but `uv run just check` fails, see above." in done.stderr
    assert done.stderr.endswith("  git reset --hard\n  git clean -d --force\n")


@pytest.mark.slow
def test_real_cruft_takes_the_newest_release_and_adds_a_component(project):
    done = project.tool("upgrade", "--no-check")

    assert (done.returncode, done.stderr) == (0, "")
    assert "Taking v0.10.0 of " in done.stdout
    assert (project.path / "bread.txt").read_text() == "brown\n"
    project.commit()

    done = project.tool("feature", "add", "tape", "--no-check")

    assert (done.returncode, done.stderr) == (0, "")
    assert "store: disk -> tape\n" in done.stdout
    record = json.loads((project.path / ".cruft.json").read_text())
    assert record["context"]["cookiecutter"]["store"] == "tape"


@pytest.mark.slow
def test_real_cruft_updates_a_project_inside_a_larger_repository(project, tmp_path):
    project.git("mv", "bread.txt", "toast.txt")
    project.commit()
    shutil.rmtree(project.path / ".git")
    outer = type(project)(tmp_path)
    outer.write(".gitignore", "template/\n")
    outer.commit()

    done = project.tool("upgrade", "--no-check")

    assert (done.returncode, done.stderr) == (0, "")
    assert "note: bread.txt is different or new in the template, but was deleted" in done.stdout
    assert outer.git("status", "--porcelain") == "M  toast/.cruft.json"

    done = project.tool("feature", "add", "jam", "--no-check")
    assert "are changes that are not committed: toast/.cruft.json; commit them" in done.stderr
