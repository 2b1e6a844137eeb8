"""a name in exchange files is borne once in a campaign

Revision: 20261124_13
Follows: 20261124_12
"""

from alembic import op

revision = '20261124_13'
down_revision = '20261124_12'
branch_labels = None
depends_on = None

# The first drawn stays; the other things draw a new name at the next export.
TWICE = """
DELETE FROM exchange_guids WHERE id IN (
    SELECT id FROM (
        SELECT id, row_number() OVER (PARTITION BY campaign_id, guid ORDER BY id) AS place
        FROM exchange_guids
    ) AS ranked WHERE place > 1
)
"""
NAME = 'uq_exchange_guids_campaign_id_guid'


def upgrade() -> None:
    op.execute(TWICE)
    with op.batch_alter_table('exchange_guids', schema=None) as batch_op:
        batch_op.create_unique_constraint(op.f(NAME), ['campaign_id', 'guid'])


def downgrade() -> None:
    with op.batch_alter_table('exchange_guids', schema=None) as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_='unique')
