"""voices that wait for the review of their testimony

Revision: 20261123_07
Follows: 20261123_06
"""

import sqlalchemy as sa
from alembic import op

revision = '20261123_07'
down_revision = '20261123_06'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('recordings',
    sa.Column('testimony_id', sa.Uuid(), nullable=False),
    sa.Column('media_type', sa.String(length=40), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_recordings_council_id_councils'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['testimony_id'], ['testimonies.id'], name=op.f('fk_recordings_testimony_id_testimonies'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recordings'))
    )
    op.create_index(op.f('ix_recordings_council_id'), 'recordings', ['council_id'])
    op.create_index(op.f('ix_recordings_testimony_id'), 'recordings', ['testimony_id'])


def downgrade() -> None:
    op.drop_table('recordings')
