"""Runs of imports

Revision ID: 0003
Revises: 0002
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('import_runs',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('label', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('progress_done', sa.Integer(), nullable=False),
    sa.Column('progress_total', sa.Integer(), nullable=False),
    sa.Column('message', sa.String(length=500), nullable=False),
    sa.Column('files', sa.JSON(), nullable=False),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.Column('preview', sa.JSON(), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('result', sa.JSON(), nullable=False),
    sa.Column('created_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('booked_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('finished_at', models.base.Moment(timezone=True), nullable=True),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("state in ('uploaded','reading','previewed','refused','booking','booked','failed','cancelled')", name=op.f('ck_import_runs_state')),
    sa.CheckConstraint('progress_done >= 0 and progress_done <= progress_total', name=op.f('ck_import_runs_progress')),
    sa.ForeignKeyConstraint(['booked_by'], ['users.id'], name=op.f('fk_import_runs_booked_by')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_import_runs_coop_id')),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_import_runs_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_runs')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_import_runs_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'token', name=op.f('uq_import_runs_coop_id_token'))
    )
    with op.batch_alter_table('import_runs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_runs_state'), ['state'], unique=False)

    connection = op.get_bind()
    frozen = Path(__file__).with_name(f"0003_{connection.dialect.name}.sql").read_text()
    for statement in frozen.split("\n;;\n"):
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    raise RuntimeError("a revision has no way back; restore a backup")
