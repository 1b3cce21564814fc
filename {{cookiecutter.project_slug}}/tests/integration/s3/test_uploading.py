"""Uploads to a real store: whole for readers at every moment, and gone on with."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from {{ cookiecutter.package_name }}.cli.prepare import main as prepare
from {{ cookiecutter.package_name }}.cli.upload import main
from {{ cookiecutter.package_name }}.data.processed import load_manifest
from {{ cookiecutter.package_name }}.integrations.s3.parts import PART_BYTES
from {{ cookiecutter.package_name }}.schemas.errors import DataError
from {{ cookiecutter.package_name }}.utils.files import sha256_of

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("project")]
BUCKET = "real-estate"


def arguments(url: str, source: object, target: str, *others: str) -> list[str]:
    place = [f"--bucket={BUCKET}", "--prefix=sets", f"--endpoint-url={url}", "--region=eu-west-1"]
    return [str(source), target, *place, *others]


def listed(boto, target: str) -> dict[str, str]:
    """Names and digests that the manifest has."""
    answer = boto.get_object(Bucket=BUCKET, Key=f"sets/{target}/manifest.json")
    return {file["name"]: file["sha256"] for file in json.load(answer["Body"])["files"]}


def keys(boto, target: str) -> list[str]:
    found = boto.list_objects_v2(Bucket=BUCKET, Prefix=f"sets/{target}/").get("Contents", ())
    return [entry["Key"].removeprefix(f"sets/{target}/") for entry in found]


@pytest.fixture
def towns(project):
    """A folder of two CSV files."""
    for name in ("a.csv", "north/b.csv"):
        path = project / "towns" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(["size,price", *(f"{i},{i * 2.5}" for i in range(50)), ""]))
    (project / "towns" / "north" / "b.csv").write_text("size,price\n1,2\n")
    return project / "towns"


def test_what_is_uploaded_is_what_prepare_reads(store, boto, towns, capsys):
    assert main(arguments(store.url, towns, "towns")) == 0
    said = capsys.readouterr().out
    place = [f"data.bucket={BUCKET}", "data.prefix=sets", f"data.endpoint_url={store.url}"]
    code = prepare(
        ["data=s3", *place, "data.objects=towns", "data.target=price", "data.name=towns"]
    )

    assert code == 0
    assert "sent 2 of 2 files to s3://real-estate/sets/towns" in said
    assert load_manifest("towns").rows == 51
    assert set(listed(boto, "towns")) == {"a.csv", "north/b.csv"}


def test_the_second_upload_sends_what_changed_and_pruning_leaves_what_is_listed(
    store, boto, towns, version, capsys
):
    main(arguments(store.url, towns, "pruned"))
    before = version(store.url, "pruned")
    (towns / "a.csv").write_text("size,price\n3,4\n")

    assert main(arguments(store.url, towns, "pruned", "--prune", "--dry-run")) == 0
    assert version(store.url, "pruned") == before
    assert main(arguments(store.url, towns, "pruned")) == 0
    assert len(keys(boto, "pruned")) == 4
    assert main(arguments(store.url, towns, "pruned", "--prune")) == 0

    said = capsys.readouterr().out
    assert "would send 1 of 2 files" in said
    assert "deleted 1 old contents" in said
    kept = {f"_files/{digest}.csv" for digest in listed(boto, "pruned").values()}
    assert set(keys(boto, "pruned")) == {"manifest.json", *kept}
    assert version(store.url, "pruned") != before


def test_a_large_file_goes_in_parts_and_comes_back(store, boto, noise, version):
    assert main(arguments(store.url, noise, "noise")) == 0

    assert listed(boto, "noise") == {"noise.parquet": sha256_of(noise)}
    assert version(store.url, "noise") == f"sha256:{sha256_of(noise)}"
    (key,) = (key for key in keys(boto, "noise") if key != "manifest.json")
    assert boto.head_object(Bucket=BUCKET, Key=f"sets/noise/{key}")["ETag"].endswith('-3"')


def test_bytes_that_somebody_alters_in_the_store_are_refused_until_they_are_sent_again(
    store, boto, noise, version
):
    main(arguments(store.url, noise, "altered"))
    (key,) = (key for key in keys(boto, "altered") if key != "manifest.json")
    content = noise.read_bytes()
    wrong = {"came with other bytes": content[:-1] + b"?", r"has [\d,]+ bytes, not": content[:-9]}
    for words, body in wrong.items():
        boto.put_object(Bucket=BUCKET, Key=f"sets/altered/{key}", Body=body)
        with pytest.raises(DataError, match=rf"s3://real-estate/sets/altered/.*{words}.*--again"):
            version(store.url, "altered")

    assert main(arguments(store.url, noise, "altered", "--again")) == 0
    assert version(store.url, "altered") == f"sha256:{sha256_of(noise)}"


def test_a_network_that_is_cut_is_told_and_a_later_upload_goes_on(
    store, boto, noise, wire, version, capsys
):
    wire.asks.cut_all = 9 << 20
    assert main(arguments(wire.url, noise, "cut", "--workers=1")) == 3
    assert "cannot be reached for s3://real-estate/sets/cut/_files/" in capsys.readouterr().err
    assert keys(boto, "cut") == []

    wire.heal()
    assert main(arguments(wire.url, noise, "cut")) == 0
    assert 0 < wire.asks.passed < noise.stat().st_size - PART_BYTES + 100_000
    assert version(store.url, "cut") == f"sha256:{sha256_of(noise)}"


def test_a_connection_that_breaks_now_and_then_costs_nothing_but_time(boto, noise, wire):
    wire.asks.cut_each = 12 << 20  # a part and a half

    assert main(arguments(wire.url, noise, "breaking", "--workers=1")) == 0
    assert wire.asks.passed > noise.stat().st_size + 500_000
    assert listed(boto, "breaking") == {"noise.parquet": sha256_of(noise)}


def test_a_store_that_dies_is_told_and_a_later_upload_goes_on(store, boto, noise, wire, dying):
    wire.asks.pause = 0.005
    dying.after(wire.asks, 10 << 20)
    assert main(arguments(wire.url, noise, "dying", "--workers=1")) == 3
    dying.revive()

    wire.heal()
    assert main(arguments(wire.url, noise, "dying")) == 0
    assert 0 < wire.asks.passed < noise.stat().st_size - PART_BYTES + 100_000
    assert listed(boto, "dying") == {"noise.parquet": sha256_of(noise)}


def test_an_upload_that_is_killed_is_gone_on_with(boto, noise, wire):
    wire.asks.pause = 0.005
    module = "{{ cookiecutter.package_name }}.cli.upload"
    given = arguments(wire.url, noise, "killed", "--workers=1")
    child = subprocess.Popen([sys.executable, "-m", module, *given])
    while wire.asks.passed < 10 << 20 and child.poll() is None:
        time.sleep(0.005)
    child.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    assert child.wait() != 0
    assert keys(boto, "killed") == []

    wire.heal()
    assert main(arguments(wire.url, noise, "killed")) == 0
    assert 0 < wire.asks.passed < noise.stat().st_size - PART_BYTES + 100_000
    assert listed(boto, "killed") == {"noise.parquet": sha256_of(noise)}


def test_bytes_that_are_altered_on_the_way_are_refused_by_the_store(boto, noise, wire, capsys):
    wire.asks.spoil_at = 5_000_000
    assert main(arguments(wire.url, noise, "spoilt", "--workers=1")) == 3

    said = capsys.readouterr().err
    assert "did not take s3://real-estate/sets/spoilt/_files/" in said
    assert "other bytes arrived than were sent" in said
    assert keys(boto, "spoilt") == []


def test_of_two_uploads_at_once_one_wins_and_the_other_is_told(
    store, boto, noise, towns, wire, capsys
):
    main(arguments(store.url, towns, "raced"))
    wire.asks.pause = 0.005
    codes: list[int] = []
    slow = threading.Thread(
        target=lambda: codes.append(main(arguments(wire.url, noise, "raced", "--workers=1")))
    )
    slow.start()
    while wire.asks.passed < 2 << 20:
        time.sleep(0.005)
    (towns / "a.csv").write_text("size,price\n5,6\n")
    assert main(arguments(store.url, towns, "raced")) == 0
    slow.join()

    assert codes == [3]
    told = "s3://real-estate/sets/raced/manifest.json was changed by somebody else meanwhile: run"
    assert told in capsys.readouterr().err
    assert listed(boto, "raced")["a.csv"] == sha256_of(towns / "a.csv")
    assert main(arguments(store.url, noise, "raced")) == 0
    assert listed(boto, "raced") == {"noise.parquet": sha256_of(noise)}
