import pytest

from {{ cookiecutter.package_name }}.cli import upload
from {{ cookiecutter.package_name }}.cli.upload import main
from {{ cookiecutter.package_name }}.integrations.s3 import upload as uploading
from {{ cookiecutter.package_name }}.integrations.s3.upload import Done


@pytest.fixture
def asked(project, monkeypatch):
    """What is asked for, which is done by nobody; `config/data/s3.yaml` says a few things."""
    (project / "config" / "data" / "s3.yaml").write_text(
        "name: s3\nbucket: lake\nprefix: sets\nobjects: ???\nendpoint_url: http://s3.test\n"
        "region: eu-west-1\nworkers: 8\nsource:\n  name: ${data.name}\n"
    )
    calls = []

    def done(source, place, options):
        calls.append((source, place, options))
        return Done(files=3, sent=2, sent_bytes=1_500_000, published=True, pruned=1)

    monkeypatch.setattr(uploading, "upload", done)
    return calls


def test_where_to_is_what_the_configuration_says(asked, capsys):
    assert main(["houses", "houses/"]) == 0

    ((source, place, options),) = asked
    assert (source.name, str(place), place.endpoint_url) == (
        "houses",
        "s3://lake/sets/houses",
        "http://s3.test",
    )
    assert (place.region, options.workers, options.dry_run) == ("eu-west-1", 8, False)
    assert capsys.readouterr().out.splitlines() == [
        "sent 2 of 3 files to s3://lake/sets/houses (1.5 MB)",
        "s3://lake/sets/houses/manifest.json lists them",
        f"read it by `{upload.typed('prepare data=s3 data.objects=houses')} data.target=…`",
    ]


def test_the_command_line_says_otherwise(asked, capsys):
    given = ["--bucket=b", "--prefix=", "--endpoint-url=", "--region=us-east-1", "--workers=2"]

    assert main(["a.csv", "eu/a", *given, "--again", "--prune", "--dry-run"]) == 0

    ((_, place, options),) = asked
    assert (str(place), place.store) == ("s3://b/eu/a", "AWS (us-east-1)")
    assert (options.workers, options.again, options.prune, options.dry_run) == (2, True, True, True)
    assert capsys.readouterr().out.splitlines() == [
        "would send 2 of 3 files to s3://b/eu/a (1.5 MB)",
        "s3://b/eu/a/manifest.json would list them",
        "would delete 1 old contents",
    ]


def test_a_copy_of_the_configuration_is_taken_by_its_name(asked, project, capsys):
    (project / "config" / "data" / "houses.yaml").write_text("bucket: pond\nworkers: 1\n")

    assert main(["a.csv", "a", "--data=houses"]) == 0

    assert str(asked[0][1]) == "s3://pond/a"
    assert "prepare data=houses data.objects=a" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["a.csv", "../a"], "TARGET is '../a': expected a name below s3://lake/sets, such as"),
        (["a.csv", ""], "TARGET is '': expected a name below s3://lake/sets"),
        (["a.csv", "s3://lake/a"], "TARGET is 's3://lake/a': expected a name below s3://lake/sets"),
        (["a.csv", "a", "--data=none"], "--data is 'none': there is no file 'config/data/none.y"),
        (["a.csv", "a", "--data=digits"], "'config/data/digits.yaml' has no 'bucket': give --b"),
    ],
)
def test_what_cannot_be_a_place_is_refused(asked, arguments, told, capsys):
    assert main(arguments) == 2

    assert told in capsys.readouterr().err
    assert asked == []


@pytest.mark.parametrize("workers", ["many", "-1", "1.5"])
def test_workers_of_the_configuration_are_checked(asked, project, workers, capsys):
    path = project / "config" / "data" / "s3.yaml"
    path.write_text(path.read_text().replace("workers: 8", f"workers: {workers}"))

    assert main(["a.csv", "a"]) == 2
    assert "'config/data/s3.yaml' has workers: " in capsys.readouterr().err


def test_a_number_of_workers_that_is_none_is_refused(capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["a.csv", "a", "--workers=0"])

    assert "'0' is not a number above 0" in capsys.readouterr().err
