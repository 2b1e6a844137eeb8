"""readings found by the text's hash and the model's version

Revision: 20261124_11
Follows: 20261123_10
"""

import sqlalchemy as sa
from alembic import op

revision = '20261124_11'
down_revision = '20261123_10'
branch_labels = None
depends_on = None


# Readings are made again by the next job: none is worth carrying from one shape to the other.
def upgrade() -> None:
    op.drop_table('annotations')
    _create(
        sa.Column('text_hash', sa.String(length=64), nullable=False),
        sa.Column('pipeline', sa.String(length=80), nullable=False),
    )
    columns = ['council_id', 'pipeline', 'text_hash', 'text_version_id']
    op.create_index('ix_annotations_reading', 'annotations', columns)


def downgrade() -> None:
    op.drop_table('annotations')
    _create()


def _create(*more: sa.Column) -> None:
    op.create_table('annotations',
    sa.Column('text_version_id', sa.Uuid(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    *more,
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_annotations_council_id_councils'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['text_version_id'], ['text_versions.id'], name=op.f('fk_annotations_text_version_id_text_versions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_annotations')),
    sa.UniqueConstraint('text_version_id', name=op.f('uq_annotations_text_version_id'))
    )
