"""Installments paid by transfer

Revision ID: 0006
Revises: 0005
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('coops', sa.Column('transfer_to', sa.String(length=120), nullable=False, server_default=''))
    op.create_table('loan_transfers',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token', sa.String(length=60), nullable=False),
    sa.Column('loan_id', sa.Integer(), nullable=False),
    sa.Column('amount_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('paid_on', sa.Date(), nullable=False),
    sa.Column('bank', sa.String(length=60), nullable=False),
    sa.Column('sender', sa.String(length=80), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('stored_as', sa.String(length=60), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=9), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('booked_rp', models.base.RupiahColumn(), nullable=True),
    sa.Column('booked_on', sa.Date(), nullable=True),
    sa.Column('receipt_id', sa.Integer(), nullable=True),
    sa.Column('created_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('decided_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', models.base.Moment(timezone=True), nullable=True),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("(state = 'booked') = (receipt_id is not null) and (state = 'booked') = (booked_rp is not null) and (state = 'booked') = (booked_on is not null)", name=op.f('ck_loan_transfers_booked')),
    sa.CheckConstraint("state in ('waiting','booked','rejected','cancelled')", name=op.f('ck_loan_transfers_state')),
    sa.CheckConstraint('amount_rp > 0 and (booked_rp is null or booked_rp > 0)', name=op.f('ck_loan_transfers_amounts')),
    sa.CheckConstraint('decided_by is null or decided_by <> created_by', name=op.f('ck_loan_transfers_four_eyes')),
    sa.ForeignKeyConstraint(['coop_id', 'loan_id'], ['loans.coop_id', 'loans.id'], name=op.f('fk_loan_transfers_coop_id_loan_id')),
    sa.ForeignKeyConstraint(['coop_id', 'receipt_id'], ['receipts.coop_id', 'receipts.id'], name=op.f('fk_loan_transfers_coop_id_receipt_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_loan_transfers_coop_id')),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_loan_transfers_created_by')),
    sa.ForeignKeyConstraint(['decided_by'], ['users.id'], name=op.f('fk_loan_transfers_decided_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_loan_transfers')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_loan_transfers_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'receipt_id', name=op.f('uq_loan_transfers_coop_id_receipt_id')),
    sa.UniqueConstraint('coop_id', 'stored_as', name=op.f('uq_loan_transfers_coop_id_stored_as')),
    sa.UniqueConstraint('coop_id', 'token', name=op.f('uq_loan_transfers_coop_id_token'))
    )
    with op.batch_alter_table('loan_transfers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_loan_transfers_coop_id_digest'), ['coop_id', 'digest'], unique=False)
        batch_op.create_index(batch_op.f('ix_loan_transfers_coop_id_loan_id'), ['coop_id', 'loan_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loan_transfers_coop_id_state'), ['coop_id', 'state'], unique=False)

    connection = op.get_bind()
    frozen = Path(__file__).with_name(f"0006_{connection.dialect.name}.sql").read_text()
    for statement in frozen.split("\n;;\n"):
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    raise RuntimeError("a revision has no way back; restore a backup")
