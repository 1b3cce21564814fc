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
