"""Components by their names: listed, found, taken away."""

import pytest


def test_components_are_listed_with_what_is_on(project):
    listed = project.tool("feature").stdout.splitlines()

    assert [line.rstrip() for line in listed[:3]] == [
        "off  jam   use_jam",
        "on   disk  store=disk",
        "off  tape  store=tape",
    ]


def test_a_component_that_is_as_asked_for_is_left_alone(project):
    assert project.tool("feature", "remove", "jam").stdout == "jam is off already.\n"
    assert project.tool("feature", "add", "store=disk").stdout == "disk is on already.\n"


def test_an_option_may_stand_between_a_component_and_its_answers(project):
    said = project.refusal("feature", "add", "jam", "--no-check", "store=shelf")

    assert said == "store cannot be 'shelf'; choices are: tape, disk.\n"
    assert project.tool("feature", "add", "jam", "--fast").returncode == 2
    assert project.tool("upgrade", "v0.9.0", "v0.10.0").returncode == 2


def test_a_missing_name_is_all_that_is_asked_for(project):
    done = project.tool("feature", "add")

    assert done.returncode == 2
    assert done.stderr.endswith("error: the following arguments are required: NAME\n")


def test_a_word_in_place_of_add_or_remove_is_refused_with_both(project):
    done = project.tool("feature", "jam")

    assert done.returncode == 2
    assert "error: 'jam' should be add or remove, and the component's name after" in done.stderr


@pytest.mark.parametrize(
    ("name", "closing"),
    [("jamm", " Did you mean 'jam'?"), ("store=dis", " Did you mean 'store=disk'?"), ("zzz", ".")],
)
def test_an_unknown_component_is_refused_with_the_nearest(module, name, closing):
    components = module("components")
    known = components.components(["use_jam", "store=disk"])

    with pytest.raises(module("programs").Stopped) as refused:
        components.chosen(known, name)

    assert str(refused.value).endswith(f"known are: jam, disk.{closing}".replace("..", "."))


def test_the_templates_own_sentences_on_an_answer_have_no_prefix(module):
    refusal = module("source").refusal

    assert refusal("cruft create failed: error: a is bad. error: b is.") == "a is bad. b is."
    assert refusal("cruft create failed: fatal: no disk.") == "cruft create failed: fatal: no disk."


def test_a_short_name_that_two_questions_have_asks_for_the_full_one(module):
    components = module("components")
    known = components.components(["cache=disk", "store=disk"])

    with pytest.raises(module("programs").Stopped, match="say cache=disk or store=disk"):
        components.chosen(known, "disk")


@pytest.mark.parametrize(
    ("key", "choices", "answer"),
    [("use_jam", True, False), ("store=disk", ["disk", "none"], "none")],
)
def test_removing_gives_the_answer_that_stands_for_nothing(module, key, choices, answer):
    components = module("components")
    (component,) = components.components([key])

    assert components.without(component, {component.question: choices}) == answer


def test_a_component_whose_question_needs_an_answer_cannot_just_go(module):
    components = module("components")
    (component,) = components.components(["store=disk"])

    with pytest.raises(module("programs").Stopped, match="add another instead: tape"):
        components.without(component, {"store": ["tape", "disk"]})
