"""The wish to be named in public also while nobody can write, and what follows from it."""

import sqlalchemy as sa

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nobody has told us such a wish yet: whoever is not shown stays so.
    for name in ("may_be_named", "named"):
        op.add_column(
            "prisoner",
            sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()),
        )
    op.add_column("prisoner", sa.Column("status_since", sa.Date(), nullable=True))


def downgrade() -> None:
    for name in ("status_since", "named", "may_be_named"):
        op.drop_column("prisoner", name)
