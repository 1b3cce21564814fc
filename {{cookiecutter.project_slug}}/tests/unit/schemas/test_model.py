from {{ cookiecutter.package_name }}.schemas.model import ModelInfo, ServedVersion


def test_a_description_comes_back_from_its_json(describe_model, mixed_schema):
    info = describe_model(mixed_schema)

    assert ModelInfo.model_validate_json(info.model_dump_json()) == info


def test_a_version_of_no_registry_has_neither_alias_nor_run():
    version = ServedVersion(name="{{ cookiecutter.package_name }}", version="local")

    assert (version.alias, version.run_id) == (None, None)
