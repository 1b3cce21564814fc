import pytest

from {{ cookiecutter.package_name }}.cli.rollback import main
from {{ cookiecutter.package_name }}.schemas.errors import ModelNotFound


@pytest.mark.parametrize("arguments", [[], ["--to-version", "3"], ["--dry-run"]])
def test_without_a_store_there_is_nothing_to_go_back_to(arguments, project, capsys):
    code = main(arguments)

    assert code == ModelNotFound.exit_code
    assert "run `pipeline` first" in capsys.readouterr().err
    assert not (project / "mlflow.db").exists()


@pytest.mark.parametrize("arguments", [["--to-version", "x"], ["--to-version", "0"], ["3"]])
def test_arguments_that_cannot_be_are_refused(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert "usage: rollback" in capsys.readouterr().err
