"""questionnaires

Revision: 20261123_02
Follows: 20261123_01
"""

import sqlalchemy as sa
from alembic import op

revision = '20261123_02'
down_revision = '20261123_01'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('questionnaire_drafts',
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('document', sa.JSON(), nullable=False),
    sa.Column('base_id', sa.Uuid(), nullable=True),
    sa.Column('trial', sa.JSON(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['base_id'], ['questionnaire_versions.id'], name=op.f('fk_questionnaire_drafts_base_id_questionnaire_versions'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_questionnaire_drafts_council_id_councils'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_questionnaire_drafts'))
    )
    with op.batch_alter_table('questionnaire_drafts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_questionnaire_drafts_council_id'), ['council_id'], unique=False)

    op.create_table('attachments',
    sa.Column('draft_id', sa.Uuid(), nullable=True),
    sa.Column('testimony_id', sa.Uuid(), nullable=True),
    sa.Column('record_id', sa.Uuid(), nullable=True),
    sa.Column('media_type', sa.String(length=40), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_attachments_council_id_councils'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['draft_id'], ['drafts.id'], name=op.f('fk_attachments_draft_id_drafts'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['record_id'], ['records.id'], name=op.f('fk_attachments_record_id_records'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['testimony_id'], ['testimonies.id'], name=op.f('fk_attachments_testimony_id_testimonies'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachments'))
    )
    with op.batch_alter_table('attachments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attachments_council_id'), ['council_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attachments_draft_id'), ['draft_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attachments_record_id'), ['record_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attachments_testimony_id'), ['testimony_id'], unique=False)

    with op.batch_alter_table('campaigns', schema=None) as batch_op:
        batch_op.add_column(sa.Column('actions', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('context_figure', sa.Text(), nullable=False, server_default=''))

    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('language', sa.String(length=8), nullable=False, server_default='fr'))
        batch_op.add_column(sa.Column('origin', sa.String(length=20), nullable=False, server_default='form'))
        batch_op.add_column(sa.Column('said_on', sa.Date(), nullable=True))

    with op.batch_alter_table('records', schema=None) as batch_op:
        batch_op.add_column(sa.Column('campaign_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('meeting_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('section', sa.String(length=60), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False, server_default='1970-01-01 00:00:00'))
        batch_op.create_index(batch_op.f('ix_records_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_records_campaign_id_campaigns'), 'campaigns', ['campaign_id'], ['id'], ondelete='CASCADE')
        batch_op.create_foreign_key(batch_op.f('fk_records_meeting_id_meetings'), 'meetings', ['meeting_id'], ['id'], ondelete='CASCADE')



def downgrade() -> None:
    with op.batch_alter_table('records', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_records_meeting_id_meetings'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_records_campaign_id_campaigns'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_records_meeting_id'))
        batch_op.drop_column('updated_at')
        batch_op.drop_column('section')
        batch_op.drop_column('meeting_id')
        batch_op.drop_column('campaign_id')

    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.drop_column('said_on')
        batch_op.drop_column('origin')
        batch_op.drop_column('language')

    with op.batch_alter_table('campaigns', schema=None) as batch_op:
        batch_op.drop_column('context_figure')
        batch_op.drop_column('actions')

    with op.batch_alter_table('attachments', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attachments_testimony_id'))
        batch_op.drop_index(batch_op.f('ix_attachments_record_id'))
        batch_op.drop_index(batch_op.f('ix_attachments_draft_id'))
        batch_op.drop_index(batch_op.f('ix_attachments_council_id'))

    op.drop_table('attachments')
    with op.batch_alter_table('questionnaire_drafts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_questionnaire_drafts_council_id'))

    op.drop_table('questionnaire_drafts')
