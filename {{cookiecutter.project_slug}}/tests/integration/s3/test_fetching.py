"""Data in a real store: fetched, checked, and gone on with."""

import os

import pytest

from {{ cookiecutter.package_name }}.cli.prepare import main
from {{ cookiecutter.package_name }}.data.processed import load_manifest
from {{ cookiecutter.package_name }}.integrations.s3.parts import PART_BYTES
from {{ cookiecutter.package_name }}.schemas.errors import DataError
from {{ cookiecutter.package_name }}.utils.files import sha256_of

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("project")]
BUCKET = "real-estate"
FETCHED = "data/raw/raw/noise.parquet"


@pytest.fixture
def houses(boto) -> None:
    """Three CSV objects of 40 houses, and a mark that some tools leave."""
    for part in range(3):
        rows = [f"{i * 7 % 50},{('Rome', 'Oslo')[i % 2]},{i * 1.5}" for i in range(40)]
        text = "\n".join(["size,town,price", *rows, ""])
        boto.put_object(Bucket=BUCKET, Key=f"sets/houses/{part}.csv", Body=text.encode())
    boto.put_object(Bucket=BUCKET, Key="sets/houses/_SUCCESS", Body=b"")


@pytest.fixture(scope="module")
def large(boto, noise):
    """20 MB as one object, uploaded by somebody else in parts of 6 MiB."""
    from boto3.s3.transfer import TransferConfig

    parts = TransferConfig(multipart_threshold=1 << 20, multipart_chunksize=6 << 20)
    boto.upload_file(str(noise), BUCKET, "sets/noise.parquet", Config=parts)
    return noise


def arguments(url: str, *others: str) -> list[str]:
    place = [f"data.bucket={BUCKET}", "data.prefix=sets", f"data.endpoint_url={url}"]
    return ["data=s3", *place, "data.target=price", *others]


def test_prepare_reads_many_objects_and_the_second_time_fetches_none(
    project, store, houses, capsys
):
    asked = arguments(store.url, "data.objects=houses", "data.name=houses")
    assert main(asked) == 0
    first, said = load_manifest("houses"), capsys.readouterr()
    assert main(asked) == 0

    assert first.rows == 120
    assert first.source == f"s3://{BUCKET}/sets/houses"
    assert load_manifest("houses") == first
    assert "(3 new or changed)" in said.err
    assert "new or changed" not in capsys.readouterr().err
    fetched = sorted(path.name for path in (project / "data" / "raw" / "houses").glob("*.csv"))
    assert fetched == ["0.csv", "1.csv", "2.csv"]


def test_prepare_tells_a_refusal_and_leaves_nothing(project, store, houses, capsys):
    assert main(arguments(store.url, "data.objects=horses")) == 3

    assert capsys.readouterr().err.startswith(
        f"error: Bucket '{BUCKET}' has no object 'sets/horses' and none below 'sets/horses/' "
        "('sets/' has 'sets/houses/'"
    )
    assert not (project / "data").exists()


def test_a_new_state_of_one_object_is_the_only_one_that_is_fetched(
    store, houses, boto, version, capsys
):
    before = version(store.url, "houses")
    boto.put_object(Bucket=BUCKET, Key="sets/houses/1.csv", Body=b"size,town,price\n1,Rome,2\n")
    capsys.readouterr()

    assert version(store.url, "houses") != before
    assert "(1 new or changed)" in capsys.readouterr().err


def test_an_object_in_parts_comes_whole(store, large, table):
    with table(store.url, "noise.parquet").open() as raw:
        assert sum(part.table.num_rows for part in raw.parts(100_000)) == 250_000
        assert raw.version == f"sha256:{sha256_of(large)}"


def test_a_connection_that_breaks_now_and_then_costs_nothing_but_time(large, wire, version):
    wire.answers.cut_each = 9 << 20  # a part and a bit of the next

    assert version(wire.url, "noise.parquet", workers=1) == f"sha256:{sha256_of(large)}"
    assert wire.answers.passed > large.stat().st_size + 500_000


def test_a_network_that_is_cut_is_told_and_a_later_run_goes_on(project, large, wire, version):
    wire.answers.cut_all = 9 << 20
    with pytest.raises(DataError, match=r"cannot be reached for s3://.*noise\.parquet \(the conn"):
        version(wire.url, "noise.parquet", workers=1)
    assert not (project / FETCHED).exists()

    wire.heal()
    assert version(wire.url, "noise.parquet") == f"sha256:{sha256_of(large)}"
    assert 0 < wire.answers.passed < large.stat().st_size - PART_BYTES + 100_000


def test_a_store_that_dies_is_told_and_a_later_run_goes_on(large, wire, version, dying):
    wire.answers.pause = 0.005
    dying.after(wire.answers, 10 << 20)
    with pytest.raises(DataError, match=r"'http://127.* cannot be reached for s3://.*noise"):
        version(wire.url, "noise.parquet", workers=1)
    dying.revive()

    wire.heal()
    assert version(wire.url, "noise.parquet") == f"sha256:{sha256_of(large)}"
    assert 0 < wire.answers.passed < large.stat().st_size - PART_BYTES + 100_000


def test_a_slow_link_takes_its_time(houses, wire, version, store):
    wire.answers.pause = wire.asks.pause = 0.05

    assert version(wire.url, "houses") == version(store.url, "houses", name="quick")


def test_bytes_that_were_altered_on_the_way_are_refused(project, large, wire, version):
    wire.answers.spoil_at = 5_000_000
    with pytest.raises(DataError, match=r"s3://real-estate/sets/noise\.parquet .* came with other"):
        version(wire.url, "noise.parquet")
    assert not (project / FETCHED).exists()

    wire.heal()
    assert version(wire.url, "noise.parquet") == f"sha256:{sha256_of(large)}"


def test_bytes_that_rot_below_the_store_are_refused(project, boto, store, version, monkeypatch):
    """The store notices that itself, after some seconds of trying."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    content = os.urandom(1 << 20)  # which the store cannot compress
    boto.put_object(Bucket=BUCKET, Key="sets/rot.parquet", Body=content)
    places = {path: path.read_bytes().find(content[:100]) for path in store.folder.glob("*.dat")}
    ((volume, place),) = ((path, place) for path, place in places.items() if place >= 0)
    with volume.open("r+b") as stream:
        stream.seek(place + 500_000)
        stream.write(b"rotten")

    with pytest.raises(DataError, match=r"did not give s3://real-estate/sets/rot\.parquet \("):
        version(store.url, "rot.parquet")
    assert not (project / "data/raw/raw/rot.parquet").exists()
