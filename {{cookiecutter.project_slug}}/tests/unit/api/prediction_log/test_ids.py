from {{ cookiecutter.package_name }}_api.prediction_log.ids import following, new_id


def test_the_ids_of_entries_are_uuids_that_nobody_else_gets():
    ids = [each for count in (1, 64, 3) for each in following(new_id(count), count)]

    assert len({*ids, new_id()}) == 69
    assert all(len(each) == 32 and int(each, 16) >= 0 for each in ids)


def test_ids_go_on_after_the_largest_number():
    same = "0" * 24

    assert following(same + "fffffffe", 3) == [
        same + "fffffffe",
        same + "ffffffff",
        same + "00000000",
    ]
