import pytest

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.cli.evaluate import main
from {{ cookiecutter.package_name }}.schemas.errors import ModelNotFound


def test_without_a_store_there_is_nothing_to_evaluate(project, capsys):
    code = main([])

    said = capsys.readouterr()
    assert code == ModelNotFound.exit_code
    assert f"There is no registered model '{PROJECT}'" in said.err
    assert said.out == ""
    assert not (project / "reports").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--version", "three"], "'three' is not a number above 0"),
        (["--version", "0"], "'0' is not a number above 0"),
        (["--version", "1", "--alias", "a"], "not allowed with argument"),
    ],
)
def test_arguments_that_cannot_be_are_refused(arguments, told, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert "usage: evaluate" in said
    assert told in said


def test_a_model_file_that_is_not_there_is_named(project, capsys):
    code = main(["--model-file", "gone.onnx"])

    assert code == ModelNotFound.exit_code
    assert "gone.onnx" in capsys.readouterr().err
    assert not (project / "reports").exists()
