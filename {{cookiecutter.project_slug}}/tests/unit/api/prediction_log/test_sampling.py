from dataclasses import replace

import numpy as np
import pytest

from {{ cookiecutter.package_name }}_api.answered import Told
from {{ cookiecutter.package_name }}_api.prediction_log.sampling import in_sample, sampled

IDS = [f"request-{number}" for number in range(4000)]


@pytest.mark.parametrize("share", [0.05, 0.5])
def test_the_share_of_the_ids_is_kept_and_each_time_the_same(share):
    kept = [request_id for request_id in IDS if in_sample(request_id, share)]

    assert len(kept) / len(IDS) == pytest.approx(share, abs=0.03)
    assert kept == [request_id for request_id in IDS if in_sample(request_id, share)]


def test_a_larger_sample_holds_the_smaller_one():
    assert all(in_sample(request_id, 0.5) for request_id in IDS if in_sample(request_id, 0.1))


def test_all_and_none_are_exact():
    assert all(in_sample(request_id, 1.0) for request_id in IDS)
    assert not any(in_sample(request_id, 0.0) for request_id in IDS)


def test_of_requests_that_were_answered_together_each_is_kept_or_not_with_its_rows(answered_of):
    ages = [(float(age), 1.5) for age in range(300)]
    together = replace(
        answered_of("a", numeric=ages, categorical=[["Oslo"]] * 300),
        requests=[
            Told(request_id, 1 + place % 2, 0.0) for place, request_id in enumerate(IDS[:200])
        ],
    )

    kept = sampled(together, 0.5)

    assert [told.request_id for told in kept.requests] == [
        request_id for request_id in IDS[:200] if in_sample(request_id, 0.5)
    ]
    owners = np.repeat(IDS[:200], [told.rows for told in together.requests])
    rows = [place for place, owner in enumerate(owners) if in_sample(owner, 0.5)]
    assert kept.features.numeric[:, 0].tolist() == rows
    assert kept.predictions.values.tolist() == together.predictions.values[rows].tolist()
    assert kept.predictions.probabilities.shape == (len(rows), 2)


def test_where_all_or_none_of_them_are_kept_nothing_is_copied(answered_of):
    answered = answered_of("request-1")

    assert sampled(answered, 1.0) is answered
    assert sampled(answered, 0.0) is None
