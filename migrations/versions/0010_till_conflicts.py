"""Sales of the till that wait for a person

Revision ID: 0010
Revises: 0009
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('till_conflicts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token', sa.String(length=60), nullable=False),
    sa.Column('shift_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=7), nullable=False),
    sa.Column('sale', sa.JSON(), nullable=False),
    sa.Column('amount_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('pay_by', sa.String(length=8), nullable=False),
    sa.Column('sold_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('decided_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', models.base.Moment(timezone=True), nullable=True),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("(state = 'done') = (order_id is not null)", name=op.f('ck_till_conflicts_booked')),
    sa.CheckConstraint("state in ('waiting','done','dropped')", name=op.f('ck_till_conflicts_state')),
    sa.CheckConstraint('amount_rp > 0', name=op.f('ck_till_conflicts_amount')),
    sa.ForeignKeyConstraint(['coop_id', 'order_id'], ['orders.coop_id', 'orders.id'], name=op.f('fk_till_conflicts_coop_id_order_id')),
    sa.ForeignKeyConstraint(['coop_id', 'shift_id'], ['till_shifts.coop_id', 'till_shifts.id'], name=op.f('fk_till_conflicts_coop_id_shift_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_till_conflicts_coop_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['users.id'], name=op.f('fk_till_conflicts_decided_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_till_conflicts')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_till_conflicts_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'token', name=op.f('uq_till_conflicts_coop_id_token'))
    )
    with op.batch_alter_table('till_conflicts', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_till_conflicts_coop_id_state'), ['coop_id', 'state'], unique=False)

    connection = op.get_bind()
    frozen = Path(__file__).with_name(f"0010_{connection.dialect.name}.sql").read_text()
    for statement in frozen.split("\n;;\n"):
        connection.exec_driver_sql(statement)




def downgrade() -> None:
    raise RuntimeError("a revision has no way back; restore a backup")
