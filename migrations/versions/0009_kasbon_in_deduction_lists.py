"""Kasbon in deduction lists

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    zero = sa.text('0')
    op.add_column('payroll_lines', sa.Column('store_rp', models.base.RupiahColumn(), server_default=zero, nullable=False))


def downgrade() -> None:
    raise RuntimeError("a revision has no way back; restore a backup")
