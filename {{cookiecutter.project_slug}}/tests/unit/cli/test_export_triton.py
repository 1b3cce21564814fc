import pytest

from {{ cookiecutter.package_name }}.cli.export_triton import main
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, ModelNotFound


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--version", "0"], "'0' is not a number above 0"),
        (["--max-batch-size", "many"], "'many' is not a number above 0"),
        (["--preferred-batch-sizes", "8;16"], "'8;16' is not a number above 0"),
        (["--queue-delay-us", "-1"], "'-1' is not a number of microseconds, 0 or more"),
        (["--model-name", "../other"], "'../other' cannot be a folder's name"),
        (["--model-name", ".hidden"], "'.hidden' cannot be a folder's name"),
        (["--device", "tpu"], "invalid choice: 'tpu'"),
    ],
)
def test_an_argument_that_cannot_be_is_refused(arguments, said, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(arguments)

    assert said in capsys.readouterr().err


def test_a_preferred_batch_above_the_largest_is_told_before_a_model_is_fetched(project, capsys):
    code = main(["--max-batch-size", "4", "--preferred-batch-sizes", "2,8"])

    assert code == ConfigError.exit_code
    assert "A preferred batch size of 8 cannot be" in capsys.readouterr().err


def test_a_small_largest_batch_needs_no_other_option(project, capsys):
    code = main(["--max-batch-size", "4"])

    assert code == ModelNotFound.exit_code
    assert capsys.readouterr().err.endswith("yet: run `pipeline` first.\n")
    assert not (project / "deployment").exists()
