"""words to search in masked texts, and crossings of an analysis

Revision: 20261123_03
Follows: 20261123_02
"""

import sqlalchemy as sa
from alembic import op

from analysis.search import searchable

revision = '20261123_03'
down_revision = '20261123_02'
branch_labels = None
depends_on = None

texts = sa.table('text_versions', sa.column('id', sa.Uuid()), sa.column('kind', sa.String()),
                 sa.column('text', sa.Text()), sa.column('words', sa.Text()))


def upgrade() -> None:
    # Not in batch: SQLite adds a column in place, and this table is the most precious.
    op.add_column('text_versions', sa.Column('words', sa.Text(), nullable=False, server_default=''))
    connection = op.get_bind()
    masked = connection.execute(sa.select(texts.c.id).where(texts.c.kind == 'masked')).scalars().all()
    for key in masked:
        text = connection.execute(sa.select(texts.c.text).where(texts.c.id == key)).scalar_one()
        connection.execute(texts.update().where(texts.c.id == key).values(words=searchable(text)))
    op.create_table('crossings',
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('label', sa.Text(), nullable=False),
    sa.Column('document', sa.JSON(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_crossings_council_id_councils'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['run_id'], ['runs.id'], name=op.f('fk_crossings_run_id_runs'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_crossings')),
    sa.UniqueConstraint('run_id', 'name', name=op.f('uq_crossings_run_id_name'))
    )


def downgrade() -> None:
    op.drop_table('crossings')
    with op.batch_alter_table('text_versions', schema=None) as batch_op:
        batch_op.drop_column('words')
