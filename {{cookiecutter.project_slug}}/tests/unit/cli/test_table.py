from {{ cookiecutter.package_name }}.cli._table import aligned


def test_columns_have_one_width_and_numbers_end_at_one_edge():
    text = aligned([("a", "1.5", "x"), ("long", "10.25", "")], right=frozenset({1}))

    assert text == "  a       1.5  x\n  long  10.25"
