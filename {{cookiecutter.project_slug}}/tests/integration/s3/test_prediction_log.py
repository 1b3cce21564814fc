"""The prediction log in a real store."""

from contextlib import closing

import pytest
from logged import NOON, label, request
from s3_server import READER

from {{ cookiecutter.package_name }}.integrations.prediction_log import open_store
from {{ cookiecutter.package_name }}.integrations.prediction_log.reading import rows
from {{ cookiecutter.package_name }}.schemas.errors import StoreUnavailable

from .conftest import BUCKET, REGION

pytestmark = pytest.mark.slow


@pytest.fixture
def url(store, tmp_path) -> str:
    return f"s3://{BUCKET}/logs/{tmp_path.name}?endpoint_url={store.url}&region={REGION}"


def test_rows_are_written_again_read_back_and_deleted(url):
    answered = [request(n, "yes", "no", at=NOON + n * 3600) for n in range(48)]
    with closing(open_store(url)) as log:
        log.open()
        for _ in ("first", "again"):
            log.write(answered, [label(2, "no", later=3 * 3600)])

        found = list(rows(url))
        assert [row.request_id for row in found[::2]] == [f"r{n}" for n in range(48)]
        assert [row.label for row in found[:6]] == [None, None, None, None, "no", None]
        assert next(rows(url, newest=1)).request_id == "r47"

        assert log.prune(NOON + 86400) == 12
        assert next(rows(url)).request_id == "r12"


def test_a_bucket_that_is_not_there_is_told_of_at_once(url):
    with pytest.raises(StoreUnavailable, match="There is no bucket 'nowhere'"):
        open_store(url.replace(BUCKET, "nowhere")).open()


def test_keys_that_may_not_write_are_told_what_they_need(url, act_as):
    act_as(READER)
    log = open_store(url)
    log.open()

    with pytest.raises(StoreUnavailable, match="s3:PutObject"):
        log.write([request(1)], [])


def test_a_store_that_is_away_is_told_of_and_written_to_when_it_is_back(store, url, boto):
    log = open_store(url)
    log.open()
    store.kill()
    try:
        with pytest.raises(StoreUnavailable, match="cannot be reached"):
            log.write([request(1)], [])
    finally:
        store.start()

    for _ in range(50):  # it answers before it takes objects again
        try:
            log.write([request(1)], [])
        except StoreUnavailable:
            continue
        break
    assert [row.request_id for row in rows(url)] == ["r1"]
