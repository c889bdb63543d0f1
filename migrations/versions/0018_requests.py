"""Requests for quotation, sealed quotes and awards."""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ADDED_ONLY = (
    "request_changes",
    "quote_revisions",
    "opened_offers",
    "request_openings",
    "awards",
    "award_parts",
)


def upgrade() -> None:
    role = context.config.attributes.get("serving_role", "app_rw")
    op.create_table(
        "requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("category_id", sa.BigInteger(), nullable=False),
        sa.Column("grade", sa.String(length=40), nullable=False),
        sa.Column("specification", sa.Text(), nullable=False),
        sa.Column("packing", sa.String(length=200), nullable=False),
        sa.Column("province_code", sa.String(length=2), nullable=False),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("tolerance_bps", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("target_minor", sa.BigInteger(), nullable=True),
        sa.Column("wants_samples", sa.Boolean(), nullable=False),
        sa.Column("is_open_to_all", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=False),
        sa.Column("end_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(state = 'draft') = (published_at is null)",
            name=op.f("ck_requests_published_has_a_moment"),
        ),
        sa.CheckConstraint(
            "state in ('draft', 'open', 'opened', 'awarded', 'ended', 'cancelled')",
            name=op.f("ck_requests_state_known"),
        ),
        sa.CheckConstraint(
            "state not in ('opened', 'awarded') or opened_at is not null",
            name=op.f("ck_requests_opened_has_a_moment"),
        ),
        sa.CheckConstraint(
            "opened_at is null or opened_at >= closes_at",
            name=op.f("ck_requests_opened_after_closing"),
        ),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_requests_revision_counts")),
        sa.CheckConstraint("target_minor > 0", name=op.f("ck_requests_target_positive")),
        sa.CheckConstraint(
            "tolerance_bps between 0 and 5000", name=op.f("ck_requests_tolerance_sane")
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_requests_category_id_categories")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_requests_created_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_requests_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
        sa.UniqueConstraint("number", name=op.f("uq_requests_number")),
    )
    op.create_index(op.f("ix_requests_category_id"), "requests", ["category_id"], unique=False)
    op.create_index(
        "ix_requests_desk", "requests", ["organisation_id", "state", "id"], unique=False
    )
    op.create_index(
        "ix_requests_open",
        "requests",
        ["closes_at"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "awards",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("total_g", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_awards_reason_given")),
        sa.CheckConstraint("total_g > 0", name=op.f("ck_awards_awards_something")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_awards_by_id_users")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_awards_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_awards")),
        sa.UniqueConstraint("request_id", name=op.f("uq_awards_request_id")),
    )
    op.create_table(
        "quotes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("is_joint", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Text(), server_default="", nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_text", sa.String(length=1000), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state in ('draft', 'submitted', 'withdrawn', 'opened', 'won', 'lost')",
            name=op.f("ck_quotes_state_known"),
        ),
        sa.CheckConstraint("revision >= 0", name=op.f("ck_quotes_revision_counts")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_quotes_created_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_quotes_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_quotes_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotes")),
        sa.UniqueConstraint("number", name=op.f("uq_quotes_number")),
    )
    op.create_index("ix_quotes_organisation_id", "quotes", ["organisation_id", "id"], unique=False)
    op.create_index(
        "uq_quotes_of_seller",
        "quotes",
        ["request_id", "organisation_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )
    op.create_table(
        "request_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("differences", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_request_changes_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_changes_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_changes")),
        sa.UniqueConstraint("request_id", "revision", name=op.f("uq_request_changes_request_id")),
    )
    op.create_table(
        "request_files",
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["media_files.id"], name=op.f("fk_request_files_file_id_media_files")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_files_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("request_id", "file_id", name=op.f("pk_request_files")),
    )
    op.create_table(
        "request_invitations",
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("why", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decline_reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_request_invitations_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_invitations_request_id_requests")
        ),
        sa.PrimaryKeyConstraint(
            "request_id", "organisation_id", name=op.f("pk_request_invitations")
        ),
    )
    op.create_index(
        "ix_request_invitations_seller",
        "request_invitations",
        ["organisation_id", "request_id"],
        unique=False,
    )
    op.create_table(
        "request_limits",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("operator", sa.String(length=10), nullable=False),
        sa.Column("value", sa.Numeric(precision=12, scale=3), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "operator in ('at_most', 'at_least')", name=op.f("ck_request_limits_operator_known")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_limits_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_limits")),
        sa.UniqueConstraint("request_id", "position", name=op.f("uq_request_limits_request_id")),
    )
    op.create_table(
        "request_openings",
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("quote_count", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_request_openings_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_openings_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_request_openings")),
    )
    op.create_table(
        "request_periods",
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("quantity_g", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "extract(day from month) = 1", name=op.f("ck_request_periods_month_by_its_first_day")
        ),
        sa.CheckConstraint("quantity_g > 0", name=op.f("ck_request_periods_asks_for_something")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_periods_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("request_id", "month", name=op.f("pk_request_periods")),
    )
    op.create_table(
        "request_questions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.String(length=2000), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(answer = '') = (answered_at is null)",
            name=op.f("ck_request_questions_answered_has_a_moment"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["users.id"], name=op.f("fk_request_questions_answered_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["users.id"], name=op.f("fk_request_questions_asked_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_request_questions_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_questions_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_questions")),
    )
    op.create_index(
        "ix_request_questions_request_id", "request_questions", ["request_id", "id"], unique=False
    )
    op.create_table(
        "request_schemes",
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("scheme_code", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_schemes_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("request_id", "scheme_code", name=op.f("pk_request_schemes")),
    )
    op.create_table(
        "award_parts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("award_id", sa.BigInteger(), nullable=False),
        sa.Column("quote_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("quantity_g", sa.BigInteger(), nullable=False),
        sa.Column("snapshot", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "extract(day from month) = 1", name=op.f("ck_award_parts_month_by_its_first_day")
        ),
        sa.CheckConstraint("quantity_g > 0", name=op.f("ck_award_parts_awards_something")),
        sa.ForeignKeyConstraint(
            ["award_id"], ["awards.id"], name=op.f("fk_award_parts_award_id_awards")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_award_parts_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_award_parts_product_id_products")
        ),
        sa.ForeignKeyConstraint(
            ["quote_id"], ["quotes.id"], name=op.f("fk_award_parts_quote_id_quotes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_parts")),
        sa.UniqueConstraint(
            "award_id", "quote_id", "organisation_id", "month", name=op.f("uq_award_parts_award_id")
        ),
    )
    op.create_index(
        "ix_award_parts_organisation_id", "award_parts", ["organisation_id"], unique=False
    )
    op.create_table(
        "quote_revisions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("quote_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("request_revision", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["quote_id"], ["quotes.id"], name=op.f("fk_quote_revisions_quote_id_quotes")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["users.id"], name=op.f("fk_quote_revisions_submitted_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote_revisions")),
        sa.UniqueConstraint("quote_id", "revision", name=op.f("uq_quote_revisions_quote_id")),
    )
    op.create_table(
        "quote_shares",
        sa.Column("quote_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity_g", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state in ('proposed', 'agreed', 'declined')", name=op.f("ck_quote_shares_state_known")
        ),
        sa.CheckConstraint(
            "extract(day from month) = 1", name=op.f("ck_quote_shares_month_by_its_first_day")
        ),
        sa.CheckConstraint("quantity_g > 0", name=op.f("ck_quote_shares_shares_something")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["users.id"], name=op.f("fk_quote_shares_answered_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_quote_shares_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_quote_shares_product_id_products")
        ),
        sa.ForeignKeyConstraint(
            ["quote_id"], ["quotes.id"], name=op.f("fk_quote_shares_quote_id_quotes")
        ),
        sa.PrimaryKeyConstraint(
            "quote_id", "organisation_id", "month", name=op.f("pk_quote_shares")
        ),
    )
    op.create_index(
        "ix_quote_shares_organisation_id",
        "quote_shares",
        ["organisation_id", "quote_id"],
        unique=False,
    )
    op.create_table(
        "opened_offers",
        sa.Column("revision_id", sa.BigInteger(), nullable=False),
        sa.Column("offer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["quote_revisions.id"],
            name=op.f("fk_opened_offers_revision_id_quote_revisions"),
        ),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_opened_offers")),
    )
    for table in ADDED_ONLY:
        op.execute(f"""
            create trigger only_ever_added before update or delete on {table}
                for each row execute function refuse_change();
            create trigger never_emptied before truncate on {table}
                for each statement execute function refuse_change();
            revoke update, delete, truncate on {table} from "{role}";
        """)
    op.execute("""
        create function award_adds_up() returns trigger language plpgsql as $$
        declare
            of_award bigint := case when tg_table_name = 'awards' then new.id
                else (to_jsonb(new) ->> 'award_id')::bigint end;
        begin
            if (select total_g from awards where id = of_award) is distinct from
               (select sum(quantity_g) from award_parts where award_id = of_award) then
                raise exception 'the parts of award % do not add up', of_award
                    using errcode = 'check_violation', constraint = 'award_adds_up';
            end if;
            return null;
        end $$;
        create constraint trigger award_adds_up after insert on awards
            deferrable initially deferred for each row execute function award_adds_up();
        create constraint trigger award_adds_up after insert on award_parts
            deferrable initially deferred for each row execute function award_adds_up();
    """)


def downgrade() -> None:
    raise NotImplementedError("awards are history; restore a backup instead")
