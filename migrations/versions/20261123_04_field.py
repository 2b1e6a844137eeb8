"""tablets in the field: devices, and what already came from them

Revision: 20261123_04
Follows: 20261123_03
"""

import sqlalchemy as sa
from alembic import op

revision = '20261123_04'
down_revision = '20261123_03'
branch_labels = None
depends_on = None


def _scoped() -> list[sa.Column]:
    return [
        sa.Column('council_id', sa.Uuid(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table('deliveries',
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    *_scoped(),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_deliveries_council_id_councils'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deliveries'))
    )
    op.create_index(op.f('ix_deliveries_council_id'), 'deliveries', ['council_id'])
    op.create_table('devices',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('label', sa.String(length=200), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('contact_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    *_scoped(),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_devices_account_id_accounts'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_devices_council_id_councils'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_devices')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_devices_token_hash'))
    )
    op.create_index(op.f('ix_devices_account_id'), 'devices', ['account_id'])
    op.create_index(op.f('ix_devices_council_id'), 'devices', ['council_id'])


def downgrade() -> None:
    op.drop_table('devices')
    op.drop_table('deliveries')
