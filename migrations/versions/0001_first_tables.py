"""The tables of the first sale; written by autogenerate from the models."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("create extension if not exists pg_trgm")
    op.create_table(
        "audit_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_user_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
    )
    op.create_index(op.f("ix_audit_events_at"), "audit_events", ["at"], unique=False)
    op.create_index(
        "ix_audit_events_subject", "audit_events", ["subject_kind", "subject_id"], unique=False
    )
    op.create_table(
        "categories",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("name_vi", sa.String(length=160), nullable=False),
        sa.Column("name_en", sa.String(length=160), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["categories.id"], name=op.f("fk_categories_parent_id_categories")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
        sa.UniqueConstraint("slug", name=op.f("uq_categories_slug")),
    )
    op.create_index(op.f("ix_categories_parent_id"), "categories", ["parent_id"], unique=False)
    op.create_table(
        "data_loads",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_data_loads")),
    )
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("beaten_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ref", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("memo", sa.Text(), nullable=False),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["reverses_id"],
            ["ledger_entries.id"],
            name=op.f("fk_ledger_entries_reverses_id_ledger_entries"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint("ref", name=op.f("uq_ledger_entries_ref")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_ledger_entries_reverses_id")),
    )
    op.create_index(op.f("ix_ledger_entries_at"), "ledger_entries", ["at"], unique=False)
    op.create_table(
        "messages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body_text", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_messages_key")),
    )
    op.create_index(op.f("ix_messages_recipient"), "messages", ["recipient"], unique=False)
    op.create_table(
        "organisations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("name_en", sa.String(length=160), nullable=True),
        sa.Column("short_name", sa.String(length=80), nullable=False),
        sa.Column("sort_key", sa.String(length=500, collation="C"), nullable=False),
        sa.Column("tax_code", sa.String(length=14), nullable=True),
        sa.Column("province_code", sa.String(length=2), nullable=False),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("founded_on", sa.Date(), nullable=True),
        sa.Column("member_count", sa.Integer(), nullable=True),
        sa.Column("tagline_vi", sa.String(length=200), nullable=False),
        sa.Column("tagline_en", sa.String(length=200), nullable=False),
        sa.Column("story_vi", sa.Text(), nullable=False),
        sa.Column("story_en", sa.Text(), nullable=False),
        sa.Column("verification", sa.String(length=20), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_by_id", sa.BigInteger(), nullable=True),
        sa.Column("commission_bps", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('cooperative', 'union', 'group', 'enterprise', 'alliance', 'operator')",
            name=op.f("ck_organisations_kind_known"),
        ),
        sa.CheckConstraint(
            "verification in ('pending', 'verified', 'suspended')",
            name=op.f("ck_organisations_verification_known"),
        ),
        sa.CheckConstraint(
            "commission_bps between 0 and 10000",
            name=op.f("ck_organisations_commission_is_a_share"),
        ),
        sa.ForeignKeyConstraint(
            ["verified_by_id"],
            ["organisations.id"],
            name=op.f("fk_organisations_verified_by_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("code", name=op.f("uq_organisations_code")),
        sa.UniqueConstraint("slug", name=op.f("uq_organisations_slug")),
        sa.UniqueConstraint("tax_code", name=op.f("uq_organisations_tax_code")),
    )
    op.create_index(
        "ix_organisations_kind_sort_key", "organisations", ["kind", "sort_key"], unique=False
    )
    op.create_index(
        op.f("ix_organisations_province_code"), "organisations", ["province_code"], unique=False
    )
    op.create_table(
        "state_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("from_state", sa.String(length=30), nullable=True),
        sa.Column("to_state", sa.String(length=30), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_user_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_state_changes")),
    )
    op.create_index(
        "ix_state_changes_subject",
        "state_changes",
        ["subject_kind", "subject_id", "id"],
        unique=False,
    )
    op.create_table(
        "throttle_counters",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("window_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "window_starts_at", name=op.f("pk_throttle_counters")),
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("full_name", sa.String(length=160), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_users_email_lower_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "bank_accounts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("bank_bin", sa.String(length=6), nullable=False),
        sa.Column("bank_name", sa.String(length=80), nullable=False),
        sa.Column("account_number", sa.String(length=19), nullable=False),
        sa.Column("holder_name", sa.String(length=80), nullable=False),
        sa.Column("is_collecting", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "account_number ~ '^[0-9A-Z]{4,19}$'",
            name=op.f("ck_bank_accounts_account_number_plain"),
        ),
        sa.CheckConstraint(
            "bank_bin ~ '^[0-9]{6}$'", name=op.f("ck_bank_accounts_bin_has_six_digits")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_bank_accounts_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_accounts")),
        sa.UniqueConstraint("bank_bin", "account_number", name=op.f("uq_bank_accounts_bank_bin")),
    )
    op.create_index(
        op.f("ix_bank_accounts_organisation_id"), "bank_accounts", ["organisation_id"], unique=False
    )
    op.create_index(
        "uq_bank_accounts_collecting",
        "bank_accounts",
        ["is_collecting"],
        unique=True,
        postgresql_where=sa.text("is_collecting"),
    )
    op.create_table(
        "carts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_carts_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carts")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_carts_token_hash")),
    )
    op.create_index(op.f("ix_carts_updated_at"), "carts", ["updated_at"], unique=False)
    op.create_index(
        "uq_carts_user_id",
        "carts",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("user_id is not null"),
    )
    op.create_table(
        "delivery_settings",
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("own_region_fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("other_region_fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("free_from_minor", sa.BigInteger(), nullable=True),
        sa.Column("own_region_days", sa.Integer(), nullable=False),
        sa.Column("other_region_days", sa.Integer(), nullable=False),
        sa.Column("offers_pickup", sa.Boolean(), nullable=False),
        sa.Column("pickup_note", sa.String(length=200), nullable=False),
        sa.Column("accepts_cash", sa.Boolean(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.CheckConstraint(
            "free_from_minor is null or free_from_minor > 0",
            name=op.f("ck_delivery_settings_free_from_positive"),
        ),
        sa.CheckConstraint(
            "other_region_days between 0 and 30",
            name=op.f("ck_delivery_settings_other_region_days_sane"),
        ),
        sa.CheckConstraint(
            "other_region_fee_minor >= 0",
            name=op.f("ck_delivery_settings_other_region_fee_not_negative"),
        ),
        sa.CheckConstraint(
            "own_region_days between 0 and 30",
            name=op.f("ck_delivery_settings_own_region_days_sane"),
        ),
        sa.CheckConstraint(
            "own_region_fee_minor >= 0",
            name=op.f("ck_delivery_settings_own_region_fee_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_delivery_settings_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_delivery_settings")),
    )
    op.create_table(
        "ledger_accounts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.CheckConstraint(
            "kind in ('asset', 'liability', 'income')", name=op.f("ck_ledger_accounts_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_ledger_accounts_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_accounts")),
        sa.UniqueConstraint("code", name=op.f("uq_ledger_accounts_code")),
    )
    op.create_index(
        op.f("ix_ledger_accounts_organisation_id"),
        "ledger_accounts",
        ["organisation_id"],
        unique=False,
    )
    op.create_table(
        "media_files",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content_type", sa.String(length=60), nullable=False),
        sa.Column("byte_size", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("original_name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind in ('photo', 'paper')", name=op.f("ck_media_files_kind_known")),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_media_files_sha256_is_hex")),
        sa.CheckConstraint("byte_size > 0", name=op.f("ck_media_files_not_empty")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_media_files_created_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_media_files_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_files")),
    )
    op.create_index(
        op.f("ix_media_files_organisation_id"), "media_files", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_media_files_sha256"), "media_files", ["sha256"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role in ('director', 'sales', 'warehouse', 'accountant', 'buyer', 'officer', 'operator')",
            name=op.f("ck_memberships_role_known"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_memberships_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_memberships_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
    )
    op.create_index(
        op.f("ix_memberships_organisation_id"), "memberships", ["organisation_id"], unique=False
    )
    op.create_index(
        "uq_memberships_active",
        "memberships",
        ["user_id", "organisation_id"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_table(
        "one_time_tokens",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose in ('confirm_email', 'reset_password')",
            name=op.f("ck_one_time_tokens_purpose_known"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_one_time_tokens_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_tokens_token_hash")),
    )
    op.create_index(
        op.f("ix_one_time_tokens_user_id"), "one_time_tokens", ["user_id"], unique=False
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("buyer_user_id", sa.BigInteger(), nullable=True),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("recipient_name", sa.String(length=160), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("province_code", sa.String(length=2), nullable=False),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("payment_method", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("goods_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount_minor", sa.BigInteger(), nullable=False),
        sa.Column("delivery_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "channel in ('retail', 'contract')", name=op.f("ck_orders_channel_known")
        ),
        sa.CheckConstraint(
            "payment_method in ('bank_transfer', 'cash')",
            name=op.f("ck_orders_payment_method_known"),
        ),
        sa.CheckConstraint(
            "state in ('awaiting_payment', 'open', 'completed', 'cancelled', 'expired')",
            name=op.f("ck_orders_state_known"),
        ),
        sa.CheckConstraint(
            "goods_minor > 0 and discount_minor >= 0 and delivery_minor >= 0 and discount_minor <= goods_minor",
            name=op.f("ck_orders_amounts_sane"),
        ),
        sa.CheckConstraint(
            "total_minor = goods_minor - discount_minor + delivery_minor",
            name=op.f("ck_orders_total_adds_up"),
        ),
        sa.ForeignKeyConstraint(
            ["buyer_user_id"], ["users.id"], name=op.f("fk_orders_buyer_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_orders_idempotency_key")),
        sa.UniqueConstraint("number", name=op.f("uq_orders_number")),
    )
    op.create_index(
        "ix_orders_awaiting",
        "orders",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("state = 'awaiting_payment'"),
    )
    op.create_index(
        "ix_orders_buyer_user_id_placed_at", "orders", ["buyer_user_id", "placed_at"], unique=False
    )
    op.create_index(op.f("ix_orders_placed_at"), "orders", ["placed_at"], unique=False)
    op.create_table(
        "payouts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("bank_reference", sa.String(length=60), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payouts_amount_positive")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_payouts_created_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_payouts_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payouts")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_payouts_idempotency_key")),
    )
    op.create_index(
        op.f("ix_payouts_organisation_id"), "payouts", ["organisation_id"], unique=False
    )
    op.create_index(
        "uq_payouts_bank_reference",
        "payouts",
        ["bank_reference"],
        unique=True,
        postgresql_where=sa.text("bank_reference <> ''"),
    )
    op.create_table(
        "products",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("category_id", sa.BigInteger(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("name_vi", sa.String(length=160), nullable=False),
        sa.Column("name_en", sa.String(length=160), nullable=False),
        sa.Column("summary_vi", sa.String(length=300), nullable=False),
        sa.Column("summary_en", sa.String(length=300), nullable=False),
        sa.Column("story_vi", sa.Text(), nullable=False),
        sa.Column("story_en", sa.Text(), nullable=False),
        sa.Column("storage_vi", sa.String(length=300), nullable=False),
        sa.Column("storage_en", sa.String(length=300), nullable=False),
        sa.Column("province_code", sa.String(length=2), nullable=False),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("season", sa.String(length=12), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_price_minor", sa.BigInteger(), nullable=True),
        sa.Column("from_pack_id", sa.BigInteger(), nullable=True),
        sa.Column("per_kg_minor", sa.BigInteger(), nullable=True),
        sa.Column("cover_sha256", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "season ~ '^[0-3]{12}$'", name=op.f("ck_products_season_has_twelve_months")
        ),
        sa.CheckConstraint(
            "state <> 'published' or published_at is not null",
            name=op.f("ck_products_published_has_a_moment"),
        ),
        sa.CheckConstraint(
            "state in ('draft', 'published', 'archived')", name=op.f("ck_products_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_products_category_id_categories")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_products_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        sa.UniqueConstraint("slug", name=op.f("uq_products_slug")),
    )
    op.create_index(op.f("ix_products_category_id"), "products", ["category_id"], unique=False)
    op.create_index(
        "ix_products_listing", "products", ["state", "category_id", "province_code"], unique=False
    )
    op.create_index(
        "ix_products_organisation_id_state", "products", ["organisation_id", "state"], unique=False
    )
    op.create_index(
        "ix_products_search_text",
        "products",
        ["search_text"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    op.create_table(
        "revenue_months",
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("product_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("category_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("buyer_province_code", sa.String(length=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("line_count", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("grams", sa.BigInteger(), nullable=False),
        sa.Column("gross_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount_minor", sa.BigInteger(), nullable=False),
        sa.Column("delivery_minor", sa.BigInteger(), nullable=False),
        sa.Column("commission_minor", sa.BigInteger(), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_revenue_months_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id",
            "month",
            "channel",
            "product_id",
            "category_id",
            "buyer_province_code",
            "currency",
            name=op.f("pk_revenue_months"),
        ),
    )
    op.create_table(
        "user_sessions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ip_address", sa.String(length=45), nullable=False),
        sa.Column("user_agent", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_sessions_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_sessions_token_hash")),
    )
    op.create_index(op.f("ix_user_sessions_user_id"), "user_sessions", ["user_id"], unique=False)
    op.create_table(
        "bank_statements",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("bank_account_id", sa.BigInteger(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("new_count", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["bank_account_id"],
            ["bank_accounts.id"],
            name=op.f("fk_bank_statements_bank_account_id_bank_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["imported_by_id"], ["users.id"], name=op.f("fk_bank_statements_imported_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_statements")),
    )
    op.create_index(
        op.f("ix_bank_statements_imported_at"), "bank_statements", ["imported_at"], unique=False
    )
    op.create_table(
        "certificates",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("scheme_code", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("issuer", sa.String(length=160), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state in ('claimed', 'verified', 'rejected', 'revoked')",
            name=op.f("ck_certificates_state_known"),
        ),
        sa.CheckConstraint(
            "level is null or level between 1 and 5", name=op.f("ck_certificates_level_is_stars")
        ),
        sa.CheckConstraint(
            "valid_to is null or valid_to >= valid_from",
            name=op.f("ck_certificates_ends_after_it_begins"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_certificates_decided_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["media_files.id"], name=op.f("fk_certificates_file_id_media_files")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_certificates_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
    )
    op.create_index(
        op.f("ix_certificates_organisation_id"), "certificates", ["organisation_id"], unique=False
    )
    op.create_index(
        "ix_certificates_waiting", "certificates", ["state", "claimed_at"], unique=False
    )
    op.create_table(
        "ledger_postings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_ledger_postings_amount_not_zero")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["ledger_accounts.id"],
            name=op.f("fk_ledger_postings_account_id_ledger_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["ledger_entries.id"],
            name=op.f("fk_ledger_postings_entry_id_ledger_entries"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_postings")),
    )
    op.create_index(
        "ix_ledger_postings_account_id_entry_id",
        "ledger_postings",
        ["account_id", "entry_id"],
        unique=False,
        postgresql_include=["amount_minor"],
    )
    op.create_index(
        op.f("ix_ledger_postings_entry_id"), "ledger_postings", ["entry_id"], unique=False
    )
    op.create_table(
        "lots",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("harvested_on", sa.Date(), nullable=False),
        sa.Column("packed_on", sa.Date(), nullable=True),
        sa.Column("best_before_on", sa.Date(), nullable=True),
        sa.Column("province_code", sa.String(length=2), nullable=False),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("plot_name", sa.String(length=120), nullable=False),
        sa.Column("growing_area_code", sa.String(length=40), nullable=False),
        sa.Column("quantity_g", sa.BigInteger(), nullable=False),
        sa.Column("note_vi", sa.String(length=300), nullable=False),
        sa.Column("note_en", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("code ~ '^[A-Z0-9-]{1,20}$'", name=op.f("ck_lots_code_is_plain")),
        sa.CheckConstraint(
            "best_before_on is null or best_before_on >= harvested_on",
            name=op.f("ck_lots_keeps_after_harvest"),
        ),
        sa.CheckConstraint(
            "packed_on is null or packed_on >= harvested_on",
            name=op.f("ck_lots_packed_after_harvest"),
        ),
        sa.CheckConstraint("quantity_g > 0", name=op.f("ck_lots_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_lots_created_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_lots_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_lots_product_id_products")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lots")),
        sa.UniqueConstraint("code", name=op.f("uq_lots_code")),
    )
    op.create_index(op.f("ix_lots_organisation_id"), "lots", ["organisation_id"], unique=False)
    op.create_index(
        "ix_lots_product_id_best_before_on", "lots", ["product_id", "best_before_on"], unique=False
    )
    op.create_table(
        "packs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("name_vi", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("net_weight_g", sa.Integer(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("net_weight_g > 0", name=op.f("ck_packs_weight_positive")),
        sa.CheckConstraint("price_minor > 0", name=op.f("ck_packs_price_positive")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_packs_product_id_products")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packs")),
        sa.UniqueConstraint("gtin", name=op.f("uq_packs_gtin")),
    )
    op.create_index(op.f("ix_packs_product_id"), "packs", ["product_id"], unique=False)
    op.create_index(
        "uq_packs_code",
        "packs",
        ["product_id", "name_vi"],
        unique=True,
        postgresql_where=sa.text("is_active"),
    )
    op.create_table(
        "payments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("received_minor", sa.BigInteger(), nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bank_account_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "method <> 'bank_transfer' or reference is not null",
            name=op.f("ck_payments_transfer_has_reference"),
        ),
        sa.CheckConstraint(
            "method in ('bank_transfer', 'cash')", name=op.f("ck_payments_method_known")
        ),
        sa.CheckConstraint(
            "state in ('awaiting', 'underpaid', 'paid', 'overpaid', 'late', 'expired', 'cancelled', 'refund_due', 'refunded', 'cash_expected', 'cash_collected', 'remitted')",
            name=op.f("ck_payments_state_known"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payments_amount_positive")),
        sa.CheckConstraint(
            "received_minor >= 0 and refunded_minor >= 0",
            name=op.f("ck_payments_facts_not_negative"),
        ),
        sa.CheckConstraint(
            "refunded_minor <= received_minor", name=op.f("ck_payments_refunded_within_received")
        ),
        sa.ForeignKeyConstraint(
            ["bank_account_id"],
            ["bank_accounts.id"],
            name=op.f("fk_payments_bank_account_id_bank_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_payments_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("order_id", name=op.f("uq_payments_order_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_payments_reference")),
    )
    op.create_index("ix_payments_state", "payments", ["state", "created_at"], unique=False)
    op.create_table(
        "product_photos",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("alt_vi", sa.String(length=160), nullable=False),
        sa.Column("alt_en", sa.String(length=160), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["media_files.id"], name=op.f("fk_product_photos_file_id_media_files")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_product_photos_product_id_products")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_photos")),
    )
    op.create_index(
        op.f("ix_product_photos_product_id"), "product_photos", ["product_id"], unique=False
    )
    op.create_table(
        "seller_orders",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("delivery_method", sa.String(length=20), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("goods_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount_minor", sa.BigInteger(), nullable=False),
        sa.Column("delivery_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("commission_minor", sa.BigInteger(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("packed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=False),
        sa.Column("carrier", sa.String(length=80), nullable=False),
        sa.Column("tracking_code", sa.String(length=60), nullable=False),
        sa.CheckConstraint(
            "delivery_method in ('delivery', 'pickup')",
            name=op.f("ck_seller_orders_delivery_method_known"),
        ),
        sa.CheckConstraint(
            "state <> 'delivered' or delivered_at is not null",
            name=op.f("ck_seller_orders_delivered_has_moment"),
        ),
        sa.CheckConstraint(
            "state in ('placed', 'confirmed', 'packed', 'handed_over', 'delivered', 'cancelled')",
            name=op.f("ck_seller_orders_state_known"),
        ),
        sa.CheckConstraint(
            "goods_minor > 0 and discount_minor >= 0 and delivery_minor >= 0 and commission_minor >= 0 and commission_minor <= goods_minor",
            name=op.f("ck_seller_orders_amounts_sane"),
        ),
        sa.CheckConstraint(
            "total_minor = goods_minor - discount_minor + delivery_minor",
            name=op.f("ck_seller_orders_total_adds_up"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_seller_orders_order_id_orders")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_seller_orders_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seller_orders")),
        sa.UniqueConstraint("number", name=op.f("uq_seller_orders_number")),
        sa.UniqueConstraint("order_id", "organisation_id", name=op.f("uq_seller_orders_order_id")),
    )
    op.create_index(
        "ix_seller_orders_delivered",
        "seller_orders",
        ["organisation_id", "delivered_at"],
        unique=False,
        postgresql_where=sa.text("delivered_at is not null"),
    )
    op.create_index(
        "ix_seller_orders_desk",
        "seller_orders",
        ["organisation_id", "state", "placed_at"],
        unique=False,
    )
    op.create_table(
        "bank_lines",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("bank_account_id", sa.BigInteger(), nullable=False),
        sa.Column("statement_id", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("bank_reference", sa.String(length=60), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=True),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolution", sa.Text(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "outcome in ('pending', 'exact', 'under', 'over', 'duplicate', 'late', 'unknown', 'debit')",
            name=op.f("ck_bank_lines_outcome_known"),
        ),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_bank_lines_amount_not_zero")),
        sa.ForeignKeyConstraint(
            ["bank_account_id"],
            ["bank_accounts.id"],
            name=op.f("fk_bank_lines_bank_account_id_bank_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_bank_lines_payment_id_payments")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["bank_statements.id"],
            name=op.f("fk_bank_lines_statement_id_bank_statements"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_lines")),
        sa.UniqueConstraint(
            "bank_account_id", "fingerprint", name=op.f("uq_bank_lines_bank_account_id")
        ),
    )
    op.create_index("ix_bank_lines_outcome", "bank_lines", ["outcome", "booked_at"], unique=False)
    op.create_index(op.f("ix_bank_lines_payment_id"), "bank_lines", ["payment_id"], unique=False)
    op.create_index(
        op.f("ix_bank_lines_statement_id"), "bank_lines", ["statement_id"], unique=False
    )
    op.create_table(
        "cart_lines",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("cart_id", sa.BigInteger(), nullable=False),
        sa.Column("pack_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("seen_price_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity between 1 and 999", name=op.f("ck_cart_lines_quantity_sane")),
        sa.ForeignKeyConstraint(
            ["cart_id"], ["carts.id"], name=op.f("fk_cart_lines_cart_id_carts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["pack_id"], ["packs.id"], name=op.f("fk_cart_lines_pack_id_packs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cart_lines")),
        sa.UniqueConstraint("cart_id", "pack_id", name=op.f("uq_cart_lines_cart_id")),
    )
    op.create_index(op.f("ix_cart_lines_pack_id"), "cart_lines", ["pack_id"], unique=False)
    op.create_table(
        "cash_collections",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("seller_order_id", sa.BigInteger(), nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("expected_minor", sa.BigInteger(), nullable=False),
        sa.Column("collected_minor", sa.BigInteger(), nullable=True),
        sa.Column("remitted_minor", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("difference_reason", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('expected', 'collected', 'remitted', 'cancelled')",
            name=op.f("ck_cash_collections_state_known"),
        ),
        sa.CheckConstraint(
            "expected_minor > 0", name=op.f("ck_cash_collections_expected_positive")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_cash_collections_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_cash_collections_payment_id_payments")
        ),
        sa.ForeignKeyConstraint(
            ["seller_order_id"],
            ["seller_orders.id"],
            name=op.f("fk_cash_collections_seller_order_id_seller_orders"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_collections")),
        sa.UniqueConstraint("seller_order_id", name=op.f("uq_cash_collections_seller_order_id")),
    )
    op.create_index(
        op.f("ix_cash_collections_organisation_id"),
        "cash_collections",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_cash_collections_payment_id"), "cash_collections", ["payment_id"], unique=False
    )
    op.create_index(
        "ix_cash_collections_state", "cash_collections", ["state", "created_at"], unique=False
    )
    op.create_table(
        "lot_certificates",
        sa.Column("lot_id", sa.BigInteger(), nullable=False),
        sa.Column("certificate_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates.id"],
            name=op.f("fk_lot_certificates_certificate_id_certificates"),
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["lots.id"], name=op.f("fk_lot_certificates_lot_id_lots")
        ),
        sa.PrimaryKeyConstraint("lot_id", "certificate_id", name=op.f("pk_lot_certificates")),
    )
    op.create_table(
        "lot_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("title_vi", sa.String(length=160), nullable=False),
        sa.Column("title_en", sa.String(length=160), nullable=False),
        sa.Column("detail_vi", sa.String(length=300), nullable=False),
        sa.Column("detail_en", sa.String(length=300), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "kind in ('planted', 'harvested', 'dried', 'processed', 'graded', 'packed', 'tested')",
            name=op.f("ck_lot_events_kind_known"),
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_lot_events_lot_id_lots")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_lot_events_recorded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_events")),
    )
    op.create_index(op.f("ix_lot_events_lot_id"), "lot_events", ["lot_id"], unique=False)
    op.create_table(
        "lot_photos",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["media_files.id"], name=op.f("fk_lot_photos_file_id_media_files")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_lot_photos_lot_id_lots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_photos")),
    )
    op.create_index(op.f("ix_lot_photos_lot_id"), "lot_photos", ["lot_id"], unique=False)
    op.create_table(
        "lot_stocks",
        sa.Column("lot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("on_hand_g", sa.BigInteger(), nullable=False),
        sa.Column("held_g", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "held_g >= 0 and held_g <= on_hand_g", name=op.f("ck_lot_stocks_held_within_on_hand")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_lot_stocks_lot_id_lots")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_lot_stocks_product_id_products")
        ),
        sa.PrimaryKeyConstraint("lot_id", name=op.f("pk_lot_stocks")),
    )
    op.create_index(
        "ix_lot_stocks_available",
        "lot_stocks",
        ["product_id", "lot_id"],
        unique=False,
        postgresql_where=sa.text("on_hand_g > held_g"),
    )
    op.create_table(
        "order_lines",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("seller_order_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("pack_id", sa.BigInteger(), nullable=False),
        sa.Column("category_id", sa.BigInteger(), nullable=False),
        sa.Column("product_name_vi", sa.String(length=160), nullable=False),
        sa.Column("product_name_en", sa.String(length=160), nullable=False),
        sa.Column("pack_name_vi", sa.String(length=80), nullable=False),
        sa.Column("pack_name_en", sa.String(length=80), nullable=False),
        sa.Column("net_weight_g", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("unit_price_minor", sa.BigInteger(), nullable=False),
        sa.Column("goods_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount_minor", sa.BigInteger(), nullable=False),
        sa.Column("commission_bps", sa.Integer(), nullable=False),
        sa.Column("commission_minor", sa.BigInteger(), nullable=False),
        sa.Column("certificates", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "goods_minor = unit_price_minor * quantity", name=op.f("ck_order_lines_goods_add_up")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_lines_quantity_positive")),
        sa.CheckConstraint(
            "unit_price_minor > 0 and discount_minor >= 0 and discount_minor <= goods_minor and commission_minor >= 0 and commission_bps between 0 and 10000",
            name=op.f("ck_order_lines_amounts_sane"),
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_order_lines_category_id_categories")
        ),
        sa.ForeignKeyConstraint(
            ["pack_id"], ["packs.id"], name=op.f("fk_order_lines_pack_id_packs")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_order_lines_product_id_products")
        ),
        sa.ForeignKeyConstraint(
            ["seller_order_id"],
            ["seller_orders.id"],
            name=op.f("fk_order_lines_seller_order_id_seller_orders"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_lines")),
    )
    op.create_index(op.f("ix_order_lines_product_id"), "order_lines", ["product_id"], unique=False)
    op.create_index(
        op.f("ix_order_lines_seller_order_id"), "order_lines", ["seller_order_id"], unique=False
    )
    op.create_table(
        "pack_prices",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("pack_id", sa.BigInteger(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("price_minor > 0", name=op.f("ck_pack_prices_price_positive")),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["users.id"], name=op.f("fk_pack_prices_by_user_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["pack_id"], ["packs.id"], name=op.f("fk_pack_prices_pack_id_packs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_prices")),
    )
    op.create_index(op.f("ix_pack_prices_pack_id"), "pack_prices", ["pack_id"], unique=False)
    op.create_table(
        "product_certificates",
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("certificate_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates.id"],
            name=op.f("fk_product_certificates_certificate_id_certificates"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_product_certificates_product_id_products"),
        ),
        sa.PrimaryKeyConstraint(
            "product_id", "certificate_id", name=op.f("pk_product_certificates")
        ),
    )
    op.create_index(
        op.f("ix_product_certificates_certificate_id"),
        "product_certificates",
        ["certificate_id"],
        unique=False,
    )
    op.create_table(
        "stock_movements",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("grams", sa.BigInteger(), nullable=False),
        sa.Column("ref", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "kind in ('received', 'sold', 'lost', 'corrected')",
            name=op.f("ck_stock_movements_kind_known"),
        ),
        sa.CheckConstraint("grams <> 0", name=op.f("ck_stock_movements_moves_something")),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["users.id"], name=op.f("fk_stock_movements_by_user_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["lots.id"], name=op.f("fk_stock_movements_lot_id_lots")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movements")),
        sa.UniqueConstraint("ref", name=op.f("uq_stock_movements_ref")),
    )
    op.create_index(op.f("ix_stock_movements_lot_id"), "stock_movements", ["lot_id"], unique=False)
    op.create_table(
        "holds",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=False),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.Column("grams", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('live', 'committed', 'released')", name=op.f("ck_holds_state_known")
        ),
        sa.CheckConstraint("packs > 0 and grams > 0", name=op.f("ck_holds_holds_something")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["order_lines.id"], name=op.f("fk_holds_line_id_order_lines")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_holds_lot_id_lots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    op.create_index(
        "ix_holds_expiry",
        "holds",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("state = 'live'"),
    )
    op.create_index(op.f("ix_holds_line_id"), "holds", ["line_id"], unique=False)
    op.create_index(op.f("ix_holds_lot_id"), "holds", ["lot_id"], unique=False)
    op.create_table(
        "line_lots",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=False),
        sa.Column("lot_code", sa.String(length=20), nullable=False),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.Column("harvested_on", sa.Date(), nullable=False),
        sa.Column("best_before_on", sa.Date(), nullable=True),
        sa.Column("certificates", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("packs > 0", name=op.f("ck_line_lots_packs_positive")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["order_lines.id"], name=op.f("fk_line_lots_line_id_order_lines")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_line_lots_lot_id_lots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_lots")),
        sa.UniqueConstraint("line_id", "lot_id", name=op.f("uq_line_lots_line_id")),
    )
    op.create_index(op.f("ix_line_lots_lot_id"), "line_lots", ["lot_id"], unique=False)
    op.create_table(
        "refunds",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=True),
        sa.Column("bank_line_id", sa.BigInteger(), nullable=True),
        sa.Column("ref", sa.String(length=60), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("bank_reference", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "reason in ('overpaid', 'cancelled', 'expired', 'duplicate', 'late', 'unknown')",
            name=op.f("ck_refunds_reason_known"),
        ),
        sa.CheckConstraint(
            "state <> 'sent' or sent_at is not null", name=op.f("ck_refunds_sent_has_moment")
        ),
        sa.CheckConstraint("state in ('due', 'sent')", name=op.f("ck_refunds_state_known")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_refunds_amount_positive")),
        sa.CheckConstraint(
            "payment_id is not null or bank_line_id is not null",
            name=op.f("ck_refunds_has_a_source"),
        ),
        sa.ForeignKeyConstraint(
            ["bank_line_id"], ["bank_lines.id"], name=op.f("fk_refunds_bank_line_id_bank_lines")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_refunds_payment_id_payments")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["users.id"], name=op.f("fk_refunds_sent_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("ref", name=op.f("uq_refunds_ref")),
    )
    op.create_index(op.f("ix_refunds_bank_line_id"), "refunds", ["bank_line_id"], unique=False)
    op.create_index(op.f("ix_refunds_payment_id"), "refunds", ["payment_id"], unique=False)
    op.create_index("ix_refunds_state", "refunds", ["state", "created_at"], unique=False)
    op.create_table(
        "revenue_facts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ref", sa.String(length=60), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("seller_order_id", sa.BigInteger(), nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=True),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("category_id", sa.BigInteger(), nullable=True),
        sa.Column("buyer_province_code", sa.String(length=2), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("grams", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("gross_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount_minor", sa.BigInteger(), nullable=False),
        sa.Column("delivery_minor", sa.BigInteger(), nullable=False),
        sa.Column("commission_minor", sa.BigInteger(), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "channel in ('retail', 'contract')", name=op.f("ck_revenue_facts_channel_known")
        ),
        sa.CheckConstraint(
            "kind <> 'goods' or line_id is not null",
            name=op.f("ck_revenue_facts_goods_have_a_line"),
        ),
        sa.CheckConstraint(
            "kind in ('goods', 'delivery')", name=op.f("ck_revenue_facts_kind_known")
        ),
        sa.CheckConstraint(
            "net_minor = gross_minor - discount_minor + delivery_minor - commission_minor",
            name=op.f("ck_revenue_facts_net_adds_up"),
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_revenue_facts_category_id_categories")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["ledger_entries.id"],
            name=op.f("fk_revenue_facts_entry_id_ledger_entries"),
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["order_lines.id"], name=op.f("fk_revenue_facts_line_id_order_lines")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_revenue_facts_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_revenue_facts_product_id_products")
        ),
        sa.ForeignKeyConstraint(
            ["seller_order_id"],
            ["seller_orders.id"],
            name=op.f("fk_revenue_facts_seller_order_id_seller_orders"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revenue_facts")),
        sa.UniqueConstraint("ref", name=op.f("uq_revenue_facts_ref")),
    )
    op.create_index(
        "ix_revenue_facts_book", "revenue_facts", ["organisation_id", "business_day"], unique=False
    )
    op.create_index(op.f("ix_revenue_facts_entry_id"), "revenue_facts", ["entry_id"], unique=False)
    op.create_index(
        "ix_revenue_facts_seller_order_id", "revenue_facts", ["seller_order_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_revenue_facts_seller_order_id", table_name="revenue_facts")
    op.drop_index(op.f("ix_revenue_facts_entry_id"), table_name="revenue_facts")
    op.drop_index("ix_revenue_facts_book", table_name="revenue_facts")
    op.drop_table("revenue_facts")
    op.drop_index("ix_refunds_state", table_name="refunds")
    op.drop_index(op.f("ix_refunds_payment_id"), table_name="refunds")
    op.drop_index(op.f("ix_refunds_bank_line_id"), table_name="refunds")
    op.drop_table("refunds")
    op.drop_index(op.f("ix_line_lots_lot_id"), table_name="line_lots")
    op.drop_table("line_lots")
    op.drop_index(op.f("ix_holds_lot_id"), table_name="holds")
    op.drop_index(op.f("ix_holds_line_id"), table_name="holds")
    op.drop_index("ix_holds_expiry", table_name="holds", postgresql_where=sa.text("state = 'live'"))
    op.drop_table("holds")
    op.drop_index(op.f("ix_stock_movements_lot_id"), table_name="stock_movements")
    op.drop_table("stock_movements")
    op.drop_index(op.f("ix_product_certificates_certificate_id"), table_name="product_certificates")
    op.drop_table("product_certificates")
    op.drop_index(op.f("ix_pack_prices_pack_id"), table_name="pack_prices")
    op.drop_table("pack_prices")
    op.drop_index(op.f("ix_order_lines_seller_order_id"), table_name="order_lines")
    op.drop_index(op.f("ix_order_lines_product_id"), table_name="order_lines")
    op.drop_table("order_lines")
    op.drop_index(
        "ix_lot_stocks_available",
        table_name="lot_stocks",
        postgresql_where=sa.text("on_hand_g > held_g"),
    )
    op.drop_table("lot_stocks")
    op.drop_index(op.f("ix_lot_photos_lot_id"), table_name="lot_photos")
    op.drop_table("lot_photos")
    op.drop_index(op.f("ix_lot_events_lot_id"), table_name="lot_events")
    op.drop_table("lot_events")
    op.drop_table("lot_certificates")
    op.drop_index("ix_cash_collections_state", table_name="cash_collections")
    op.drop_index(op.f("ix_cash_collections_payment_id"), table_name="cash_collections")
    op.drop_index(op.f("ix_cash_collections_organisation_id"), table_name="cash_collections")
    op.drop_table("cash_collections")
    op.drop_index(op.f("ix_cart_lines_pack_id"), table_name="cart_lines")
    op.drop_table("cart_lines")
    op.drop_index(op.f("ix_bank_lines_statement_id"), table_name="bank_lines")
    op.drop_index(op.f("ix_bank_lines_payment_id"), table_name="bank_lines")
    op.drop_index("ix_bank_lines_outcome", table_name="bank_lines")
    op.drop_table("bank_lines")
    op.drop_index("ix_seller_orders_desk", table_name="seller_orders")
    op.drop_index(
        "ix_seller_orders_delivered",
        table_name="seller_orders",
        postgresql_where=sa.text("delivered_at is not null"),
    )
    op.drop_table("seller_orders")
    op.drop_index(op.f("ix_product_photos_product_id"), table_name="product_photos")
    op.drop_table("product_photos")
    op.drop_index("ix_payments_state", table_name="payments")
    op.drop_table("payments")
    op.drop_index("uq_packs_code", table_name="packs", postgresql_where=sa.text("is_active"))
    op.drop_index(op.f("ix_packs_product_id"), table_name="packs")
    op.drop_table("packs")
    op.drop_index("ix_lots_product_id_best_before_on", table_name="lots")
    op.drop_index(op.f("ix_lots_organisation_id"), table_name="lots")
    op.drop_table("lots")
    op.drop_index(op.f("ix_ledger_postings_entry_id"), table_name="ledger_postings")
    op.drop_index(
        "ix_ledger_postings_account_id_entry_id",
        table_name="ledger_postings",
        postgresql_include=["amount_minor"],
    )
    op.drop_table("ledger_postings")
    op.drop_index("ix_certificates_waiting", table_name="certificates")
    op.drop_index(op.f("ix_certificates_organisation_id"), table_name="certificates")
    op.drop_table("certificates")
    op.drop_index(op.f("ix_bank_statements_imported_at"), table_name="bank_statements")
    op.drop_table("bank_statements")
    op.drop_index(op.f("ix_user_sessions_user_id"), table_name="user_sessions")
    op.drop_table("user_sessions")
    op.drop_table("revenue_months")
    op.drop_index(
        "ix_products_search_text",
        table_name="products",
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    op.drop_index("ix_products_organisation_id_state", table_name="products")
    op.drop_index("ix_products_listing", table_name="products")
    op.drop_index(op.f("ix_products_category_id"), table_name="products")
    op.drop_table("products")
    op.drop_index(
        "uq_payouts_bank_reference",
        table_name="payouts",
        postgresql_where=sa.text("bank_reference <> ''"),
    )
    op.drop_index(op.f("ix_payouts_organisation_id"), table_name="payouts")
    op.drop_table("payouts")
    op.drop_index(op.f("ix_orders_placed_at"), table_name="orders")
    op.drop_index("ix_orders_buyer_user_id_placed_at", table_name="orders")
    op.drop_index(
        "ix_orders_awaiting",
        table_name="orders",
        postgresql_where=sa.text("state = 'awaiting_payment'"),
    )
    op.drop_table("orders")
    op.drop_index(op.f("ix_one_time_tokens_user_id"), table_name="one_time_tokens")
    op.drop_table("one_time_tokens")
    op.drop_index(
        "uq_memberships_active",
        table_name="memberships",
        postgresql_where=sa.text("ended_at is null"),
    )
    op.drop_index(op.f("ix_memberships_organisation_id"), table_name="memberships")
    op.drop_table("memberships")
    op.drop_index(op.f("ix_media_files_sha256"), table_name="media_files")
    op.drop_index(op.f("ix_media_files_organisation_id"), table_name="media_files")
    op.drop_table("media_files")
    op.drop_index(op.f("ix_ledger_accounts_organisation_id"), table_name="ledger_accounts")
    op.drop_table("ledger_accounts")
    op.drop_table("delivery_settings")
    op.drop_index(
        "uq_carts_user_id", table_name="carts", postgresql_where=sa.text("user_id is not null")
    )
    op.drop_index(op.f("ix_carts_updated_at"), table_name="carts")
    op.drop_table("carts")
    op.drop_index(
        "uq_bank_accounts_collecting",
        table_name="bank_accounts",
        postgresql_where=sa.text("is_collecting"),
    )
    op.drop_index(op.f("ix_bank_accounts_organisation_id"), table_name="bank_accounts")
    op.drop_table("bank_accounts")
    op.drop_table("users")
    op.drop_table("throttle_counters")
    op.drop_index("ix_state_changes_subject", table_name="state_changes")
    op.drop_table("state_changes")
    op.drop_index(op.f("ix_organisations_province_code"), table_name="organisations")
    op.drop_index("ix_organisations_kind_sort_key", table_name="organisations")
    op.drop_table("organisations")
    op.drop_index(op.f("ix_messages_recipient"), table_name="messages")
    op.drop_table("messages")
    op.drop_index(op.f("ix_ledger_entries_at"), table_name="ledger_entries")
    op.drop_table("ledger_entries")
    op.drop_table("heartbeats")
    op.drop_table("data_loads")
    op.drop_index(op.f("ix_categories_parent_id"), table_name="categories")
    op.drop_table("categories")
    op.drop_index("ix_audit_events_subject", table_name="audit_events")
    op.drop_index(op.f("ix_audit_events_at"), table_name="audit_events")
    op.drop_table("audit_events")
