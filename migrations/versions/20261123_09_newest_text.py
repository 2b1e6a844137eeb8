"""an index that tells the newest text of each testimony

Revision: 20261123_09
Follows: 20261123_08
"""

from alembic import op

revision = '20261123_09'
down_revision = '20261123_08'
branch_labels = None
depends_on = None

COLUMNS = ['testimony_id', 'kind', 'sequence', 'id']


def upgrade() -> None:
    op.create_index('ix_text_versions_newest', 'text_versions', COLUMNS)


def downgrade() -> None:
    op.drop_index('ix_text_versions_newest', 'text_versions')
