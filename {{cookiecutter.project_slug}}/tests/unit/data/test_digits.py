from {{ cookiecutter.package_name }}.data.digits import Digits


def test_the_digits_are_there_without_a_download():
    with Digits().open() as rows:
        (part,) = rows.parts(2000)

    assert part.table.num_rows == 1797
    assert rows.schema.names[:2] == ["pixel_0_0", "pixel_0_1"]
    assert rows.schema.names[-2:] == ["pixel_7_7", "digit"]
    assert set(part.table.column("digit").to_pylist()) == set(range(10))
    assert rows.version.startswith("scikit-learn ")
