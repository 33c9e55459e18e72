"""Kopnews, the public site, subscriptions, support, sign-in and personal data

Revision ID: 0011
Revises: 0010
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('newsletter_issues',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('from_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('until_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('articles', sa.Integer(), nullable=False),
    sa.Column('readers', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_newsletter_issues')),
    sa.UniqueConstraint('from_at', name=op.f('uq_newsletter_issues_from_at'))
    )
    op.create_table('newsletter_readers',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('email', sa.String(length=120), nullable=False),
    sa.Column('asked_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('confirmed_at', models.base.Moment(timezone=True), nullable=True),
    sa.Column('ended_at', models.base.Moment(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_newsletter_readers')),
    sa.UniqueConstraint('email', name=op.f('uq_newsletter_readers_email'))
    )
    op.create_table('page_counts',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('page', sa.String(length=160), nullable=False),
    sa.Column('views', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('day', 'page', name=op.f('pk_page_counts'))
    )
    op.create_table('plans',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('pitch', sa.String(length=160), nullable=False),
    sa.Column('monthly_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('yearly_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('limits', sa.JSON(), nullable=False),
    sa.Column('features', sa.JSON(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('is_offered', sa.Boolean(), nullable=False),
    sa.CheckConstraint('monthly_rp >= 0 and yearly_rp >= 0', name=op.f('ck_plans_price')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plans')),
    sa.UniqueConstraint('code', name=op.f('uq_plans_code'))
    )
    op.create_table('platform_mails',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('to_address', sa.String(length=120), nullable=False),
    sa.Column('subject', sa.String(length=160), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('last_error', sa.String(length=200), nullable=False),
    sa.Column('next_try_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('sent_at', models.base.Moment(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('waiting','sent','given_up')", name=op.f('ck_platform_mails_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_platform_mails')),
    sa.UniqueConstraint('key', name=op.f('uq_platform_mails_key'))
    )
    with op.batch_alter_table('platform_mails', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_platform_mails_state_next_try_at'), ['state', 'next_try_at'], unique=False)

    op.create_table('announcements',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('is_pinned', sa.Boolean(), nullable=False),
    sa.Column('publish_at', models.base.Moment(timezone=True), nullable=True),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('told_at', models.base.Moment(timezone=True), nullable=True),
    sa.Column('created_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('changed_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("state in ('draft','published','withdrawn')", name=op.f('ck_announcements_state')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_announcements_coop_id')),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_announcements_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_announcements')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_announcements_coop_id_id'))
    )
    with op.batch_alter_table('announcements', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_announcements_coop_id_state_publish_at'), ['coop_id', 'state', 'publish_at'], unique=False)

    op.create_table('article_pictures',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('stored_as', sa.String(length=80), nullable=False),
    sa.Column('alt', sa.String(length=200), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('created_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_article_pictures_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_pictures')),
    sa.UniqueConstraint('stored_as', name=op.f('uq_article_pictures_stored_as'))
    )
    op.create_table('articles',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('slug', sa.String(length=120), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('summary', sa.String(length=300), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('byline', sa.String(length=120), nullable=False),
    sa.Column('cover_file', sa.String(length=80), nullable=True),
    sa.Column('cover_alt', sa.String(length=200), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('publish_at', models.base.Moment(timezone=True), nullable=True),
    sa.Column('review_note', sa.String(length=300), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reviewed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('changed_at', models.base.Moment(timezone=True), nullable=False),
    sa.CheckConstraint("state <> 'published' or publish_at is not null", name=op.f('ck_articles_moment')),
    sa.CheckConstraint("state in ('draft','review','published','withdrawn')", name=op.f('ck_articles_state')),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_articles_author_id')),
    sa.ForeignKeyConstraint(['reviewed_by'], ['users.id'], name=op.f('fk_articles_reviewed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_articles')),
    sa.UniqueConstraint('slug', name=op.f('uq_articles_slug'))
    )
    with op.batch_alter_table('articles', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_articles_category_publish_at'), ['category', 'publish_at'], unique=False)
        batch_op.create_index(op.f('ix_articles_state_publish_at'), ['state', 'publish_at'], unique=False)

    op.create_table('breaches',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('handling', sa.Text(), nullable=False),
    sa.Column('data_kinds', sa.JSON(), nullable=False),
    sa.Column('coop_ids', sa.JSON(), nullable=False),
    sa.Column('happened_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('found_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=7), nullable=False),
    sa.Column('told_at', models.base.Moment(timezone=True), nullable=True),
    sa.Column('created_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.CheckConstraint("state in ('open','telling','told','closed')", name=op.f('ck_breaches_state')),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_breaches_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_breaches'))
    )
    op.create_table('consents',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('purpose', sa.String(length=30), nullable=False),
    sa.Column('version', sa.String(length=20), nullable=False),
    sa.Column('given_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('withdrawn_at', models.base.Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_consents_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consents'))
    )
    with op.batch_alter_table('consents', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_consents_user_id_purpose'), ['user_id', 'purpose'], unique=False)

    op.create_table('coop_registrations',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('coop_name', sa.String(length=120), nullable=False),
    sa.Column('city', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('contact_name', sa.String(length=120), nullable=False),
    sa.Column('email', sa.String(length=120), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('username', sa.String(length=64), nullable=False),
    sa.Column('password_hash', sa.String(length=255), nullable=False),
    sa.Column('plan_code', sa.String(length=20), nullable=False),
    sa.Column('discount_code', sa.String(length=20), nullable=False),
    sa.Column('terms_version', sa.String(length=20), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('expires_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('confirmed_at', models.base.Moment(timezone=True), nullable=True),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_coop_registrations_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coop_registrations')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_coop_registrations_token_hash'))
    )
    op.create_table('discount_codes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('percent', sa.Integer(), nullable=True),
    sa.Column('off_rp', models.base.RupiahColumn(), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('invoices', sa.Integer(), nullable=False),
    sa.Column('quota', sa.Integer(), nullable=True),
    sa.Column('used', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.CheckConstraint('(percent is null) <> (off_rp is null)', name=op.f('ck_discount_codes_one_kind')),
    sa.CheckConstraint('percent is null or percent between 1 and 100', name=op.f('ck_discount_codes_percent')),
    sa.CheckConstraint('quota is null or used <= quota', name=op.f('ck_discount_codes_quota')),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_discount_codes_created_by')),
    sa.ForeignKeyConstraint(['plan_id'], ['plans.id'], name=op.f('fk_discount_codes_plan_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_discount_codes')),
    sa.UniqueConstraint('code', name=op.f('uq_discount_codes_code'))
    )
    op.create_table('mail_choices',
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('topic', sa.String(length=20), nullable=False),
    sa.Column('mail', sa.String(length=5), nullable=False),
    sa.CheckConstraint("mail in ('now','daily','never')", name=op.f('ck_mail_choices_mail')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_mail_choices_user_id')),
    sa.PrimaryKeyConstraint('user_id', 'topic', name=op.f('pk_mail_choices'))
    )
    op.create_table('passkeys',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('credential_id', sa.LargeBinary(), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('sign_count', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=60), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('last_used_at', models.base.Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_passkeys_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_passkeys')),
    sa.UniqueConstraint('credential_id', name=op.f('uq_passkeys_credential_id'))
    )
    with op.batch_alter_table('passkeys', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_passkeys_user_id'), ['user_id'], unique=False)

    op.create_table('practice_done',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('task', sa.String(length=30), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('done_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_practice_done_coop_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_practice_done_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_practice_done')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_practice_done_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'task', name=op.f('uq_practice_done_coop_id_task'))
    )
    op.create_table('recovery_codes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('used_at', models.base.Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_recovery_codes_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_codes'))
    )
    with op.batch_alter_table('recovery_codes', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_recovery_codes_user_id'), ['user_id'], unique=False)

    op.create_table('setup_marks',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('step', sa.String(length=30), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('made_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_setup_marks_coop_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_setup_marks_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_setup_marks')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_setup_marks_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'step', name=op.f('uq_setup_marks_coop_id_step'))
    )
    op.create_table('subscription_changes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('plan_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('mrr_before_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('mrr_after_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("kind in ('trial','start','renew','upgrade','downgrade','lapse','resume','extend')", name=op.f('ck_subscription_changes_kind')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_subscription_changes_coop_id')),
    sa.ForeignKeyConstraint(['plan_id'], ['plans.id'], name=op.f('fk_subscription_changes_plan_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_subscription_changes_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscription_changes')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_subscription_changes_coop_id_id'))
    )
    with op.batch_alter_table('subscription_changes', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_subscription_changes_coop_id_happened_on'), ['coop_id', 'happened_on'], unique=False)

    op.create_table('support_grants',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('granted_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('granted_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('expires_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('ended_at', models.base.Moment(timezone=True), nullable=True),
    sa.Column('ended_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('expires_at > granted_at', name=op.f('ck_support_grants_while')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_support_grants_coop_id')),
    sa.ForeignKeyConstraint(['ended_by'], ['users.id'], name=op.f('fk_support_grants_ended_by')),
    sa.ForeignKeyConstraint(['granted_by'], ['users.id'], name=op.f('fk_support_grants_granted_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_grants')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_support_grants_coop_id_id'))
    )
    op.create_table('tickets',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token', sa.String(length=60), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('goes_to', sa.String(length=8), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('page', sa.String(length=200), nullable=False),
    sa.Column('opened_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('score', sa.Integer(), nullable=True),
    sa.Column('score_note', sa.String(length=300), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('changed_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("goes_to in ('coop','platform')", name=op.f('ck_tickets_goes_to')),
    sa.CheckConstraint("kind in ('question','feedback','complaint')", name=op.f('ck_tickets_kind')),
    sa.CheckConstraint("state in ('open','answered','closed')", name=op.f('ck_tickets_state')),
    sa.CheckConstraint('score is null or score between 1 and 5', name=op.f('ck_tickets_score')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_tickets_coop_id')),
    sa.ForeignKeyConstraint(['opened_by'], ['users.id'], name=op.f('fk_tickets_opened_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tickets')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_tickets_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'token', name=op.f('uq_tickets_coop_id_token')),
    sa.UniqueConstraint('coop_id', 'year', 'number', name=op.f('uq_tickets_coop_id_year_number'))
    )
    with op.batch_alter_table('tickets', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_tickets_coop_id_state'), ['coop_id', 'state'], unique=False)
        batch_op.create_index(op.f('ix_tickets_goes_to_state'), ['goes_to', 'state'], unique=False)

    op.create_table('user_identities',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('provider', sa.String(length=20), nullable=False),
    sa.Column('subject', sa.String(length=255), nullable=False),
    sa.Column('email', sa.String(length=120), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('last_used_at', models.base.Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_user_identities_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_identities')),
    sa.UniqueConstraint('provider', 'subject', name=op.f('uq_user_identities_provider_subject')),
    sa.UniqueConstraint('user_id', 'provider', name=op.f('uq_user_identities_user_id_provider'))
    )
    op.create_table('user_tours',
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('tour', sa.String(length=60), nullable=False),
    sa.Column('seen_at', models.base.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_user_tours_user_id')),
    sa.PrimaryKeyConstraint('user_id', 'tour', name=op.f('pk_user_tours'))
    )
    op.create_table('visitor_messages',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('email', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('page', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('answered_at', models.base.Moment(timezone=True), nullable=True),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.CheckConstraint("state in ('open','answered','closed')", name=op.f('ck_visitor_messages_state')),
    sa.ForeignKeyConstraint(['answered_by'], ['users.id'], name=op.f('fk_visitor_messages_answered_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visitor_messages')),
    sa.UniqueConstraint('token', name=op.f('uq_visitor_messages_token'))
    )
    with op.batch_alter_table('visitor_messages', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_visitor_messages_state'), ['state'], unique=False)

    op.create_table('article_comments',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token', sa.String(length=60), nullable=False),
    sa.Column('article_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('body', sa.String(length=1000), nullable=False),
    sa.Column('state', sa.String(length=7), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('decided_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', models.base.Moment(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('waiting','shown','hidden')", name=op.f('ck_article_comments_state')),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_article_comments_article_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['users.id'], name=op.f('fk_article_comments_decided_by')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_article_comments_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_comments')),
    sa.UniqueConstraint('token', name=op.f('uq_article_comments_token'))
    )
    with op.batch_alter_table('article_comments', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_article_comments_article_id_state'), ['article_id', 'state'], unique=False)
        batch_op.create_index(op.f('ix_article_comments_state_created_at'), ['state', 'created_at'], unique=False)

    op.create_table('article_corrections',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('article_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('made_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('made_at', models.base.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_article_corrections_article_id')),
    sa.ForeignKeyConstraint(['made_by'], ['users.id'], name=op.f('fk_article_corrections_made_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_corrections'))
    )
    with op.batch_alter_table('article_corrections', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_article_corrections_article_id'), ['article_id'], unique=False)

    op.create_table('article_grams',
    sa.Column('gram', sa.String(length=3), nullable=False),
    sa.Column('article_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_article_grams_article_id')),
    sa.PrimaryKeyConstraint('gram', 'article_id', name=op.f('pk_article_grams'))
    )
    with op.batch_alter_table('article_grams', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_article_grams_article_id'), ['article_id'], unique=False)

    op.create_table('article_tags',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('article_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('tag', sa.String(length=40), nullable=False),
    sa.Column('label', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_article_tags_article_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_tags')),
    sa.UniqueConstraint('article_id', 'tag', name=op.f('uq_article_tags_article_id_tag'))
    )
    with op.batch_alter_table('article_tags', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_article_tags_tag'), ['tag'], unique=False)

    op.create_table('join_requests',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('email', sa.String(length=120), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('consent_version', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('member_id', sa.Integer(), nullable=True),
    sa.Column('decided_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', models.base.Moment(timezone=True), nullable=True),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("state in ('waiting','accepted','refused')", name=op.f('ck_join_requests_state')),
    sa.ForeignKeyConstraint(['coop_id', 'member_id'], ['members.coop_id', 'members.id'], name=op.f('fk_join_requests_coop_id_member_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_join_requests_coop_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['users.id'], name=op.f('fk_join_requests_decided_by')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_join_requests_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_join_requests')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_join_requests_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'token', name=op.f('uq_join_requests_coop_id_token'))
    )
    with op.batch_alter_table('join_requests', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_join_requests_coop_id_state'), ['coop_id', 'state'], unique=False)

    op.create_table('member_consents',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=30), nullable=False),
    sa.Column('version', sa.String(length=20), nullable=False),
    sa.Column('given_by', sa.String(length=6), nullable=False),
    sa.Column('given_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('withdrawn_at', models.base.Moment(timezone=True), nullable=True),
    sa.Column('recorded_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("given_by in ('paper','portal')", name=op.f('ck_member_consents_given_by')),
    sa.ForeignKeyConstraint(['coop_id', 'member_id'], ['members.coop_id', 'members.id'], name=op.f('fk_member_consents_coop_id_member_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_member_consents_coop_id')),
    sa.ForeignKeyConstraint(['recorded_by'], ['users.id'], name=op.f('fk_member_consents_recorded_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member_consents')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_member_consents_coop_id_id'))
    )
    with op.batch_alter_table('member_consents', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_member_consents_coop_id_member_id_purpose'), ['coop_id', 'member_id', 'purpose'], unique=False)

    op.create_table('privacy_requests',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token', sa.String(length=60), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('wish', sa.String(length=500), nullable=False),
    sa.Column('state', sa.String(length=9), nullable=False),
    sa.Column('asked_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('asked_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('decided_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', models.base.Moment(timezone=True), nullable=True),
    sa.Column('answer', sa.String(length=300), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("kind <> 'erase' or state <> 'done' or coalesce(decided_by, asked_by) <> asked_by", name=op.f('ck_privacy_requests_four_eyes')),
    sa.CheckConstraint("kind in ('correct','restrict','erase')", name=op.f('ck_privacy_requests_kind')),
    sa.CheckConstraint("state in ('waiting','done','refused','withdrawn')", name=op.f('ck_privacy_requests_state')),
    sa.ForeignKeyConstraint(['asked_by'], ['users.id'], name=op.f('fk_privacy_requests_asked_by')),
    sa.ForeignKeyConstraint(['coop_id', 'member_id'], ['members.coop_id', 'members.id'], name=op.f('fk_privacy_requests_coop_id_member_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_privacy_requests_coop_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['users.id'], name=op.f('fk_privacy_requests_decided_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_privacy_requests')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_privacy_requests_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'token', name=op.f('uq_privacy_requests_coop_id_token'))
    )
    with op.batch_alter_table('privacy_requests', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_privacy_requests_coop_id_state'), ['coop_id', 'state'], unique=False)
        batch_op.create_index('uq_privacy_requests_waiting', ['coop_id', 'member_id', 'kind'], unique=True, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))

    op.create_table('subscription_invoices',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token', sa.String(length=60), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('state', sa.String(length=5), nullable=False),
    sa.Column('plan_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('period', sa.String(length=5), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.Column('total_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('discount_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('paid_on', sa.Date(), nullable=True),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("(state = 'paid') = (paid_on is not null)", name=op.f('ck_subscription_invoices_paid')),
    sa.CheckConstraint("kind in ('term','upgrade')", name=op.f('ck_subscription_invoices_kind')),
    sa.CheckConstraint("period in ('month','year')", name=op.f('ck_subscription_invoices_period')),
    sa.CheckConstraint("state in ('open','paid','void')", name=op.f('ck_subscription_invoices_state')),
    sa.CheckConstraint('total_rp >= 0', name=op.f('ck_subscription_invoices_total')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_subscription_invoices_coop_id')),
    sa.ForeignKeyConstraint(['discount_id'], ['discount_codes.id'], name=op.f('fk_subscription_invoices_discount_id')),
    sa.ForeignKeyConstraint(['plan_id'], ['plans.id'], name=op.f('fk_subscription_invoices_plan_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscription_invoices')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_subscription_invoices_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'token', name=op.f('uq_subscription_invoices_coop_id_token')),
    sa.UniqueConstraint('coop_id', 'year', 'number', name=op.f('uq_subscription_invoices_coop_id_year_number'))
    )
    with op.batch_alter_table('subscription_invoices', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_subscription_invoices_coop_id_state'), ['coop_id', 'state'], unique=False)

    op.create_table('subscriptions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('plan_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('period', sa.String(length=5), nullable=False),
    sa.Column('started_on', sa.Date(), nullable=False),
    sa.Column('trial_ends_on', sa.Date(), nullable=False),
    sa.Column('paid_until', sa.Date(), nullable=True),
    sa.Column('anchor_on', sa.Date(), nullable=True),
    sa.Column('next_plan_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('next_period', sa.String(length=5), nullable=True),
    sa.Column('discount_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('discount_left', sa.Integer(), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("period in ('month','year')", name=op.f('ck_subscriptions_period')),
    sa.CheckConstraint("state in ('trial','active','grace','read_only')", name=op.f('ck_subscriptions_state')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_subscriptions_coop_id')),
    sa.ForeignKeyConstraint(['discount_id'], ['discount_codes.id'], name=op.f('fk_subscriptions_discount_id')),
    sa.ForeignKeyConstraint(['next_plan_id'], ['plans.id'], name=op.f('fk_subscriptions_next_plan_id')),
    sa.ForeignKeyConstraint(['plan_id'], ['plans.id'], name=op.f('fk_subscriptions_plan_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscriptions')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_subscriptions_coop_id_id')),
    sa.UniqueConstraint('coop_id', name=op.f('uq_subscriptions_coop_id'))
    )
    op.create_table('support_visits',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('grant_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('path', sa.String(length=200), nullable=False),
    sa.Column('at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['coop_id', 'grant_id'], ['support_grants.coop_id', 'support_grants.id'], name=op.f('fk_support_visits_coop_id_grant_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_support_visits_coop_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_support_visits_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_visits')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_support_visits_coop_id_id'))
    )
    with op.batch_alter_table('support_visits', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_support_visits_coop_id_grant_id'), ['coop_id', 'grant_id'], unique=False)

    op.create_table('ticket_messages',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token', sa.String(length=60), nullable=False),
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('is_answer', sa.Boolean(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('stored_as', sa.String(length=80), nullable=True),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['coop_id', 'ticket_id'], ['tickets.coop_id', 'tickets.id'], name=op.f('fk_ticket_messages_coop_id_ticket_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_ticket_messages_coop_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_ticket_messages_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_messages')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_ticket_messages_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'token', name=op.f('uq_ticket_messages_coop_id_token'))
    )
    with op.batch_alter_table('ticket_messages', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_ticket_messages_coop_id_ticket_id'), ['coop_id', 'ticket_id'], unique=False)

    op.create_table('subscription_payments',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token', sa.String(length=60), nullable=False),
    sa.Column('invoice_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('state', sa.String(length=7), nullable=False),
    sa.Column('amount_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('reference', sa.String(length=60), nullable=True),
    sa.Column('redirect_url', sa.String(length=300), nullable=False),
    sa.Column('paid_on', sa.Date(), nullable=True),
    sa.Column('bank', sa.String(length=60), nullable=False),
    sa.Column('stored_as', sa.String(length=80), nullable=True),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('created_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('decided_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', models.base.Moment(timezone=True), nullable=True),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("kind in ('transfer','gateway')", name=op.f('ck_subscription_payments_kind')),
    sa.CheckConstraint("state in ('waiting','paid','refused')", name=op.f('ck_subscription_payments_state')),
    sa.CheckConstraint('amount_rp > 0', name=op.f('ck_subscription_payments_amount')),
    sa.ForeignKeyConstraint(['coop_id', 'invoice_id'], ['subscription_invoices.coop_id', 'subscription_invoices.id'], name=op.f('fk_subscription_payments_coop_id_invoice_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_subscription_payments_coop_id')),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_subscription_payments_created_by')),
    sa.ForeignKeyConstraint(['decided_by'], ['users.id'], name=op.f('fk_subscription_payments_decided_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscription_payments')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_subscription_payments_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'reference', name=op.f('uq_subscription_payments_coop_id_reference')),
    sa.UniqueConstraint('coop_id', 'token', name=op.f('uq_subscription_payments_coop_id_token'))
    )
    with op.batch_alter_table('subscription_payments', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_subscription_payments_coop_id_invoice_id'), ['coop_id', 'invoice_id'], unique=False)
        batch_op.create_index(op.f('ix_subscription_payments_state'), ['state'], unique=False)

    with op.batch_alter_table('coops', schema=None) as batch_op:
        batch_op.add_column(sa.Column('about', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('is_listed', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('takes_members', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('limits', sa.JSON(), server_default=sa.text("'{}'"), nullable=False))
        batch_op.add_column(sa.Column('read_only_since', models.base.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('needs_second_factor', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('practice_of_id', sa.Integer(), nullable=True))

    with op.batch_alter_table('login_sessions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('waits_for_code', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('support_grant_id', sa.Integer(), nullable=True))

    with op.batch_alter_table('members', schema=None) as batch_op:
        batch_op.add_column(sa.Column('restricted_since', models.base.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('erased_at', models.base.Moment(timezone=True), nullable=True))

    with op.batch_alter_table('notifications', schema=None) as batch_op:
        batch_op.add_column(sa.Column('topic', sa.String(length=20), server_default='', nullable=False))
        batch_op.add_column(sa.Column('mailed', sa.String(length=6), server_default='', nullable=False))
        batch_op.create_index(op.f('ix_notifications_coop_id_mailed'), ['coop_id', 'mailed'], unique=False)

    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.add_column(sa.Column('platform_role', sa.String(length=30), nullable=True))
        batch_op.add_column(sa.Column('email_confirmed_at', models.base.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('totp_cipher', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('totp_since', models.base.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('totp_last_step', sa.Integer(), nullable=True))

    op.execute("UPDATE users SET platform_role = 'operator_platform' WHERE is_operator")
    op.execute("ALTER TABLE users DROP COLUMN is_operator")
    connection = op.get_bind()
    frozen = Path(__file__).with_name(f"0011_{connection.dialect.name}.sql").read_text()
    for statement in frozen.split("\n;;\n"):
        connection.exec_driver_sql(statement)



def downgrade() -> None:
    raise RuntimeError("a revision has no way back; restore a backup")
