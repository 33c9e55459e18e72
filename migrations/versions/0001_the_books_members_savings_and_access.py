"""The books, members, savings and access

Revision ID: 0001
Revises: 
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('coops',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('slug', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('chart_name', sa.String(length=40), nullable=False),
    sa.Column('legal_no', sa.String(length=60), nullable=False),
    sa.Column('nik_koperasi', sa.String(length=30), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('city', sa.String(length=60), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('email', sa.String(length=120), nullable=False),
    sa.Column('zone', sa.String(length=4), nullable=False),
    sa.Column('chair_name', sa.String(length=80), nullable=False),
    sa.Column('secretary_name', sa.String(length=80), nullable=False),
    sa.Column('treasurer_name', sa.String(length=80), nullable=False),
    sa.Column('logo_file', sa.String(length=80), nullable=True),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.Column('books_start_on', sa.Date(), nullable=True),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.CheckConstraint("zone in ('WIB','WITA','WIT')", name=op.f('ck_coops_zone')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coops')),
    sa.UniqueConstraint('public_id', name=op.f('uq_coops_public_id')),
    sa.UniqueConstraint('slug', name=op.f('uq_coops_slug'))
    )
    op.create_table('sign_in_attempts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account', sa.String(length=64), nullable=False),
    sa.Column('ip', sa.String(length=45), nullable=False),
    sa.Column('at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('succeeded', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_attempts'))
    )
    with op.batch_alter_table('sign_in_attempts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_attempts_account_at'), ['account', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_sign_in_attempts_ip_at'), ['ip', 'at'], unique=False)

    op.create_table('users',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('username', sa.String(length=64), nullable=False),
    sa.Column('email', sa.String(length=120), nullable=True),
    sa.Column('full_name', sa.String(length=120), nullable=False),
    sa.Column('password_hash', sa.String(length=255), nullable=True),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('is_operator', sa.Boolean(), nullable=False),
    sa.Column('token_epoch', sa.Integer(), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('last_sign_in_at', models.base.Moment(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('email', name=op.f('uq_users_email')),
    sa.UniqueConstraint('username', name=op.f('uq_users_username'))
    )
    op.create_table('accounts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('type', sa.String(length=10), nullable=False),
    sa.Column('normal_balance', sa.String(length=6), nullable=False),
    sa.Column('is_header', sa.Boolean(), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=120), nullable=False),
    sa.Column('cash_flow', sa.String(length=12), nullable=True),
    sa.Column('statement_line', sa.String(length=40), nullable=True),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("normal_balance in ('debit','credit')", name=op.f('ck_accounts_normal_balance')),
    sa.CheckConstraint("type in ('asset','liability','equity','income','expense')", name=op.f('ck_accounts_type')),
    sa.ForeignKeyConstraint(['coop_id', 'parent_id'], ['accounts.coop_id', 'accounts.id'], name=op.f('fk_accounts_coop_id_parent_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_accounts_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accounts')),
    sa.UniqueConstraint('coop_id', 'code', name=op.f('uq_accounts_coop_id_code')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_accounts_coop_id_id'))
    )
    op.create_table('approval_requests',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('subject', sa.String(length=80), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('payload_hash', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('requested_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('requested_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('decided_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', models.base.Moment(timezone=True), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("state in ('pending','approved','rejected','expired')", name=op.f('ck_approval_requests_state')),
    sa.CheckConstraint('decided_by is null or decided_by <> requested_by', name=op.f('ck_approval_requests_four_eyes')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_approval_requests_coop_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['users.id'], name=op.f('fk_approval_requests_decided_by')),
    sa.ForeignKeyConstraint(['requested_by'], ['users.id'], name=op.f('fk_approval_requests_requested_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval_requests')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_approval_requests_coop_id_id'))
    )
    with op.batch_alter_table('approval_requests', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_approval_requests_coop_id_state'), ['coop_id', 'state'], unique=False)
        batch_op.create_index('uq_approval_requests_pending_subject', ['coop_id', 'subject'], unique=True, sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))

    op.create_table('audit_records',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('action', sa.String(length=60), nullable=False),
    sa.Column('subject', sa.String(length=80), nullable=False),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.Column('prev_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_audit_records_coop_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_audit_records_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_records')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_audit_records_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'seq', name=op.f('uq_audit_records_coop_id_seq'))
    )
    with op.batch_alter_table('audit_records', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_records_coop_id_subject'), ['coop_id', 'subject'], unique=False)

    op.create_table('journal_entries',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('booked_on', sa.Date(), nullable=False),
    sa.Column('memo', sa.String(length=250), nullable=False),
    sa.Column('voucher_no', sa.String(length=60), nullable=False),
    sa.Column('source', sa.String(length=160), nullable=False),
    sa.Column('reverses_seq', sa.Integer(), nullable=True),
    sa.Column('total_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('posted_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('posted_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('prev_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['coop_id', 'reverses_seq'], ['journal_entries.coop_id', 'journal_entries.seq'], name=op.f('fk_journal_entries_coop_id_reverses_seq')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_journal_entries_coop_id')),
    sa.ForeignKeyConstraint(['posted_by'], ['users.id'], name=op.f('fk_journal_entries_posted_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_journal_entries')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_journal_entries_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'reverses_seq', name=op.f('uq_journal_entries_coop_id_reverses_seq')),
    sa.UniqueConstraint('coop_id', 'seq', name=op.f('uq_journal_entries_coop_id_seq')),
    sa.UniqueConstraint('coop_id', 'source', name=op.f('uq_journal_entries_coop_id_source')),
    sa.UniqueConstraint('coop_id', 'year', 'number', name=op.f('uq_journal_entries_coop_id_year_number'))
    )
    with op.batch_alter_table('journal_entries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_journal_entries_coop_id_booked_on'), ['coop_id', 'booked_on'], unique=False)

    op.create_table('login_sessions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('seen_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('expires_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('revoked_at', models.base.Moment(timezone=True), nullable=True),
    sa.Column('ip', sa.String(length=45), nullable=False),
    sa.Column('agent', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_login_sessions_coop_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_login_sessions_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login_sessions')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_login_sessions_token_hash'))
    )
    with op.batch_alter_table('login_sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_login_sessions_user_id'), ['user_id'], unique=False)

    op.create_table('members',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('nip', sa.String(length=30), nullable=True),
    sa.Column('nik_cipher', sa.LargeBinary(), nullable=True),
    sa.Column('nik_index', sa.String(length=64), nullable=True),
    sa.Column('nik_masked', sa.String(length=20), nullable=False),
    sa.Column('birth_place', sa.String(length=60), nullable=False),
    sa.Column('birth_on', sa.Date(), nullable=True),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('employer', sa.String(length=80), nullable=False),
    sa.Column('work_unit', sa.String(length=80), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('email', sa.String(length=120), nullable=False),
    sa.Column('bank_name', sa.String(length=60), nullable=False),
    sa.Column('bank_account_cipher', sa.LargeBinary(), nullable=True),
    sa.Column('bank_account_masked', sa.String(length=30), nullable=False),
    sa.Column('voluntary_deduction_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('applied_on', sa.Date(), nullable=False),
    sa.Column('joined_on', sa.Date(), nullable=True),
    sa.Column('left_on', sa.Date(), nullable=True),
    sa.Column('state_reason', sa.String(length=200), nullable=False),
    sa.Column('card_token', sa.String(length=43), nullable=False),
    sa.Column('created_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("state <> 'active' or number is not null", name=op.f('ck_members_active_has_number')),
    sa.CheckConstraint("state in ('applied','active','left','rejected')", name=op.f('ck_members_state')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_members_coop_id')),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_members_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_members')),
    sa.UniqueConstraint('card_token', name=op.f('uq_members_card_token')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_members_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'nik_index', name=op.f('uq_members_coop_id_nik_index')),
    sa.UniqueConstraint('coop_id', 'number', name=op.f('uq_members_coop_id_number')),
    sa.UniqueConstraint('public_id', name=op.f('uq_members_public_id'))
    )
    with op.batch_alter_table('members', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_members_coop_id_name'), ['coop_id', 'name'], unique=False)
        batch_op.create_index(batch_op.f('ix_members_coop_id_nip'), ['coop_id', 'nip'], unique=False)

    op.create_table('one_time_links',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('expires_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('used_at', models.base.Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_one_time_links_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_one_time_links')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_one_time_links_token_hash'))
    )
    op.create_table('periods',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=6), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("state in ('open','closed','locked')", name=op.f('ck_periods_state')),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_periods_order')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_periods_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_periods')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_periods_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'starts_on', name=op.f('uq_periods_coop_id_starts_on'))
    )
    op.create_table('role_grants',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('role', sa.String(length=30), nullable=False),
    sa.Column('granted_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('granted_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_role_grants_coop_id')),
    sa.ForeignKeyConstraint(['granted_by'], ['users.id'], name=op.f('fk_role_grants_granted_by')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_role_grants_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grants')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_role_grants_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'user_id', 'role', name=op.f('uq_role_grants_coop_id_user_id_role'))
    )
    with op.batch_alter_table('role_grants', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_role_grants_user_id'), ['user_id'], unique=False)

    op.create_table('units',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('is_default', sa.Boolean(), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_units_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_units')),
    sa.UniqueConstraint('coop_id', 'code', name=op.f('uq_units_coop_id_code')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_units_coop_id_id'))
    )
    op.create_table('account_months',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('month_on', sa.Date(), nullable=False),
    sa.Column('debit_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('credit_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['coop_id', 'account_id'], ['accounts.coop_id', 'accounts.id'], name=op.f('fk_account_months_coop_id_account_id')),
    sa.ForeignKeyConstraint(['coop_id', 'unit_id'], ['units.coop_id', 'units.id'], name=op.f('fk_account_months_coop_id_unit_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_account_months_coop_id')),
    sa.PrimaryKeyConstraint('coop_id', 'account_id', 'unit_id', 'month_on', name=op.f('pk_account_months')),
    sqlite_with_rowid=False
    )
    op.create_table('account_roles',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('role', sa.String(length=40), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['coop_id', 'account_id'], ['accounts.coop_id', 'accounts.id'], name=op.f('fk_account_roles_coop_id_account_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_account_roles_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_roles')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_account_roles_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'role', name=op.f('uq_account_roles_coop_id_role'))
    )
    op.create_table('coop_users',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=True),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['coop_id', 'member_id'], ['members.coop_id', 'members.id'], name=op.f('fk_coop_users_coop_id_member_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_coop_users_coop_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_coop_users_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coop_users')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_coop_users_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'member_id', name=op.f('uq_coop_users_coop_id_member_id')),
    sa.UniqueConstraint('coop_id', 'user_id', name=op.f('uq_coop_users_coop_id_user_id'))
    )
    with op.batch_alter_table('coop_users', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_coop_users_user_id'), ['user_id'], unique=False)

    op.create_table('journal_lines',
    sa.Column('entry_seq', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('booked_on', sa.Date(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=True),
    sa.Column('debit_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('credit_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('memo', sa.String(length=250), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('debit_rp >= 0 and credit_rp >= 0 and (debit_rp = 0) <> (credit_rp = 0)', name=op.f('ck_journal_lines_one_side')),
    sa.ForeignKeyConstraint(['coop_id', 'account_id'], ['accounts.coop_id', 'accounts.id'], name=op.f('fk_journal_lines_coop_id_account_id')),
    sa.ForeignKeyConstraint(['coop_id', 'entry_seq'], ['journal_entries.coop_id', 'journal_entries.seq'], name=op.f('fk_journal_lines_coop_id_entry_seq'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['coop_id', 'member_id'], ['members.coop_id', 'members.id'], name=op.f('fk_journal_lines_coop_id_member_id')),
    sa.ForeignKeyConstraint(['coop_id', 'unit_id'], ['units.coop_id', 'units.id'], name=op.f('fk_journal_lines_coop_id_unit_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_journal_lines_coop_id')),
    sa.PrimaryKeyConstraint('coop_id', 'entry_seq', 'position', name=op.f('pk_journal_lines')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('journal_lines', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_journal_lines_coop_id_account_id_booked_on'), ['coop_id', 'account_id', 'booked_on'], unique=False)
        batch_op.create_index('ix_journal_lines_member', ['coop_id', 'member_id', 'booked_on'], unique=False, sqlite_where=sa.text('member_id is not null'), postgresql_where=sa.text('member_id is not null'))

    op.create_table('opening_loans',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('principal_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('term_months', sa.Integer(), nullable=False),
    sa.Column('installments_paid', sa.Integer(), nullable=False),
    sa.Column('outstanding_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('outstanding_rp >= 0 and outstanding_rp <= principal_rp', name=op.f('ck_opening_loans_amounts')),
    sa.ForeignKeyConstraint(['coop_id', 'member_id'], ['members.coop_id', 'members.id'], name=op.f('fk_opening_loans_coop_id_member_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_opening_loans_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opening_loans')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_opening_loans_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'member_id', name=op.f('uq_opening_loans_coop_id_member_id'))
    )
    op.create_table('receipts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=43), nullable=False),
    sa.Column('source', sa.String(length=160), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('entry_seq', sa.Integer(), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('issued_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('issued_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('is_payment_in', sa.Boolean(), nullable=False),
    sa.Column('purpose', sa.String(length=200), nullable=False),
    sa.Column('amount_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('balance_after_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('printed', sa.Integer(), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['coop_id', 'entry_seq'], ['journal_entries.coop_id', 'journal_entries.seq'], name=op.f('fk_receipts_coop_id_entry_seq')),
    sa.ForeignKeyConstraint(['coop_id', 'member_id'], ['members.coop_id', 'members.id'], name=op.f('fk_receipts_coop_id_member_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_receipts_coop_id')),
    sa.ForeignKeyConstraint(['issued_by'], ['users.id'], name=op.f('fk_receipts_issued_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_receipts')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_receipts_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'source', name=op.f('uq_receipts_coop_id_source')),
    sa.UniqueConstraint('coop_id', 'year', 'number', name=op.f('uq_receipts_coop_id_year_number')),
    sa.UniqueConstraint('token', name=op.f('uq_receipts_token'))
    )
    op.create_table('savings_products',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('amount_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('minimum_balance_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("kind in ('share','mandatory','voluntary')", name=op.f('ck_savings_products_kind')),
    sa.CheckConstraint('amount_rp >= 0 and minimum_balance_rp >= 0', name=op.f('ck_savings_products_amounts')),
    sa.ForeignKeyConstraint(['coop_id', 'account_id'], ['accounts.coop_id', 'accounts.id'], name=op.f('fk_savings_products_coop_id_account_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_savings_products_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_savings_products')),
    sa.UniqueConstraint('coop_id', 'code', name=op.f('uq_savings_products_coop_id_code')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_savings_products_coop_id_id'))
    )
    op.create_table('savings_accounts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('balance_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('balance_rp >= 0', name=op.f('ck_savings_accounts_balance')),
    sa.ForeignKeyConstraint(['coop_id', 'member_id'], ['members.coop_id', 'members.id'], name=op.f('fk_savings_accounts_coop_id_member_id')),
    sa.ForeignKeyConstraint(['coop_id', 'product_id'], ['savings_products.coop_id', 'savings_products.id'], name=op.f('fk_savings_accounts_coop_id_product_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_savings_accounts_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_savings_accounts')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_savings_accounts_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'member_id', 'product_id', name=op.f('uq_savings_accounts_coop_id_member_id_product_id'))
    )
    op.create_table('savings_bills',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('month_on', sa.Date(), nullable=False),
    sa.Column('amount_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('paid_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('is_waived', sa.Boolean(), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('amount_rp > 0 and paid_rp >= 0 and paid_rp <= amount_rp', name=op.f('ck_savings_bills_amounts')),
    sa.ForeignKeyConstraint(['coop_id', 'member_id'], ['members.coop_id', 'members.id'], name=op.f('fk_savings_bills_coop_id_member_id')),
    sa.ForeignKeyConstraint(['coop_id', 'product_id'], ['savings_products.coop_id', 'savings_products.id'], name=op.f('fk_savings_bills_coop_id_product_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_savings_bills_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_savings_bills')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_savings_bills_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'member_id', 'product_id', 'month_on', name=op.f('uq_savings_bills_coop_id_member_id_product_id_month_on'))
    )
    with op.batch_alter_table('savings_bills', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_savings_bills_coop_id_month_on'), ['coop_id', 'month_on'], unique=False)

    op.create_table('savings_movements',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('booked_on', sa.Date(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('amount_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('memo', sa.String(length=200), nullable=False),
    sa.Column('source', sa.String(length=160), nullable=False),
    sa.Column('entry_seq', sa.Integer(), nullable=True),
    sa.Column('created_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("entry_seq is not null or kind = 'opening'", name=op.f('ck_savings_movements_entry')),
    sa.CheckConstraint("kind in ('opening','deposit','withdrawal','exit','reversal')", name=op.f('ck_savings_movements_kind')),
    sa.CheckConstraint('amount_rp <> 0', name=op.f('ck_savings_movements_amount')),
    sa.ForeignKeyConstraint(['coop_id', 'account_id'], ['savings_accounts.coop_id', 'savings_accounts.id'], name=op.f('fk_savings_movements_coop_id_account_id')),
    sa.ForeignKeyConstraint(['coop_id', 'entry_seq'], ['journal_entries.coop_id', 'journal_entries.seq'], name=op.f('fk_savings_movements_coop_id_entry_seq')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_savings_movements_coop_id')),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_savings_movements_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_savings_movements')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_savings_movements_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'source', name=op.f('uq_savings_movements_coop_id_source'))
    )
    with op.batch_alter_table('savings_movements', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_savings_movements_coop_id_account_id_booked_on'), ['coop_id', 'account_id', 'booked_on'], unique=False)

    connection = op.get_bind()
    frozen = Path(__file__).with_name(f"0001_{connection.dialect.name}.sql").read_text()
    for statement in frozen.split("\n;;\n"):
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    raise RuntimeError("the first revision has no way back; restore a backup")
