import pytest

from {{ cookiecutter.package_name }}.integrations.triton_places import open_place
from {{ cookiecutter.package_name }}.integrations.triton_places.folder import Folder
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError


def test_a_path_is_a_folder(tmp_path):
    place = open_place(str(tmp_path))

    assert isinstance(place, Folder)
    assert str(place) == str(tmp_path)


@pytest.mark.parametrize("address", ["ftp://store/models", "folder://models"])
def test_an_address_that_nothing_stands_for_is_a_sentence(address):
    with pytest.raises(ConfigError, match=f"'{address}' cannot be a model repository: expected a"):
        open_place(address)
