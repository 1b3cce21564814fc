"""What Alembic runs: the steps that are missing, in the transaction that the caller has begun."""

from alembic import context

from {{ cookiecutter.package_name }}.integrations.prediction_log.migrations import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
)
context.run_migrations()
