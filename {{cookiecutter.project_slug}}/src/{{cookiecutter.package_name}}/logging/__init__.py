"""How log lines look. Import it as a package: never run files of this folder."""
