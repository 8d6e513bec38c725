"""The database refuses that somebody hidden may be given to whoever asks for the next person."""

import sqlalchemy as sa

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NAME = "ck_prisoner_hidden_not_eligible"


def upgrade() -> None:
    # Hidden says that somebody must not be given; the other column only that they once might.
    op.execute("update prisoner set eligible = false where hidden and eligible")
    with op.batch_alter_table("prisoner") as table:
        table.create_check_constraint(NAME, sa.text("not (hidden and eligible)"))


def downgrade() -> None:
    with op.batch_alter_table("prisoner") as table:
        table.drop_constraint(NAME, type_="check")
