"""Alert rules about Triton are rules that Prometheus reads; a slow test has a server's metrics."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from {{ cookiecutter.package_name }}.utils.paths import project_root

FOLDER = project_root() / "deployment" / "triton" / "prometheus"


def rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load((FOLDER / "rules.yaml").read_text(encoding="utf-8"))["groups"]
    return list(group["rules"])


def test_every_alert_says_how_bad_it_is_and_what_to_do():
    alerts = [rule for rule in rules() if "alert" in rule]

    assert len(alerts) >= 5
    for alert in alerts:
        assert alert["labels"]["severity"] in ("warning", "critical"), alert["alert"]
        assert set(alert["annotations"]) == {"summary", "description"}, alert["alert"]
        assert re.fullmatch(r"\d+m", alert["for"]), alert["alert"]


def test_every_recorded_number_is_used_or_about_batches():
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    used = {name for name in recorded for rule in rules() if name in rule["expr"]}

    assert recorded - used == {"triton:batch_rows:rate5m"}


def test_every_target_is_asked_as_the_rules_expect():
    jobs = [
        job["job_name"]
        for name in ("scrape.yaml", "scrape-pods.yaml")
        for job in yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))["scrape_configs"]
    ]
    (away,) = [rule["expr"] for rule in rules() if rule.get("alert") == "TritonAway"]
    pattern = re.search(r'job=~"(.*?)"', away)[1]

    assert [job for job in jobs if not re.fullmatch(pattern, job)] == []


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool comes with Prometheus")
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "rules", FOLDER / "rules.yaml"),
        ("check", "config", FOLDER / "scrape.yaml"),
        ("test", "rules", Path(__file__).parents[2] / "fixtures" / "triton_rules_test.yaml"),
    ],
)
def test_prometheus_itself_reads_the_files_and_raises_the_alerts(arguments):
    command = ["promtool", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
