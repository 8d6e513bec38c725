"""What people are found by."""

import sqlalchemy as sa

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person_index",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("prisoner_id", sa.String(length=24), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("sort_name", sa.String(length=250), nullable=False),
        sa.Column("facets", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("prisoner_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_person_index_version", "person_index", ["version"])

    op.create_table(
        "person_word",
        sa.Column("field", sa.String(length=4), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("field", "word", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_person_word_number", "person_word", ["number"])

    op.create_table(
        "word_trigram",
        sa.Column("trigram", sa.String(length=41), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("trigram", "word"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("word_trigram")
    op.drop_table("person_word")
    op.drop_table("person_index")
