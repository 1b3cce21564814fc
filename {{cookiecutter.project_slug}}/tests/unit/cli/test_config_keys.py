"""Every key of the configuration is read by something: a signature, a settings model or a plan."""

import inspect
import re

import pytest
from hydra.utils import get_object
from omegaconf import OmegaConf

from {{ cookiecutter.package_name }}.cli._compose import compose
from {{ cookiecutter.package_name }}.cli._settings import TrainSettings
from {{ cookiecutter.package_name }}.data.plan import Plan, plan_of
from {{ cookiecutter.package_name }}.utils.paths import config_dir

CHOICES = sorted((file.parent.name, file.stem) for file in config_dir().glob("*/*.yaml"))
OF_HYDRA = {"_target_", "_partial_", "_convert_", "_recursive_", "_args_"}
GIVEN_BY_CALLERS = {"inputs", "outputs", "image_shape", "params", "optimizer"}
"""Parameters of nets, optimizers and schedulers that the code passes itself."""


def composed(group, choice):
    """With a value for each key of a data set that the user has to give."""
    data = compose([f"{group}={choice}"]).data
    missing = [f"data.{key}=something" for key in map(str, data) if OmegaConf.is_missing(data, key)]
    return compose([f"{group}={choice}", *missing])


def targets(tree, place=""):
    """Every node with a `_target_`, with its dotted place."""
    if isinstance(tree, dict):
        if "_target_" in tree:
            yield place, tree
        for key, value in tree.items():
            yield from targets(value, f"{place}.{key}" if place else key)
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from targets(value, f"{place}[{index}]")


def problems(tree):
    """Keys that a target does not take, and parameters that it needs and is not given."""
    for place, node in targets(tree):
        parameters = inspect.signature(get_object(node["_target_"])).parameters
        keys = node.keys() - OF_HYDRA
        yield from (f"{place}.{key} is not taken" for key in sorted(keys - parameters.keys()))
        required = {
            name
            for name, parameter in parameters.items()
            if parameter.default is parameter.empty
            and parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
        }
        given = keys | (GIVEN_BY_CALLERS if node.get("_partial_") else set())
        yield from (f"{place}.{name} is needed" for name in sorted(required - given))


def plain(config):
    return OmegaConf.to_container(config, resolve=False)


@pytest.mark.parametrize(("group", "choice"), CHOICES)
def test_every_key_is_a_parameter_of_its_target(group, choice):
    tree = plain(composed(group, choice))

    assert list(problems(tree)) == []
    assert {place for place, _ in targets(tree)} >= {"data.source", "model", "trainer"}


@pytest.mark.parametrize(("group", "choice"), CHOICES)
def test_every_other_key_is_a_setting(group, choice):
    settings = TrainSettings.of(composed(group, choice))

    assert settings.data_name == settings.data["name"]


@pytest.mark.parametrize("choice", [choice for group, choice in CHOICES if group == "data"])
def test_every_key_of_a_data_set_is_part_of_its_plan_or_its_source(choice):
    node = composed("data", choice).data
    used = set(re.findall(r"\$\{data\.(\w+)\}", str(plain(node))))

    plan_of(OmegaConf.to_container(node, resolve=True))

    assert {str(key) for key in node} - {"source"} - used == Plan.model_fields.keys() - used


def test_a_key_that_nothing_takes_is_found():
    node = {
        "_target_": "{{ cookiecutter.package_name }}.models.mlp.MLP",
        "_partial_": True,
        "hiden": [4],
        "dropout": 0.1,
    }

    model = {"net": [node]}
    assert list(problems({"model": model})) == [
        "model.net[0].hiden is not taken",
        "model.net[0].hidden is needed",
    ]


def test_a_target_that_swallows_keywords_takes_only_those_that_it_names():
    node = {"_target_": "logging.log", "level": 1, "msg": "", "nonsense": 1}

    assert list(problems({"x": node})) == ["x.nonsense is not taken"]
