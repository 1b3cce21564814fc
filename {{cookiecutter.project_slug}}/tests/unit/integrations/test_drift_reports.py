import os

from {{ cookiecutter.package_name }}.integrations.drift_reports import reports


def test_reports_are_found_the_newest_first_and_others_files_are_not(project) -> None:
    folder = project / "reports" / "drift"
    assert reports() == []
    folder.mkdir(parents=True)
    for number, name in enumerate(("last_week.md", "this_week.md", "notes.txt")):
        (folder / name).write_text(f"report {number}")
        os.utime(folder / name, (number, number))

    assert [(one.title, one.text) for one in reports()] == [
        ("this week", "report 1"),
        ("last week", "report 0"),
    ]
