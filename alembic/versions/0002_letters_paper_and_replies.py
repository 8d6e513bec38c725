"""Letters, paper and replies."""

import sqlalchemy as sa

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batch",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("staff_id", sa.String(length=24), nullable=False),
        sa.Column("town", sa.String(length=80), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("cover", sa.Boolean(), nullable=False),
        sa.Column("file_id", sa.String(length=32), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("downloaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_batch_staff_id", "batch", ["staff_id"])

    op.create_table(
        "correspondence",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("writer_id", sa.String(length=24), nullable=False),
        sa.Column("prisoner_id", sa.String(length=24), nullable=False),
        sa.Column("partner_id", sa.String(length=24), nullable=True),
        sa.Column("return_address_id", sa.String(length=24), nullable=True),
        sa.Column("receipt_hash", sa.String(length=64), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"]),
        sa.ForeignKeyConstraint(["prisoner_id"], ["prisoner.id"]),
        sa.ForeignKeyConstraint(["return_address_id"], ["return_address.id"]),
        sa.ForeignKeyConstraint(["writer_id"], ["writer.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("receipt_hash"),
    )
    op.create_index("ix_correspondence_prisoner_id", "correspondence", ["prisoner_id"])
    op.create_index("ix_correspondence_writer_id", "correspondence", ["writer_id"])

    op.create_table(
        "letter",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("correspondence_id", sa.String(length=24), nullable=False),
        sa.Column("prisoner_id", sa.String(length=24), nullable=False),
        sa.Column("submission_hash", sa.String(length=64), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("held_reason", sa.String(length=24), nullable=True),
        sa.Column("held_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_by", sa.String(length=24), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("gender", sa.String(length=5), nullable=False),
        sa.Column("engines", sa.String(length=8), nullable=False),
        sa.Column("closing_sentence", sa.Boolean(), nullable=False),
        sa.Column("random", sa.Boolean(), nullable=False),
        sa.Column("approval_id", sa.String(length=24), nullable=True),
        sa.Column("rendering_id", sa.String(length=24), nullable=True),
        sa.Column("trouble", sa.String(length=40), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("take_out", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "approval_id is not null or state not in ('answered', 'approved', 'batched', 'posted', 'printed', 'ready', 'returned', 'unknown')",
            name="ck_letter_approved",
        ),
        sa.CheckConstraint("engines in ('outside', 'own', 'none')", name="ck_letter_engines"),
        sa.CheckConstraint("gender in ('she', 'he', 'avoid')", name="ck_letter_gender"),
        sa.CheckConstraint(
            "held_reason in ('in_transfer', 'no_address', 'incomplete_address', 'stale_address', 'no_return_address', 'released', 'dead', 'objected', 'not_writable', 'suspected_abuse', 'unrenderable', 'provider_poison')",
            name="ck_letter_held_reason",
        ),
        sa.CheckConstraint(
            "rendering_id is not null or state not in ('answered', 'batched', 'posted', 'printed', 'ready', 'unknown')",
            name="ck_letter_rendered",
        ),
        sa.CheckConstraint(
            "state in ('received', 'translating', 'in_review', 'needs_changes', 'approved', 'ready', 'batched', 'printed', 'unknown', 'posted', 'answered', 'returned', 'closed', 'refused', 'withdrawn')",
            name="ck_letter_state",
        ),
        sa.ForeignKeyConstraint(
            ["approval_id", "id"],
            ["approval.id", "approval.letter_id"],
            name="fk_letter_approval",
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(["correspondence_id"], ["correspondence.id"]),
        sa.ForeignKeyConstraint(["prisoner_id"], ["prisoner.id"]),
        sa.ForeignKeyConstraint(
            ["rendering_id", "approval_id"],
            ["rendering.id", "rendering.approval_id"],
            name="fk_letter_rendering",
            use_alter=True,
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("submission_hash"),
    )
    op.create_index("ix_letter_correspondence_id", "letter", ["correspondence_id"])
    op.create_index("ix_letter_created_at", "letter", ["created_at"])
    op.create_index("ix_letter_due_at", "letter", ["due_at", "state", "held_reason"])
    op.create_index(
        "ix_letter_held",
        "letter",
        ["held_reason"],
        sqlite_where=sa.text("held_reason is not null"),
        postgresql_where=sa.text("held_reason is not null"),
    )
    op.create_index("ix_letter_prisoner_id", "letter", ["prisoner_id"])
    op.create_index("ix_letter_queue", "letter", ["state", "state_since"])

    op.create_table(
        "notice",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("correspondence_id", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('owed', 'sent', 'failed', 'void')", name="ck_notice_state"),
        sa.ForeignKeyConstraint(["correspondence_id"], ["correspondence.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_notice_correspondence_id", "notice", ["correspondence_id"])
    op.create_index("ix_notice_state", "notice", ["state"])

    op.create_table(
        "reservation",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("prisoner_id", sa.String(length=24), nullable=False),
        sa.Column("writer_id", sa.String(length=24), nullable=True),
        sa.Column("sitting", sa.String(length=24), nullable=False),
        sa.Column("random", sa.Boolean(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("continues_id", sa.String(length=24), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["continues_id"], ["correspondence.id"]),
        sa.ForeignKeyConstraint(["prisoner_id"], ["prisoner.id"]),
        sa.ForeignKeyConstraint(["writer_id"], ["writer.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index("ix_reservation_expires_at", "reservation", ["expires_at"])
    op.create_index("ix_reservation_prisoner_id", "reservation", ["prisoner_id"])
    op.create_index("ix_reservation_sitting", "reservation", ["sitting"])
    op.create_index("ix_reservation_writer_id", "reservation", ["writer_id"])

    op.create_table(
        "posting",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("letter_id", sa.String(length=24), nullable=False),
        sa.Column("batch_id", sa.String(length=24), nullable=True),
        sa.Column("staff_id", sa.String(length=24), nullable=True),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("cost_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("tracking_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"]),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_posting_letter_id", "posting", ["letter_id"])
    op.create_index(
        "ix_posting_month", "posting", ["posted_on", "currency", "cost_cents", "undone_at"]
    )

    op.create_table(
        "reply",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("letter_id", sa.String(length=24), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=24), nullable=True),
        sa.Column("danger_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asks_for_help", sa.Boolean(), nullable=False),
        sa.Column("trouble", sa.String(length=40), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "letter_id is not null or state in ('scanned', 'unclaimed', 'closed')",
            name="ck_reply_matched",
        ),
        sa.CheckConstraint(
            "state in ('scanned', 'matched', 'transcribed', 'translating', 'in_review', 'forwarded', 'read', 'withheld', 'unclaimed', 'closed')",
            name="ck_reply_state",
        ),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"]),
        sa.ForeignKeyConstraint(["uploaded_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_reply_due_at", "reply", ["due_at"])
    op.create_index("ix_reply_letter_id", "reply", ["letter_id"])
    op.create_index("ix_reply_queue", "reply", ["state", "state_since"])

    op.create_table(
        "revision",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("letter_id", sa.String(length=24), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=8), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("engine", sa.String(length=40), nullable=True),
        sa.Column("staff_id", sa.String(length=24), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("signature_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "origin in ('writer', 'engine', 'translator', 'reviewer')", name="ck_revision_origin"
        ),
        sa.CheckConstraint("part in ('original', 'russian')", name="ck_revision_part"),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("id", "letter_id", name="uq_revision_letter"),
        sa.UniqueConstraint("letter_id", "seq", name="uq_revision_seq"),
    )

    op.create_table(
        "approval",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("letter_id", sa.String(length=24), nullable=False),
        sa.Column("revision_id", sa.String(length=24), nullable=False),
        sa.Column("placement_id", sa.String(length=24), nullable=False),
        sa.Column("staff_id", sa.String(length=24), nullable=False),
        sa.Column("carried_from_id", sa.String(length=24), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["carried_from_id"], ["approval.id"]),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"]),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"]),
        sa.ForeignKeyConstraint(
            ["revision_id", "letter_id"],
            ["revision.id", "revision.letter_id"],
            name="fk_approval_revision",
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("id", "letter_id", name="uq_approval_letter"),
        sa.UniqueConstraint("letter_id", "revision_id", "placement_id", name="uq_approval_once"),
    )

    op.create_table(
        "reply_text",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("reply_id", sa.String(length=24), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=12), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("engine", sa.String(length=40), nullable=True),
        sa.Column("staff_id", sa.String(length=24), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("part in ('transcript', 'translation')", name="ck_reply_text_part"),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("reply_id", "seq", name="uq_reply_text_seq"),
    )

    op.create_table(
        "scan",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("reply_id", sa.String(length=24), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.String(length=32), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("reply_id", "page", name="uq_scan_page"),
    )

    op.create_table(
        "rendering",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("letter_id", sa.String(length=24), nullable=False),
        sa.Column("approval_id", sa.String(length=24), nullable=False),
        sa.Column("return_address_id", sa.String(length=24), nullable=True),
        sa.Column("file_id", sa.String(length=32), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["approval_id", "letter_id"],
            ["approval.id", "approval.letter_id"],
            name="fk_rendering_approval",
        ),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"]),
        sa.ForeignKeyConstraint(["return_address_id"], ["return_address.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("id", "approval_id", name="uq_rendering_approval"),
    )
    op.create_index("ix_rendering_letter_id", "rendering", ["letter_id"])

    op.create_table(
        "batch_item",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("batch_id", sa.String(length=24), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.String(length=24), nullable=False),
        sa.Column("rendering_id", sa.String(length=24), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"]),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"]),
        sa.ForeignKeyConstraint(["rendering_id"], ["rendering.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("batch_id", "position", name="uq_batch_item_position"),
    )
    op.create_index(
        "uq_batch_item_live",
        "batch_item",
        ["letter_id"],
        unique=True,
        sqlite_where=sa.text("left_at is null"),
        postgresql_where=sa.text("left_at is null"),
    )

    # A letter and its approval refer to each other; SQLite declares this with the table itself.
    if op.get_bind().dialect.name == "postgresql":
        op.create_foreign_key(
            "fk_letter_approval", "letter", "approval", ["approval_id", "id"], ["id", "letter_id"]
        )
        op.create_foreign_key(
            "fk_letter_rendering",
            "letter",
            "rendering",
            ["rendering_id", "approval_id"],
            ["id", "approval_id"],
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_letter_rendering", "letter")
        op.drop_constraint("fk_letter_approval", "letter")
    op.drop_table("batch_item")
    op.drop_table("rendering")
    op.drop_table("scan")
    op.drop_table("reply_text")
    op.drop_table("approval")
    op.drop_table("revision")
    op.drop_table("reply")
    op.drop_table("posting")
    op.drop_table("reservation")
    op.drop_table("notice")
    op.drop_table("letter")
    op.drop_table("correspondence")
    op.drop_table("batch")
