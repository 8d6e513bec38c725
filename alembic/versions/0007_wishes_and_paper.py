"""What people wish beside letters, and what paper a place lets through."""

import sqlalchemy as sa

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "prisoner",
        sa.Column("identity_hidden", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "prisoner",
        sa.Column("languages_read", sa.String(length=60), nullable=False, server_default=""),
    )
    # In words of our own: SQLite takes a new column with its constraint in this form alone.
    op.execute(
        "ALTER TABLE facility ADD COLUMN paper_style VARCHAR(8) DEFAULT 'lined' NOT NULL"
        " CONSTRAINT ck_facility_paper_style CHECK (paper_style IN ('lined', 'blank'))"
    )


def downgrade() -> None:
    op.drop_column("facility", "paper_style")
    op.drop_column("prisoner", "languages_read")
    op.drop_column("prisoner", "identity_hidden")
