"""questions that a reviewer asks of who collected a testimony

Revision: 20261123_06
Follows: 20261123_04
"""

import sqlalchemy as sa
from alembic import op

revision = '20261123_06'
down_revision = '20261123_04'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('review_questions',
    sa.Column('testimony_id', sa.Uuid(), nullable=False),
    sa.Column('question', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_review_questions_council_id_councils'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['testimony_id'], ['testimonies.id'], name=op.f('fk_review_questions_testimony_id_testimonies'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_questions'))
    )
    op.create_index(op.f('ix_review_questions_council_id'), 'review_questions', ['council_id'])
    op.create_index(op.f('ix_review_questions_testimony_id'), 'review_questions', ['testimony_id'])


def downgrade() -> None:
    op.drop_table('review_questions')
