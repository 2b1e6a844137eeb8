"""Alembic's entry: the engine is handed over by `Database`, so keys never pass by a URL."""

from alembic import context

from survey_app.models import Base
from survey_app.models.base import UtcDateTime


def render_item(kind, value, autogen_context):
    """Migrations name plain SQL types: they must not change when our Python types do."""
    if kind == "type" and isinstance(value, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


with context.config.attributes["engine"].connect() as connection:
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
