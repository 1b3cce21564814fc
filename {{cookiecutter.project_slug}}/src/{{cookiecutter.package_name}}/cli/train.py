"""`train`: fit the configured model on prepared data and register it under alias `dev`."""

import os
import sys
from collections.abc import Sequence

from {{ cookiecutter.package_name }}.cli import _help
from {{ cookiecutter.package_name }}.cli._entry import run, told
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, ProjectError
from {{ cookiecutter.package_name }}.utils.paths import config_dir

SUMMARY = """\
Fit a model on prepared data, export it as ONNX, and register it in MLflow under alias dev.
An interrupted training goes on where it stopped when the same command is typed again."""
EXAMPLES = (
    "train",
    "train model=cnn trainer.max_epochs=5",
    "train model=baseline trainer.fast_dev_run=true",
    "train experiment=debug",
    "train data=table model=mlp model.net.hidden=[128,64]",
    "train -m model=mlp,cnn,baseline     (a sweep: one run for each)",
)


def _train(arguments: list[str]) -> int:
    import hydra
    from hydra.errors import HydraException
    from omegaconf import DictConfig
    from omegaconf.errors import OmegaConfBaseException

    from {{ cookiecutter.package_name }}.cli._compose import (
        CONFIG_NAME,
        compose,
        explain,
        register_resolvers,
    )
    from {{ cookiecutter.package_name }}.cli._training import train

    register_resolvers()
    # Errors come here as they are, instead of being printed by Hydra in its own words.
    os.environ["HYDRA_FULL_ERROR"] = "1"
    sys.argv = ["train", *arguments]
    decorate = hydra.main(
        version_base="1.3", config_path=str(config_dir()), config_name=CONFIG_NAME
    )
    failures: list[ProjectError] = []
    composed = False

    def job(config: DictConfig) -> float:
        nonlocal composed
        composed = True
        # Hydra would put words of its own before an error that passes it.
        try:
            return train(config)
        except ProjectError as error:
            failures.append(error)
            return float("nan")

    try:
        decorate(job)()
    except (HydraException, OmegaConfBaseException) as error:
        raise ConfigError(explain(error, arguments)) from error
    except ValueError:
        if not composed:  # Hydra's answer to `model=null`
            compose(arguments)  # says it in a sentence
        raise
    for failure in failures[1:]:  # of a sweep, whose other runs went on
        print(told(failure), file=sys.stderr)
    if failures:
        raise failures[0]
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if _help.asked_for(arguments):
        return run(lambda: _help.show("train", SUMMARY, EXAMPLES))
    return run(lambda: _train(arguments))


if __name__ == "__main__":
    sys.exit(main())
