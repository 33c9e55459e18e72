"""Files that were booked

Revision ID: 0002
Revises: 0001
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('booked_files',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('bytes_hash', sa.String(length=64), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('booked_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('booked_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['booked_by'], ['users.id'], name=op.f('fk_booked_files_booked_by')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_booked_files_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_booked_files')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_booked_files_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'kind', 'content_hash', name=op.f('uq_booked_files_coop_id_kind_content_hash'))
    )
    with op.batch_alter_table('booked_files', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_booked_files_coop_id_bytes_hash'), ['coop_id', 'bytes_hash'], unique=False)

    connection = op.get_bind()
    frozen = Path(__file__).with_name(f"0002_{connection.dialect.name}.sql").read_text()
    for statement in frozen.split("\n;;\n"):
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    raise RuntimeError("a revision has no way back; restore a backup")
