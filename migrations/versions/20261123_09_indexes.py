"""indexes that tell the newest text of each testimony, and what waits in each queue

Revision: 20261123_09
Follows: 20261123_08
"""

from alembic import op

revision = '20261123_09'
down_revision = '20261123_08'
branch_labels = None
depends_on = None

NEWEST = ['testimony_id', 'kind', 'sequence', 'id']
QUEUE = ['campaign_id', 'state', 'number', 'council_id']


def upgrade() -> None:
    op.create_index('ix_text_versions_newest', 'text_versions', NEWEST)
    op.drop_index('ix_testimonies_campaign_id_state', 'testimonies')
    op.create_index('ix_testimonies_queue', 'testimonies', QUEUE)


def downgrade() -> None:
    op.drop_index('ix_testimonies_queue', 'testimonies')
    op.create_index('ix_testimonies_campaign_id_state', 'testimonies', ['campaign_id', 'state'])
    op.drop_index('ix_text_versions_newest', 'text_versions')
