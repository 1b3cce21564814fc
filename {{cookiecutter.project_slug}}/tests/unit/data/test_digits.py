from {{ cookiecutter.package_name }}.data.digits import Digits


def test_the_digits_are_there_without_a_download():
    raw = Digits().load()

    assert raw.table.num_rows == 1797
    assert raw.table.column_names[:2] == ["pixel_0_0", "pixel_0_1"]
    assert raw.table.column_names[-2:] == ["pixel_7_7", "digit"]
    assert set(raw.table.column("digit").to_pylist()) == set(range(10))
    assert raw.version.startswith("scikit-learn ")
