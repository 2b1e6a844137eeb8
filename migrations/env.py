"""Alembic's entry: the engine is handed over by `Database`, so keys never pass by a URL."""

from alembic import context

from survey_app.models import Base
from survey_app.models.base import UtcDateTime


def render_item(kind, value, autogen_context):
    """Migrations name plain SQL types: they must not change when our Python types do."""
    if kind == "type" and isinstance(value, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def migrate(connection):
    """Run the migrations, and on SQLite check that no row lost the one it refers to."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=render_item,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"migration leaves rows without what they refer to: {broken}")


with context.config.attributes["engine"].connect() as connection:
    if connection.dialect.name != "sqlite":
        migrate(connection)
    else:
        # SQLite changes a table by making it again and dropping the old one, which would delete
        # every row that cascades from it. The setting is deaf inside a transaction.
        raw = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        try:
            migrate(connection)
        finally:
            # Reading afterwards opened a transaction: without this, the setting is not heard.
            connection.rollback()
            raw.execute("PRAGMA foreign_keys=ON")
