"""Optional components, as the template's manifest in `.cruft.json` names them.

A key of the manifest is an answer (`use_x`, `question=choice`), or several: `question=one|other`,
`use_x and question=choice`. Each answer in it is a component that can be had or not.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from programs import Stopped

NEUTRAL = "none"


@dataclass(frozen=True)
class Component:
    """A question, and the answer that gives the component: a choice, or True."""

    question: str
    answer: str | bool

    @property
    def name(self) -> str:
        """The short name that people type."""
        return self.question.removeprefix("use_") if self.answer is True else str(self.answer)

    @property
    def key(self) -> str:
        """The answer in full, as the manifest writes it."""
        return self.question if self.answer is True else f"{self.question}={self.answer}"

    def is_on(self, answers: Mapping[str, Any]) -> bool:
        """Whether these answers give it."""
        return answers.get(self.question) == self.answer


def components(manifest: Iterable[str]) -> list[Component]:
    """Every component that the manifest's keys name, once, in their order."""
    return list(dict.fromkeys(found for key in manifest for found in named_in(key)))


def named_in(key: str) -> Iterator[Component]:
    """The components of one key."""
    for term in key.split(" and "):
        question, _, choices = term.strip().partition("=")
        for choice in choices.split("|"):
            yield Component(question, choice or True)


def chosen(known: Sequence[Component], name: str) -> Component:
    """The component of this short or full name; Stopped where none or several have it."""
    found = [component for component in known if name in (component.name, component.key)]
    if len(found) == 1:
        return found[0]
    if found:
        keys = " or ".join(component.key for component in found)
        raise Stopped(f"{name!r} can be more than one thing; say {keys}.")
    names = ", ".join(component.name for component in known) or "none"
    raise Stopped(f"there is no component {name!r} here; known are: {names}.{near(name, known)}")


def near(name: str, known: Sequence[Component]) -> str:
    """A closing question that names the nearest component; empty where none is near."""
    names = [text for component in known for text in (component.name, component.key)]
    close = difflib.get_close_matches(name, names, n=1)
    return f" Did you mean {close[0]!r}?" if close else ""


def without(component: Component, questions: Mapping[str, Any]) -> str | bool:
    """The answer that takes the component away; Stopped where the question has no such answer."""
    if component.answer is True:
        return False
    choices = questions[component.question]
    if NEUTRAL in choices:
        return NEUTRAL
    others = ", ".join(choice for choice in choices if choice != component.answer)
    raise Stopped(
        f"{component.question} needs an answer, so {component.name} cannot just go; "
        f"add another instead: {others}."
    )


def further(given: Iterable[str], questions: Mapping[str, Any]) -> dict[str, str]:
    """`question=answer` as typed; Stopped where the template does not ask that, or offer this."""
    answers = {}
    for text in given:
        question, equals, answer = text.partition("=")
        if not equals:
            raise Stopped(f"{text!r} should be question=answer.")
        if question not in questions or question.startswith("_"):
            asked = ", ".join(name for name in questions if not name.startswith("_"))
            raise Stopped(f"the template does not ask {question!r}; it asks: {asked}.")
        choices = questions[question]
        if isinstance(choices, list) and answer not in choices:
            raise Stopped(f"{question} cannot be {answer!r}; choices are: {', '.join(choices)}.")
        answers[question] = answer
    return answers
