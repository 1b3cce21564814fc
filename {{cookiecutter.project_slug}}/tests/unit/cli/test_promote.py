import pytest

from {{ cookiecutter.package_name }}.cli.promote import main
from {{ cookiecutter.package_name }}.schemas.errors import ModelNotFound


@pytest.mark.parametrize("to", ["staging", "prod"])
def test_without_a_store_there_is_nothing_to_promote(to, project, capsys):
    code = main(["--to", to])

    assert code == ModelNotFound.exit_code
    assert "run `pipeline` first" in capsys.readouterr().err
    assert not (project / "mlflow.db").exists()


@pytest.mark.parametrize(
    "arguments", [[], ["--to", "moon"], ["--to", "prod", "--version", "1", "--from", "dev"]]
)
def test_arguments_that_cannot_be_are_refused(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert "usage: promote" in capsys.readouterr().err
