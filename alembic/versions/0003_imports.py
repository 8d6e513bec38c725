"""Imports."""

import sqlalchemy as sa

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_answer",
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("topic", sa.String(length=24), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=24), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "topic", "key"),
    )

    op.create_table(
        "import_run",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_by", sa.String(length=24), nullable=True),
        sa.CheckConstraint(
            "state in ('planned', 'applying', 'applied', 'superseded')", name="ck_import_run_state"
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_import_run_source", "import_run", ["source"])

    op.create_table(
        "source_id",
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("target_id", sa.String(length=24), nullable=False),
        sa.Column("gone_on", sa.Date(), nullable=True),
        sa.CheckConstraint("subject in ('prisoner', 'facility')", name="ck_source_id_subject"),
        sa.PrimaryKeyConstraint("source", "subject", "key"),
    )
    op.create_index("ix_source_id_target_id", "source_id", ["target_id"])

    op.create_table(
        "import_line",
        sa.Column("run_id", sa.String(length=24), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("topic", sa.String(length=24), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("target_id", sa.String(length=24), nullable=True),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "kind in ('new', 'changed', 'gone', 'doubtful', 'unreadable')",
            name="ck_import_line_kind",
        ),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"]),
        sa.PrimaryKeyConstraint("run_id", "position"),
    )
    op.create_index("ix_import_line_kind", "import_line", ["run_id", "kind", "topic", "position"])


def downgrade() -> None:
    op.drop_table("import_line")
    op.drop_table("source_id")
    op.drop_table("import_run")
    op.drop_table("import_answer")
