"""People, places, staff and the record."""

import sqlalchemy as sa

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alarm",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=24), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_alarm_kind", "alarm", ["kind"])
    op.create_index("ix_alarm_settled_at", "alarm", ["settled_at"])

    op.create_table(
        "facility",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("name_ru", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("settlement", sa.String(length=120), nullable=False),
        sa.Column("district", sa.String(length=120), nullable=False),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("postal_code", sa.String(length=6), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("codes_allowed", sa.Boolean(), nullable=True),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("provenance", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('remand_prison', 'penal_colony', 'strict_colony', 'prison', 'colony_settlement', 'hospital', 'juvenile')",
            name="ck_facility_kind",
        ),
        sa.PrimaryKeyConstraint("id"),
    )

    op.create_table(
        "installation",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("value_sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )

    op.create_table(
        "limit_bucket",
        sa.Column("bucket", sa.String(length=100), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bucket"),
    )

    op.create_table(
        "note",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )

    op.create_table(
        "partner",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        sa.UniqueConstraint("token_hash"),
    )

    op.create_table(
        "prisoner",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("surname", sa.String(length=80), nullable=False),
        sa.Column("given_name", sa.String(length=80), nullable=False),
        sa.Column("patronymic", sa.String(length=80), nullable=True),
        sa.Column("has_patronymic", sa.Boolean(), nullable=False),
        sa.Column("latin_name", sa.String(length=160), nullable=False),
        sa.Column("search_name", sa.String(length=400), nullable=False),
        sa.Column("gender", sa.String(length=4), nullable=False),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("birthday", sa.Date(), nullable=True),
        sa.Column("dative_name", sa.String(length=200), nullable=True),
        sa.Column("dative_confirmed", sa.Boolean(), nullable=False),
        sa.Column("origin_en", sa.String(length=200), nullable=False),
        sa.Column("origin_ru", sa.String(length=200), nullable=False),
        sa.Column("story_en", sa.String(), nullable=False),
        sa.Column("story_ru", sa.String(), nullable=False),
        sa.Column("interests_en", sa.String(), nullable=False),
        sa.Column("interests_ru", sa.String(), nullable=False),
        sa.Column("profession_en", sa.String(length=160), nullable=False),
        sa.Column("profession_ru", sa.String(length=160), nullable=False),
        sa.Column("portrait_file_id", sa.String(length=32), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("bar", sa.String(length=20), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("wants_letters", sa.Boolean(), nullable=False),
        sa.Column("wish_source", sa.String(length=300), nullable=False),
        sa.Column("wish_date", sa.Date(), nullable=True),
        sa.Column("custody_confirmed_on", sa.Date(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=24), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("provenance", sa.JSON(), nullable=False),
        sa.Column("eligible", sa.Boolean(), nullable=False),
        sa.Column("letter_count", sa.Integer(), nullable=False),
        sa.Column("shuffle", sa.Float(), nullable=False),
        sa.Column("picked_on", sa.Date(), nullable=True),
        sa.Column("picked_today", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("gender in ('she', 'he')", name="ck_prisoner_gender"),
        sa.CheckConstraint(
            "status in ('in_custody', 'in_transfer', 'house_arrest', 'released', 'exchanged', 'dead', 'unknown')",
            name="ck_prisoner_status",
        ),
        sa.CheckConstraint("letter_count >= 0", name="ck_prisoner_letter_count"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_index(
        "ix_prisoner_next",
        "prisoner",
        ["letter_count", "shuffle"],
        sqlite_where=sa.text("eligible"),
        postgresql_where=sa.text("eligible"),
    )
    op.create_index("ix_prisoner_search_name", "prisoner", ["search_name"])
    op.create_index("ix_prisoner_status", "prisoner", ["status"])

    op.create_table(
        "read_record",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("staff_id", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.String(length=24), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("staff_id", "subject_id", "what", "day", name="uq_read_once_a_day"),
    )
    op.create_index("ix_read_record_staff_id", "read_record", ["staff_id"])
    op.create_index("ix_read_record_subject_id", "read_record", ["subject_id"])

    op.create_table(
        "return_address",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("holder_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("lines_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("consent_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_return_address_country", "return_address", ["country"])

    op.create_table(
        "staff",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("pseudonym", sa.String(length=40), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("totp_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("totp_last_step", sa.Integer(), nullable=False),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("town", sa.String(length=80), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("languages", sa.String(length=80), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("pseudonym"),
    )

    op.create_table(
        "worker",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )

    op.create_table(
        "writer",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("identity_hash", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("identity_hash"),
    )

    op.create_table(
        "claim",
        sa.Column("subject_id", sa.String(length=24), nullable=False),
        sa.Column("staff_id", sa.String(length=24), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("subject_id"),
    )
    op.create_index("ix_claim_staff_id", "claim", ["staff_id"])

    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject", sa.String(length=10), nullable=False),
        sa.Column("subject_id", sa.String(length=24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=8), nullable=False),
        sa.Column("staff_id", sa.String(length=24), nullable=True),
        sa.Column("origin", sa.String(length=40), nullable=True),
        sa.Column("to", sa.String(length=40), nullable=False),
        sa.Column("why", sa.String(length=80), nullable=False),
        sa.Column("note_id", sa.String(length=24), nullable=True),
        sa.CheckConstraint(
            "subject in ('letter', 'reply', 'prisoner', 'facility', 'batch', 'staff', 'partner')",
            name="ck_event_subject",
        ),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_event_at", "event", ["at"])
    op.create_index("ix_event_subject", "event", ["subject", "subject_id", "id"])

    op.create_table(
        "objection",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("prisoner_id", sa.String(length=24), nullable=True),
        sa.Column("sitting", sa.String(length=64), nullable=True),
        sa.Column("relation", sa.String(length=16), nullable=False),
        sa.Column("about_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("message_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("hid", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=16), nullable=True),
        sa.Column("decided_by", sa.String(length=24), nullable=True),
        sa.ForeignKeyConstraint(["prisoner_id"], ["prisoner.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_objection_created_at", "objection", ["created_at"])
    op.create_index("ix_objection_prisoner_id", "objection", ["prisoner_id"])
    op.create_index("ix_objection_sitting", "objection", ["sitting"])

    op.create_table(
        "placement",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("prisoner_id", sa.String(length=24), nullable=False),
        sa.Column("facility_id", sa.String(length=24), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"]),
        sa.ForeignKeyConstraint(["prisoner_id"], ["prisoner.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_placement_facility_id", "placement", ["facility_id"])
    op.create_index("ix_placement_prisoner_id", "placement", ["prisoner_id"])
    op.create_index(
        "uq_placement_present",
        "placement",
        ["prisoner_id"],
        unique=True,
        sqlite_where=sa.text("to_day is null"),
        postgresql_where=sa.text("to_day is null"),
    )

    op.create_table(
        "prosecution",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("prisoner_id", sa.String(length=24), nullable=False),
        sa.Column("articles", sa.JSON(), nullable=False),
        sa.Column("category", sa.String(length=120), nullable=False),
        sa.Column("case_name", sa.String(length=300), nullable=False),
        sa.Column("case_group", sa.String(length=200), nullable=False),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("region_iso", sa.String(length=6), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("started_year", sa.Integer(), nullable=True),
        sa.Column("ended_year", sa.Integer(), nullable=True),
        sa.Column("stage", sa.String(length=160), nullable=False),
        sa.Column("restraint", sa.String(length=160), nullable=False),
        sa.Column("verdict", sa.String(length=300), nullable=False),
        sa.Column("sentence_months", sa.Integer(), nullable=True),
        sa.Column("sentence_life", sa.Boolean(), nullable=False),
        sa.Column("first_verdict_on", sa.Date(), nullable=True),
        sa.Column("ratings", sa.JSON(), nullable=False),
        sa.Column("occupation", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("source_id", sa.String(length=120), nullable=True),
        sa.Column("gone_on", sa.Date(), nullable=True),
        sa.Column("provenance", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "sentence_months is null or sentence_months between 1 and 600",
            name="ck_prosecution_sentence_months",
        ),
        sa.ForeignKeyConstraint(["prisoner_id"], ["prisoner.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source", "source_id", name="uq_prosecution_source_id"),
    )
    op.create_index("ix_prosecution_prisoner_id", "prosecution", ["prisoner_id"])
    op.create_index("ix_prosecution_started_year", "prosecution", ["started_year"])

    op.create_table(
        "staff_role",
        sa.Column("staff_id", sa.String(length=24), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.CheckConstraint(
            "role in ('translator', 'reviewer', 'printer', 'scanner', 'catalogue', 'coordinator', 'admin')",
            name="ck_staff_role",
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("staff_id", "role"),
    )

    op.create_table(
        "staff_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_staff_session_staff_id", "staff_session", ["staff_id"])


def downgrade() -> None:
    op.drop_table("staff_session")
    op.drop_table("staff_role")
    op.drop_table("prosecution")
    op.drop_table("placement")
    op.drop_table("objection")
    op.drop_table("event")
    op.drop_table("claim")
    op.drop_table("writer")
    op.drop_table("worker")
    op.drop_table("staff")
    op.drop_table("return_address")
    op.drop_table("read_record")
    op.drop_table("prisoner")
    op.drop_table("partner")
    op.drop_table("note")
    op.drop_table("limit_bucket")
    op.drop_table("installation")
    op.drop_table("facility")
    op.drop_table("alarm")
