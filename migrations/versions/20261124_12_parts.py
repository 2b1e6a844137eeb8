"""the parts of a run, and what a campaign chose for its analysis

Revision: 20261124_12
Follows: 20261124_11
"""

import sqlalchemy as sa
from alembic import op

revision = '20261124_12'
down_revision = '20261124_11'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('run_parts',
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('document', sa.JSON(), nullable=False),
    sa.Column('head', sa.JSON(), nullable=False),
    sa.Column('rows', sa.JSON(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_run_parts_council_id_councils'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['run_id'], ['runs.id'], name=op.f('fk_run_parts_run_id_runs'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_run_parts')),
    sa.UniqueConstraint('run_id', 'name', name=op.f('uq_run_parts_run_id_name'))
    )
    op.add_column('campaigns', sa.Column('analysis', sa.JSON(), nullable=False, server_default='{}'))


def downgrade() -> None:
    op.drop_column('campaigns', 'analysis')
    op.drop_table('run_parts')
