"""Everything between raw data and a served prediction; one sub-package ("room") per concern.

Who may import whom is law, checked by import-linter: see the contracts in `pyproject.toml`.
"""

PROJECT = __name__
"""Name of the MLflow experiment and of the one registered model of this project."""
