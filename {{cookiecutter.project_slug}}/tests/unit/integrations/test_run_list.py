from datetime import UTC, datetime

from {{ cookiecutter.package_name }}.integrations.run_list import ListedRun


def test_runs_of_the_same_second_can_be_told_apart_in_a_list() -> None:
    began = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
    labels = [
        ListedRun(run_id, "mlp-digits", "finished", began, 1.0, {}, {}, {}, None).label
        for run_id in ("0123456789ab", "ba9876543210")
    ]

    assert labels == [
        "mlp-digits, 2030-01-02 03:04:05 UTC (01234567)",
        "mlp-digits, 2030-01-02 03:04:05 UTC (ba987654)",
    ]
