"""Contracts: versions, comments, agreements, approvals, documents, signatures; reference prices."""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


ADDED_ONLY = (
    "contract_versions",
    "contract_comments",
    "contract_agreements",
    "contract_approvals",
    "contract_documents",
    "contract_signatures",
    "reference_prices",
)


def upgrade() -> None:
    role = context.config.attributes.get("serving_role", "app_rw")
    op.create_table(
        "reference_prices",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("price_minor > 0", name=op.f("ck_reference_prices_price_positive")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_reference_prices_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_prices")),
    )
    op.create_index(
        "ix_reference_prices_code", "reference_prices", ["code", "day", "id"], unique=False
    )
    op.create_table(
        "spending_limits",
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("approvals", sa.Integer(), nullable=False),
        sa.Column("from_minor", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("approvals between 1 and 2", name=op.f("ck_spending_limits_one_or_two")),
        sa.CheckConstraint("from_minor >= 0", name=op.f("ck_spending_limits_from_not_negative")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_spending_limits_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["users.id"], name=op.f("fk_spending_limits_updated_by_id_users")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "approvals", name=op.f("pk_spending_limits")),
    )
    op.create_table(
        "contracts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("award_id", sa.BigInteger(), nullable=True),
        sa.Column("quote_id", sa.BigInteger(), nullable=True),
        sa.Column("renews_id", sa.BigInteger(), nullable=True),
        sa.Column("buyer_id", sa.BigInteger(), nullable=False),
        sa.Column("seller_id", sa.BigInteger(), nullable=False),
        sa.Column("led_by_id", sa.BigInteger(), nullable=True),
        sa.Column("made_by_side", sa.String(length=6), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("signed_version", sa.Integer(), nullable=True),
        sa.Column("turn", sa.String(length=6), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total_g", sa.BigInteger(), nullable=False),
        sa.Column("value_minor", sa.BigInteger(), nullable=False),
        sa.Column("commission_bps", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("po_number", sa.String(length=40), nullable=False),
        sa.Column("cost_centre", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(state in ('completed', 'terminated', 'cancelled')) = (ended_at is not null)",
            name=op.f("ck_contracts_ended_has_a_moment"),
        ),
        sa.CheckConstraint(
            "origin in ('award', 'offer', 'renewal')", name=op.f("ck_contracts_origin_known")
        ),
        sa.CheckConstraint(
            "state in ('draft', 'negotiating', 'agreed', 'active', 'completed', 'terminated', 'cancelled')",
            name=op.f("ck_contracts_state_known"),
        ),
        sa.CheckConstraint(
            "state not in ('active', 'completed', 'terminated') or (signed_version is not null and signed_at is not null)",
            name=op.f("ck_contracts_signed_before_it_runs"),
        ),
        sa.CheckConstraint("turn in ('buyer', 'seller')", name=op.f("ck_contracts_turn_known")),
        sa.CheckConstraint("buyer_id <> seller_id", name=op.f("ck_contracts_two_sides")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_contracts_days_in_order")),
        sa.CheckConstraint(
            "total_g > 0 and value_minor > 0", name=op.f("ck_contracts_about_something")
        ),
        sa.CheckConstraint(
            "version >= 1 and signed_version <= version", name=op.f("ck_contracts_version_counts")
        ),
        sa.ForeignKeyConstraint(
            ["award_id"], ["awards.id"], name=op.f("fk_contracts_award_id_awards")
        ),
        sa.ForeignKeyConstraint(
            ["buyer_id"], ["organisations.id"], name=op.f("fk_contracts_buyer_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_contracts_created_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["led_by_id"], ["organisations.id"], name=op.f("fk_contracts_led_by_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_contracts_product_id_products")
        ),
        sa.ForeignKeyConstraint(
            ["quote_id"], ["quotes.id"], name=op.f("fk_contracts_quote_id_quotes")
        ),
        sa.ForeignKeyConstraint(
            ["renews_id"], ["contracts.id"], name=op.f("fk_contracts_renews_id_contracts")
        ),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["organisations.id"], name=op.f("fk_contracts_seller_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts")),
        sa.UniqueConstraint(
            "award_id", "quote_id", "seller_id", "product_id", name=op.f("uq_contracts_award_id")
        ),
        sa.UniqueConstraint("number", name=op.f("uq_contracts_number")),
    )
    op.create_index("ix_contracts_buyer_id", "contracts", ["buyer_id", "state", "id"], unique=False)
    op.create_index("ix_contracts_led_by_id", "contracts", ["led_by_id"], unique=False)
    op.create_index(op.f("ix_contracts_product_id"), "contracts", ["product_id"], unique=False)
    op.create_index(
        "ix_contracts_seller_id", "contracts", ["seller_id", "state", "id"], unique=False
    )
    op.create_table(
        "contract_versions",
        sa.Column("contract_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=6), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_contract_versions_version_counts")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_contract_versions_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contracts.id"],
            name=op.f("fk_contract_versions_contract_id_contracts"),
        ),
        sa.PrimaryKeyConstraint("contract_id", "version", name=op.f("pk_contract_versions")),
    )
    op.create_table(
        "contract_agreements",
        sa.Column("contract_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=6), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_contract_agreements_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id", "version"],
            ["contract_versions.contract_id", "contract_versions.version"],
            name=op.f("fk_contract_agreements_contract_id_contract_versions"),
        ),
        sa.PrimaryKeyConstraint(
            "contract_id", "version", "side", name=op.f("pk_contract_agreements")
        ),
    )
    op.create_table(
        "contract_approvals",
        sa.Column("contract_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_contract_approvals_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id", "version"],
            ["contract_versions.contract_id", "contract_versions.version"],
            name=op.f("fk_contract_approvals_contract_id_contract_versions"),
        ),
        sa.PrimaryKeyConstraint(
            "contract_id", "version", "by_id", name=op.f("pk_contract_approvals")
        ),
    )
    op.create_table(
        "contract_comments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=80), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("side", sa.String(length=6), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_contract_comments_says_something")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_contract_comments_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id", "version"],
            ["contract_versions.contract_id", "contract_versions.version"],
            name=op.f("fk_contract_comments_contract_id_contract_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_comments")),
    )
    op.create_index(
        "ix_contract_comments_contract_id",
        "contract_comments",
        ["contract_id", "version"],
        unique=False,
    )
    op.create_table(
        "contract_documents",
        sa.Column("contract_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("approvals_needed", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "length(sha256) = 64", name=op.f("ck_contract_documents_hash_is_a_hash")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id", "version"],
            ["contract_versions.contract_id", "contract_versions.version"],
            name=op.f("fk_contract_documents_contract_id_contract_versions"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["media_files.id"], name=op.f("fk_contract_documents_file_id_media_files")
        ),
        sa.PrimaryKeyConstraint("contract_id", "version", name=op.f("pk_contract_documents")),
    )
    op.create_table(
        "contract_signatures",
        sa.Column("contract_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=6), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("position", sa.String(length=80), nullable=False),
        sa.Column("provider", sa.String(length=30), nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "side in ('buyer', 'seller')", name=op.f("ck_contract_signatures_side_known")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_contract_signatures_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id", "version"],
            ["contract_versions.contract_id", "contract_versions.version"],
            name=op.f("fk_contract_signatures_contract_id_contract_versions"),
        ),
        sa.PrimaryKeyConstraint(
            "contract_id", "version", "side", name=op.f("pk_contract_signatures")
        ),
    )
    for table in ADDED_ONLY:
        op.execute(f"""
            create trigger only_ever_added before update or delete on {table}
                for each row execute function refuse_change();
            create trigger never_emptied before truncate on {table}
                for each statement execute function refuse_change();
            revoke update, delete, truncate on {table} from "{role}";
        """)


def downgrade() -> None:
    raise NotImplementedError("contracts are history; restore a backup instead")
