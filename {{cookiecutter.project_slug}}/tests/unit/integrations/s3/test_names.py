from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.integrations.s3.names import is_data, is_path, same_file, some

PARTS = st.text(max_size=8) | st.sampled_from(["..", ".", "", "CON", "nul.csv", "C:", "a\\b", "/"])
NAMES = st.lists(PARTS, min_size=1, max_size=4).map("/".join)


@given(name=NAMES)
@example(name="a/../../etc/passwd")
@example(name="/etc/passwd")
@example(name="C:/a.csv")
def test_what_passes_for_a_path_stays_below_its_folder(name):
    if is_path(name):
        root = Path("/some/folder")
        made = root / name
        assert made.is_relative_to(root)
        assert ".." not in made.parts
        assert made.relative_to(root).as_posix() == name


@given(name=NAMES)
def test_what_is_hidden_is_no_data_whatever_it_ends_in(name):
    assert not is_data(f"_{name}.csv")
    assert not is_data(f"{name}/.hidden/a.csv")


@given(names=st.lists(st.text(st.characters(categories=["L"]), max_size=3), max_size=6))
def test_names_are_the_same_file_however_they_are_ordered(names):
    assert (same_file(names) is None) == (same_file(names[::-1]) is None)
    assert same_file([*names, "A", "a"]) is not None


def test_many_names_are_shown_in_few_words():
    assert some(["a", "b"]) == "'a', 'b'"
    assert some(["a", "b", "c"], most=2) == "'a', 'b', …"
