"""The day on which somebody comes out, where it is known."""

import sqlalchemy as sa

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nobody has told us such a day yet: sentences go on telling about when.
    op.add_column("prisoner", sa.Column("release_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("prisoner", "release_on")
