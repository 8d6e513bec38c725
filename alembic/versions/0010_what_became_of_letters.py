"""Of each letter the day it was last posted, and how many replies came: for the desks' lists."""

import sqlalchemy as sa

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letter", sa.Column("posted_on", sa.Date(), nullable=True))
    op.add_column(
        "letter", sa.Column("replies", sa.Integer(), nullable=False, server_default=sa.text("0"))
    )
    op.execute(
        "update letter set posted_on = (select max(posting.posted_on) from posting"
        " where posting.letter_id = letter.id and posting.undone_at is null)"
        " where exists (select 1 from posting where posting.letter_id = letter.id)"
    )
    op.execute(
        "update letter set replies ="
        " (select count(*) from reply where reply.letter_id = letter.id)"
        " where exists (select 1 from reply where reply.letter_id = letter.id)"
    )
    op.drop_index("ix_letter_prisoner_id", "letter")
    op.create_index("ix_letter_of_person", "letter", ["prisoner_id", "posted_on", "counted"])
    op.create_index(
        "ix_letter_answered",
        "letter",
        ["prisoner_id", "replies"],
        sqlite_where=sa.text("replies > 0"),
        postgresql_where=sa.text("replies > 0"),
    )
    op.create_index(
        "ix_letter_trouble",
        "letter",
        ["state", "trouble", "next_try_at"],
        sqlite_where=sa.text("trouble is not null"),
        postgresql_where=sa.text("trouble is not null"),
    )


def downgrade() -> None:
    op.drop_index("ix_letter_trouble", "letter")
    op.drop_index("ix_letter_answered", "letter")
    op.drop_index("ix_letter_of_person", "letter")
    op.create_index("ix_letter_prisoner_id", "letter", ["prisoner_id"])
    op.drop_column("letter", "replies")
    op.drop_column("letter", "posted_on")
