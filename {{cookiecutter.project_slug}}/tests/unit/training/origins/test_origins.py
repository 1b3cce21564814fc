import sys

from {{ cookiecutter.package_name }}.training import origins


def test_every_module_of_the_folder_adds_its_tags(tmp_path, monkeypatch):
    (tmp_path / "first_of_two.py").write_text("def tags(root, name): return {'a': str(root)}")
    (tmp_path / "second_of_two.py").write_text("def tags(root, name): return {'b': name}")
    monkeypatch.setattr(origins, "__path__", [str(tmp_path)])

    known = origins.tags_of(tmp_path, "houses")

    assert known == {"a": str(tmp_path), "b": "houses"}
    for name in ("first_of_two", "second_of_two"):
        del sys.modules[f"{origins.__name__}.{name}"]
