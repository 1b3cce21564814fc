"""Steps from one schema to the next; each is a file of `versions/`, and none is ever changed."""

from pathlib import Path

FOLDER = Path(__file__).parent
VERSION_TABLE = "prediction_log_version"
"""Not Alembic's own name: other software may keep its tables in the same database."""
NEWEST = "0001"
"""The schema that this release of the project writes."""
