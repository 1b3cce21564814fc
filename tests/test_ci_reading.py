"""What the reading of CI files does not know, it says: no key is skipped in silence."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ci_github import on_github
from ci_jobs import SECRETS, Event, NotUnderstood
from ci_woodpecker import on_woodpecker


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("${{ vars.MLFLOW_TRACKING_URI }}", "${{ vars.MLFLOW_URI }}"),
        ("    timeout-minutes: 60", "    continue-on-error: true"),
        ("- run: uv run", "- if: always()\n        run: uv run"),
        ("astral-sh/setup-uv@", "astral-sh/setup-vu@"),
        ('tags: ["v*"]', 'tags: ["v*.*"]'),
        ("needs: staging", "needs: nothing"),
        ('"$CI_COMMIT_TAG"', "${{ github.ref_name }}"),
    ],
)
def test_what_the_reading_of_github_does_not_know_is_told(
    bake: Callable[..., Any], old: str, new: str
) -> None:
    folder = bake(ci_provider="github").folder
    replace(folder / ".github/workflows/release.yml", old, new)

    with pytest.raises(NotUnderstood):
        on_github(folder, Event("tag", "v1.0.0", secrets=SECRETS))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ref: refs/tags/v*", "path: config/*"),
        ("    commands:", "    failure: ignore\n    commands:"),
        ("steps:\n", "services: []\n\nsteps:\n"),
        ("- release", "- relies"),
        ("${CI_PIPELINE_URL}", "${CI_URL}"),
        ("      partial: false\n  - name: tag", "      partial: true\n  - name: tag"),
        ("woodpeckerci/plugin-git", "woodpeckerci/plugin-got"),
    ],
)
def test_what_the_reading_of_woodpecker_does_not_know_is_told(
    bake: Callable[..., Any], old: str, new: str
) -> None:
    folder = bake(ci_provider="woodpecker").folder
    replace(folder / ".woodpecker/production.yaml", old, new)

    with pytest.raises(NotUnderstood):
        on_woodpecker(folder, Event("tag", "v1.0.0", secrets=SECRETS))


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
