import pytest

from {{ cookiecutter.package_name }}_api.prediction_log.sampling import in_sample

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
