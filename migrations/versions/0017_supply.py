"""What sellers expect month by month, and the searches that buyers keep."""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None

ADDED_ONLY = ("supply_changes",)


def upgrade() -> None:
    role = context.config.attributes.get("serving_role", "app_rw")
    op.create_table(
        "saved_searches",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.String(length=2000), nullable=False),
        sa.Column("is_watched", sa.Boolean(), nullable=False),
        sa.Column("found", postgresql.JSONB(), nullable=True),
        sa.Column("found_count", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "found_count >= 0", name=op.f("ck_saved_searches_found_count_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_saved_searches_created_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_saved_searches_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_searches")),
        sa.UniqueConstraint(
            "organisation_id", "query", name=op.f("uq_saved_searches_organisation_id")
        ),
    )
    op.create_index(
        "ix_saved_searches_watched",
        "saved_searches",
        ["id"],
        unique=False,
        postgresql_where=sa.text("is_watched"),
    )
    op.create_table(
        "supplies",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("grade", sa.String(length=40), server_default="", nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("forecast_g", sa.BigInteger(), nullable=False),
        sa.Column("held_g", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("contracted_g", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "extract(day from month) = 1", name=op.f("ck_supplies_month_by_its_first_day")
        ),
        sa.CheckConstraint("forecast_g >= 0", name=op.f("ck_supplies_forecast_not_negative")),
        sa.CheckConstraint(
            "held_g + contracted_g <= forecast_g", name=op.f("ck_supplies_free_not_negative")
        ),
        sa.CheckConstraint(
            "held_g >= 0 and contracted_g >= 0", name=op.f("ck_supplies_spoken_for_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_supplies_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_supplies_product_id_products")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplies")),
        sa.UniqueConstraint("product_id", "grade", "month", name=op.f("uq_supplies_product_id")),
    )
    op.create_index("ix_supplies_book", "supplies", ["organisation_id", "month"], unique=False)
    op.create_table(
        "supply_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("supply_id", sa.BigInteger(), nullable=False),
        sa.Column("before_g", sa.BigInteger(), nullable=False),
        sa.Column("after_g", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "before_g >= 0 and after_g >= 0", name=op.f("ck_supply_changes_weights_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_supply_changes_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["supply_id"], ["supplies.id"], name=op.f("fk_supply_changes_supply_id_supplies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply_changes")),
    )
    op.create_index(
        "ix_supply_changes_supply_id", "supply_changes", ["supply_id", "id"], unique=False
    )
    op.create_table(
        "supply_holds",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("supply_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("grams", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose in ('quote', 'contract')", name=op.f("ck_supply_holds_purpose_known")
        ),
        sa.CheckConstraint("grams > 0", name=op.f("ck_supply_holds_holds_something")),
        sa.ForeignKeyConstraint(
            ["supply_id"], ["supplies.id"], name=op.f("fk_supply_holds_supply_id_supplies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply_holds")),
    )
    op.create_index("ix_supply_holds_reference", "supply_holds", ["reference"], unique=False)
    op.create_index(
        "uq_supply_holds_open",
        "supply_holds",
        ["supply_id", "purpose", "reference"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
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
    raise NotImplementedError("forecasts are history; restore a backup instead")
