import pytest
from s3_memory import PLACE, MemoryClient

from {{ cookiecutter.package_name }}.integrations.s3.find import find
from {{ cookiecutter.package_name }}.integrations.s3.place import Place
from {{ cookiecutter.package_name }}.schemas.errors import DataError, DataNotFound


def store(*keys):
    client = MemoryClient()
    for key in keys:
        client.put(key, key.encode())
    return client


def at(key):
    return Place("acme", key, "https://s3.test", None)


def names(client, key="sets/houses"):
    return [item.name for item in find(client, at(key))]


def test_an_object_is_found_by_its_whole_key():
    client = store("sets/houses.csv", "sets/houses.csv.gz", "sets/houses.csv/part.csv")

    (item,) = find(client, at("sets/houses.csv"))

    assert (item.key, item.name, item.size) == ("sets/houses.csv", "houses.csv", 15)
    assert item.etag == client.etags["sets/houses.csv"]


def test_a_folder_gives_its_tables_ordered_by_key():
    client = store("sets/houses/b.CSV", "sets/houses/a/x.csv", "sets/houses2/c.csv")

    assert names(client) == ["a/x.csv", "b.CSV"]
    assert names(client, "sets/houses/") == ["a/x.csv", "b.CSV"]


def test_what_other_tools_leave_behind_is_no_data():
    kept = store("sets/houses/a.csv", "sets/houses/_SUCCESS", "sets/houses/.a.csv.crc")
    for key in ("sets/houses/_temporary/b.csv", "sets/houses/README.md", "sets/houses/"):
        kept.put(key, b"")

    assert names(kept) == ["a.csv"]


def test_every_page_of_a_long_list_is_read():
    client = store(*(f"sets/houses/{number}.csv" for number in range(7)))
    client.page_size = 2

    assert len(names(client)) == 7


def test_the_top_of_a_bucket_is_a_folder_too():
    assert names(store("a.csv", "b/c.csv"), "") == ["a.csv", "b/c.csv"]


def test_what_lies_beside_a_wrong_name_is_shown():
    client = store("sets/horses/a.csv", "sets/one.csv")

    with pytest.raises(DataNotFound) as caught:
        find(client, PLACE)

    assert str(caught.value) == (
        "Bucket 'acme' has no object 'sets/houses' and none below 'sets/houses/' ('sets/' has "
        "'sets/horses/', 'sets/one.csv'): correct data.objects or data.prefix."
    )


@pytest.mark.parametrize(
    ("key", "there"),
    [("sets/houses", "'sets/' is empty"), ("houses", "it has 'a/', 'b/', 'c/', 'd/', 'e/', …")],
)
def test_what_lies_beside_is_told_in_few_words(key, there):
    client = store(*(f"{letter}/1.csv" for letter in "abcdefg"))

    with pytest.raises(DataNotFound) as caught:
        find(client, at(key))

    assert f"({there})" in str(caught.value)


@pytest.mark.parametrize("key", ["sets/houses", "sets/houses/a.json"])
def test_objects_of_other_kinds_are_refused_before_they_are_fetched(key):
    client = store("sets/houses/a.json")

    with pytest.raises(DataNotFound, match=r"below 'sets/houses/' .* is a table \('a.json'\)"):
        find(client, at(key))


NO_NAMES = ["/a.csv", "b\\a.csv", "b./a.csv", "b /a.csv", "c:a.csv", "CON.csv", "aux/a.csv"]
NO_NAMES += ["nul .tar.csv", "lpt1.csv", *(f"a{sign}.csv" for sign in '<>"|?*\0\n\x7f')]


@pytest.mark.parametrize("name", NO_NAMES)
def test_a_key_that_is_no_path_on_every_system_is_refused(name):
    with pytest.raises(DataError, match=r"(?s)^The object .*'acme' cannot become a file") as caught:
        find(store(f"sets/houses/{name}"), PLACE)

    assert repr(f"sets/houses/{name}") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_so_is_one_that_was_asked_for_by_its_whole_key():
    with pytest.raises(DataError, match=r"'sets/12:30\.csv' of bucket 'acme' cannot become"):
        find(store("sets/12:30.csv"), at("sets/12:30.csv"))


def test_names_that_only_look_like_those_are_kept():
    kept = ["console.csv", "com10.csv", "day=1/Łódź (2).csv", "nul_.csv"]

    assert names(store(*(f"sets/houses/{name}" for name in kept))) == sorted(kept)


@pytest.mark.parametrize("other", ["B/A.csv", "b/a.CSV"])
def test_two_keys_that_differ_in_case_alone_are_refused(other):
    with pytest.raises(DataError) as caught:
        find(store("sets/houses/b/a.csv", f"sets/houses/{other}"), PLACE)

    first, second = sorted(["b/a.csv", other])
    assert str(caught.value) == (
        f"The objects 'sets/houses/{first}' and 'sets/houses/{second}' of bucket 'acme' would "
        "become the same file on some systems: rename one, or narrow data.objects."
    )


def test_an_accent_that_is_written_in_two_ways_is_one_name():
    with pytest.raises(DataError, match="become the same file"):
        find(store("sets/houses/\u00e9.csv", "sets/houses/e\u0301.csv"), PLACE)


def test_a_key_cannot_lead_out_of_the_folder():
    client = store("sets/houses/../../a.csv", "sets/houses/b.csv")

    assert names(client) == ["b.csv"]
