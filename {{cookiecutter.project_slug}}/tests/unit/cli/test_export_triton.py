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
        (["--load-seconds", "0"], "'0' is not a number above 0"),
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
    assert capsys.readouterr().err.endswith("yet: run `uv run pipeline` first.\n")
    assert not (project / "deployment").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--tensorrt", "fp16"], "TensorRT (fp16) runs on GPUs"),
        (["--quantize", "int8", "--device", "gpu"], "makes a model for CPUs"),
        (["--quantize", "int8", "--format", "torchscript"], "--quantize is for the ONNX graph"),
        (
            ["--format", "torchscript", "--device", "gpu", "--tensorrt", "fp16"],
            "--tensorrt is for the ONNX graph",
        ),
        (["--repository", "ftp://models"], "'ftp://models' cannot be a model repository"),
        (["--load", "ftp://triton"], "is not the address of a Triton server"),
    ],
)
def test_what_does_not_go_together_is_told_before_a_model_is_fetched(
    project, capsys, arguments, said
):
    code = main(arguments)

    assert code == ConfigError.exit_code
    assert said in capsys.readouterr().err
