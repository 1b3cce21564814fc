"""The entry script: what it needs, what it forwards, what it says."""

import os
from pathlib import Path
from types import ModuleType

import pytest


def test_settings_of_pip_reach_uv_under_its_own_names(dev: ModuleType) -> None:
    listed = "\n".join(
        [
            "global.index-url='https://mirror.example/simple'",
            "global.extra-index-url='https://other.example/simple'",
            "global.find-links='/wheels file:///more'",
            "install.trusted-host='mirror.example'",
            "download.find-links='/ignored'",
            "global.timeout='60'",
        ]
    )

    assert dev.uv_settings(listed) == {
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "UV_FIND_LINKS": "/wheels,file:///more",
        "UV_INSECURE_HOST": "mirror.example",
    }


@pytest.mark.parametrize("first", [0, 1])
def test_the_environment_wins_over_pips_files(dev: ModuleType, first: int) -> None:
    lines = ["global.find-links='/file'", ":env:.find-links='/environment'"]

    listed = "\n".join([lines[first], lines[1 - first]])

    assert dev.uv_settings(listed) == {"UV_FIND_LINKS": "/environment"}


def test_what_uv_was_told_already_is_left_alone(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", "/from-pip")
    monkeypatch.setenv("UV_FIND_LINKS", "/from-uv")

    environment = dev.environment_for_uv()

    assert environment["UV_FIND_LINKS"] == "/from-uv"
    assert "UV_FIND_LINKS" not in environment[dev.PASSED_ON]


def test_the_demo_folder_is_meant_from_where_the_user_stands(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    arguments = dev.nox_arguments("demo", ["--torch-build=cpu", "my-demo"])

    assert arguments == ["-s", "demo", "--", "--torch-build=cpu", str(tmp_path / "my-demo")]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["tset"], "error: there is no command 'tset': choose demo, test or nox.\n"),
        (["test", "x"], "error: test takes no arguments, but got x; see dev.py nox.\n"),
    ],
)
def test_a_mistyped_command_is_one_sentence(
    dev: ModuleType, arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dev.main(arguments) == 2
    assert capsys.readouterr().err == sentence


def test_an_old_python_is_one_sentence(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev.sys, "version_info", (3, 10, 13))

    with pytest.raises(dev.CannotStart, match=r"Python 3\.11 or newer is needed, but .* is 3\.10"):
        dev.require_python_pip_and_git()


def test_a_missing_git_is_one_sentence(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)

    with pytest.raises(dev.CannotStart, match="git is needed, but it is not on the PATH"):
        dev.require_python_pip_and_git()


def test_the_demo_does_not_touch_a_folder_of_somebody_else(
    demo: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    code = demo.main([str(tmp_path)])

    assert code == 1
    assert f"error: {tmp_path} already holds something else" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_the_demo_goes_on_with_its_own_project(demo: ModuleType, tmp_path: Path) -> None:
    project = tmp_path / "my-demo"
    demo.make_project(project, None)
    (project / "notes.txt").write_text("kept")

    demo.make_project(project, None)

    assert (project / "notes.txt").read_text() == "kept"


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for uv is a shell script")
def test_a_service_that_cannot_start_is_one_sentence_with_its_last_words(
    demo: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uv = tmp_path / "uv"
    uv.write_text("#!/bin/sh\necho 'no version under the alias prod'\nexit 3\n")
    uv.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    with pytest.raises(demo.DemoFailed, match=r"exit code 3: no version under the alias prod"):
        demo.LiveService.start(tmp_path, demo.free_port())


def test_the_demos_project_gets_an_environment_of_its_own(
    demo: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_PROJECT_ENVIRONMENT", "/of-the-session")
    seen: list[str | None] = []
    monkeypatch.setattr(
        demo, "show", lambda *_: seen.append(os.environ.get("UV_PROJECT_ENVIRONMENT"))
    )

    demo.main([str(tmp_path)])

    assert seen == [None]


def test_a_folder_that_cannot_name_a_project_is_one_sentence(
    demo: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = demo.main([str(tmp_path / "Bad_Name")])

    assert code == 1
    assert "error: project_slug 'Bad_Name' must be at most 50" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
