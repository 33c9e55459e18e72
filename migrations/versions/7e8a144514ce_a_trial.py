"""a trial

Revision ID: 7e8a144514ce
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = '7e8a144514ce'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    raise RuntimeError("a revision has no way back; restore a backup")
