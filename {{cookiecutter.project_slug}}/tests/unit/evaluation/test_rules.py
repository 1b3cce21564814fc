from {{ cookiecutter.package_name }}.evaluation.rules import at_least, listed

BROKEN = [at_least(f"accuracy where city={place}", 0.25, 0.5) for place in range(1_005)]


def test_few_broken_rules_are_all_told():
    told = listed(BROKEN[:5])

    assert told.count(" is not >= 0.5") == 5
    assert "more" not in told


def test_of_many_broken_rules_the_first_are_told_and_the_others_counted():
    told = listed(BROKEN)

    assert told.startswith("accuracy where city=0 0.2500 is not >= 0.5; accuracy where city=1 ")
    assert told.endswith("city=4 0.2500 is not >= 0.5; … and 1,000 more")
