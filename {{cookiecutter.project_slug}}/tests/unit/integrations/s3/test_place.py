import pytest

from {{ cookiecutter.package_name }}.integrations.s3.place import FETCH, UPLOAD, Place


@pytest.mark.parametrize(
    ("parts", "key"),
    [
        (("/sets/", "/houses/"), "sets/houses"),
        (("", "houses"), "houses"),
        ((None, "houses"), "houses"),
        (("sets", ""), "sets"),
        ((2024, 7), "2024/7"),
        ((None, None), ""),
    ],
)
def test_prefix_and_name_make_the_key(parts, key):
    place = Place.below("acme", *parts, endpoint_url="", region="")

    assert (place.key, str(place)) == (key, f"s3://acme/{key}")
    assert (place.endpoint_url, place.region, place.store) == (None, None, "AWS")


def test_settings_are_called_as_the_command_calls_them():
    assert FETCH.setting("endpoint_url") == "data.endpoint_url"
    assert UPLOAD.setting("endpoint_url") == "--endpoint-url"
