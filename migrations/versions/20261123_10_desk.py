"""suggestions and what came of them, agreement rounds, changes of grid, names for exchanges

Revision: 20261123_10
Follows: 20261123_09
"""

import sqlalchemy as sa
from alembic import op

revision = '20261123_10'
down_revision = '20261123_09'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('agreement_rounds',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('first_coder_id', sa.Uuid(), nullable=False),
    sa.Column('second_coder_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_agreement_rounds_campaign_id_campaigns'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_agreement_rounds_council_id_councils'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['first_coder_id'], ['accounts.id'], name=op.f('fk_agreement_rounds_first_coder_id_accounts')),
    sa.ForeignKeyConstraint(['second_coder_id'], ['accounts.id'], name=op.f('fk_agreement_rounds_second_coder_id_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_rounds'))
    )
    op.create_index(op.f('ix_agreement_rounds_campaign_id'), 'agreement_rounds', ['campaign_id'])
    op.create_index(op.f('ix_agreement_rounds_council_id'), 'agreement_rounds', ['council_id'])
    op.create_table('codebook_changes',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('from_version_id', sa.Uuid(), nullable=False),
    sa.Column('to_version_id', sa.Uuid(), nullable=False),
    sa.Column('moves', sa.JSON(), nullable=False),
    sa.Column('made', sa.JSON(), nullable=False),
    sa.Column('undone', sa.Boolean(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_codebook_changes_campaign_id_campaigns'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_codebook_changes_council_id_councils'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['from_version_id'], ['codebook_versions.id'], name=op.f('fk_codebook_changes_from_version_id_codebook_versions')),
    sa.ForeignKeyConstraint(['to_version_id'], ['codebook_versions.id'], name=op.f('fk_codebook_changes_to_version_id_codebook_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_codebook_changes'))
    )
    op.create_index(op.f('ix_codebook_changes_campaign_id'), 'codebook_changes', ['campaign_id'])
    op.create_index(op.f('ix_codebook_changes_council_id'), 'codebook_changes', ['council_id'])
    op.create_table('exchange_guids',
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('guid', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_exchange_guids_campaign_id_campaigns'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_exchange_guids_council_id_councils'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exchange_guids')),
    sa.UniqueConstraint('campaign_id', 'kind', 'key', name=op.f('uq_exchange_guids_campaign_id_kind_key'))
    )
    op.create_table('suggestion_reports',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('model', sa.String(length=80), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_suggestion_reports_campaign_id_campaigns'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_suggestion_reports_council_id_councils'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suggestion_reports'))
    )
    op.create_index(op.f('ix_suggestion_reports_campaign_id'), 'suggestion_reports', ['campaign_id'])
    op.create_index(op.f('ix_suggestion_reports_council_id'), 'suggestion_reports', ['council_id'])
    op.create_table('suggestion_outcomes',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('testimony_id', sa.Uuid(), nullable=False),
    sa.Column('start', sa.Integer(), nullable=False),
    sa.Column('end', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('score', sa.Double(), nullable=False),
    sa.Column('accepted', sa.Boolean(), nullable=False),
    sa.Column('coder_id', sa.Uuid(), nullable=False),
    sa.Column('model', sa.String(length=80), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_suggestion_outcomes_campaign_id_campaigns'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coder_id'], ['accounts.id'], name=op.f('fk_suggestion_outcomes_coder_id_accounts')),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_suggestion_outcomes_council_id_councils'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['testimony_id'], ['testimonies.id'], name=op.f('fk_suggestion_outcomes_testimony_id_testimonies'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suggestion_outcomes'))
    )
    op.create_index('ix_suggestion_outcomes_campaign_id_code', 'suggestion_outcomes', ['campaign_id', 'code'])
    op.create_index(op.f('ix_suggestion_outcomes_council_id'), 'suggestion_outcomes', ['council_id'])
    op.create_index(op.f('ix_suggestion_outcomes_testimony_id'), 'suggestion_outcomes', ['testimony_id'])
    op.create_table('agreement_texts',
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('testimony_id', sa.Uuid(), nullable=False),
    sa.Column('text_version_id', sa.Uuid(), nullable=False),
    sa.Column('first_done', sa.Boolean(), nullable=False),
    sa.Column('second_done', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_agreement_texts_council_id_councils'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['round_id'], ['agreement_rounds.id'], name=op.f('fk_agreement_texts_round_id_agreement_rounds'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['testimony_id'], ['testimonies.id'], name=op.f('fk_agreement_texts_testimony_id_testimonies'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['text_version_id'], ['text_versions.id'], name=op.f('fk_agreement_texts_text_version_id_text_versions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_texts')),
    sa.UniqueConstraint('round_id', 'testimony_id', name=op.f('uq_agreement_texts_round_id_testimony_id'))
    )
    op.create_index(op.f('ix_agreement_texts_testimony_id'), 'agreement_texts', ['testimony_id'])
    op.create_table('arbitrations',
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('text_version_id', sa.Uuid(), nullable=False),
    sa.Column('start', sa.Integer(), nullable=False),
    sa.Column('end', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('kept', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_arbitrations_council_id_councils'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['round_id'], ['agreement_rounds.id'], name=op.f('fk_arbitrations_round_id_agreement_rounds'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['text_version_id'], ['text_versions.id'], name=op.f('fk_arbitrations_text_version_id_text_versions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_arbitrations')),
    sa.UniqueConstraint('round_id', 'text_version_id', 'start', 'code', name=op.f('uq_arbitrations_round_id_text_version_id_start_code'))
    )
    op.create_index(op.f('ix_arbitrations_council_id'), 'arbitrations', ['council_id'])
    op.create_table('suggestion_sheets',
    sa.Column('text_version_id', sa.Uuid(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('model', sa.String(length=80), nullable=False),
    sa.Column('unsure', sa.Double(), nullable=False),
    sa.Column('sentences', sa.JSON(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_suggestion_sheets_campaign_id_campaigns'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_suggestion_sheets_council_id_councils'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['text_version_id'], ['text_versions.id'], name=op.f('fk_suggestion_sheets_text_version_id_text_versions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suggestion_sheets')),
    sa.UniqueConstraint('text_version_id', name=op.f('uq_suggestion_sheets_text_version_id'))
    )
    op.create_index('ix_suggestion_sheets_unsure', 'suggestion_sheets', ['campaign_id', 'unsure'])


def downgrade() -> None:
    op.drop_table('suggestion_sheets')
    op.drop_table('arbitrations')
    op.drop_table('agreement_texts')
    op.drop_table('suggestion_outcomes')
    op.drop_table('suggestion_reports')
    op.drop_table('exchange_guids')
    op.drop_table('codebook_changes')
    op.drop_table('agreement_rounds')
