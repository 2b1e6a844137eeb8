"""the annex of a synthesis apart from its document

Revision: 20261123_08
Follows: 20261123_07
"""

import sqlalchemy as sa
from alembic import op

revision = '20261123_08'
down_revision = '20261123_07'
branch_labels = None
depends_on = None

syntheses = sa.table(
    'syntheses', sa.column('id', sa.Uuid()), sa.column('document', sa.JSON()), sa.column('trace', sa.JSON())
)


def _move(divide) -> None:
    bind = op.get_bind()
    for row in bind.execute(sa.select(syntheses)).all():
        if row.document:
            document, trace = divide(row.document, row.trace)
            bind.execute(
                syntheses.update().where(syntheses.c.id == row.id).values(document=document, trace=trace)
            )


def upgrade() -> None:
    op.add_column('syntheses', sa.Column('trace', sa.JSON(), nullable=False, server_default='[]'))
    _move(lambda whole, _: (whole | {'trace': whole['trace'] | {'rows': []}}, whole['trace']['rows']))


def downgrade() -> None:
    _move(lambda whole, rows: (whole | {'trace': whole['trace'] | {'rows': rows}}, []))
    op.drop_column('syntheses', 'trace')
