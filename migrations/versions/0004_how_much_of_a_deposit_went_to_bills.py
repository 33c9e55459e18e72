"""How much of a deposit went to bills

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('savings_movements', sa.Column('billed_rp', models.base.RupiahColumn(), nullable=True))


def downgrade() -> None:
    raise RuntimeError("no way back; restore a backup")
