"""Deliveries of contracts, their lines, disputes and returns."""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


ADDED_ONLY = ("delivery_changes",)


def upgrade() -> None:
    role = context.config.attributes.get("serving_role", "app_rw")
    op.create_table(
        "deliveries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("call_off_key", sa.String(length=64), nullable=True),
        sa.Column("schedule_key", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("due_from", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("planned_g", sa.BigInteger(), nullable=False),
        sa.Column("province_code", sa.String(length=2), nullable=False),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("po_number", sa.String(length=40), nullable=False),
        sa.Column("cost_centre", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("packed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shipped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("carrier", sa.String(length=80), nullable=False),
        sa.Column("vehicle", sa.String(length=40), nullable=False),
        sa.Column("handed_by", sa.String(length=80), nullable=False),
        sa.Column("accept_by_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.BigInteger(), nullable=True),
        sa.Column("is_automatic", sa.Boolean(), nullable=False),
        sa.Column("arrived_on", sa.Date(), nullable=True),
        sa.Column("received_by", sa.String(length=80), nullable=False),
        sa.Column("dispute_open", sa.Boolean(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(state = 'accepted') = (accepted_at is not null)",
            name=op.f("ck_deliveries_accepted_moment"),
        ),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancelled_at is not null)",
            name=op.f("ck_deliveries_cancelled_moment"),
        ),
        sa.CheckConstraint(
            "origin in ('schedule', 'call_off')", name=op.f("ck_deliveries_origin_known")
        ),
        sa.CheckConstraint(
            "state <> 'shipped' or accept_by_at is not null",
            name=op.f("ck_deliveries_shipped_has_deadline"),
        ),
        sa.CheckConstraint(
            "state in ('planned', 'confirmed', 'packed', 'shipped', 'accepted', 'cancelled')",
            name=op.f("ck_deliveries_state_known"),
        ),
        sa.CheckConstraint("due_from <= due_on", name=op.f("ck_deliveries_days_in_order")),
        sa.CheckConstraint("planned_g > 0", name=op.f("ck_deliveries_plans_something")),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["users.id"], name=op.f("fk_deliveries_accepted_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f("fk_deliveries_contract_id_contracts")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_deliveries_created_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("call_off_key", name=op.f("uq_deliveries_call_off_key")),
        sa.UniqueConstraint("contract_id", "position", name=op.f("uq_deliveries_contract_id")),
        sa.UniqueConstraint("contract_id", "schedule_key", name=op.f("uq_deliveries_schedule_key")),
        sa.UniqueConstraint("number", name=op.f("uq_deliveries_number")),
    )
    op.create_index(
        "ix_deliveries_clock",
        "deliveries",
        ["accept_by_at"],
        unique=False,
        postgresql_where=sa.text("state = 'shipped' and not dispute_open"),
    )
    op.create_index("ix_deliveries_due", "deliveries", ["state", "due_on"], unique=False)
    op.create_table(
        "delivery_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("differences", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_delivery_changes_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["deliveries.id"],
            name=op.f("fk_delivery_changes_delivery_id_deliveries"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_changes")),
    )
    op.create_index(
        "ix_delivery_changes_delivery_id", "delivery_changes", ["delivery_id", "id"], unique=False
    )
    op.create_table(
        "delivery_disputes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("side", sa.String(length=6), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.BigInteger(), nullable=False),
        sa.Column("resolution", sa.Text(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(resolution = '') = (resolved_at is null)",
            name=op.f("ck_delivery_disputes_resolved_has_a_moment"),
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["deliveries.id"],
            name=op.f("fk_delivery_disputes_delivery_id_deliveries"),
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["users.id"], name=op.f("fk_delivery_disputes_opened_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["resolved_by_id"], ["users.id"], name=op.f("fk_delivery_disputes_resolved_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_disputes")),
    )
    op.create_index(
        "uq_delivery_disputes_open",
        "delivery_disputes",
        ["delivery_id"],
        unique=True,
        postgresql_where=sa.text("resolved_at is null"),
    )
    op.create_table(
        "delivery_lines",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=False),
        sa.Column("lot_code", sa.String(length=20), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("category_id", sa.BigInteger(), nullable=False),
        sa.Column("harvested_on", sa.Date(), nullable=False),
        sa.Column("best_before_on", sa.Date(), nullable=True),
        sa.Column("certificates", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("grade", sa.String(length=20), nullable=False),
        sa.Column("shipped_g", sa.BigInteger(), nullable=False),
        sa.Column("accepted_g", sa.BigInteger(), nullable=True),
        sa.Column("short_g", sa.BigInteger(), nullable=False),
        sa.Column("rejected_g", sa.BigInteger(), nullable=False),
        sa.Column("accepted_grade", sa.String(length=20), nullable=False),
        sa.Column("moisture", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("photo_id", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("calculation", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "rejected_g = 0 or reason <> ''", name=op.f("ck_delivery_lines_rejected_has_a_reason")
        ),
        sa.CheckConstraint(
            "accepted_g is null or (accepted_g >= 0 and short_g >= 0 and rejected_g >= 0 and accepted_g + short_g + rejected_g = shipped_g)",
            name=op.f("ck_delivery_lines_adds_up"),
        ),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_delivery_lines_amount_not_negative")),
        sa.CheckConstraint("shipped_g > 0", name=op.f("ck_delivery_lines_ships_something")),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["categories.id"],
            name=op.f("fk_delivery_lines_category_id_categories"),
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["deliveries.id"],
            name=op.f("fk_delivery_lines_delivery_id_deliveries"),
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["lots.id"], name=op.f("fk_delivery_lines_lot_id_lots")
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["media_files.id"], name=op.f("fk_delivery_lines_photo_id_media_files")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_delivery_lines_product_id_products")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_lines")),
        sa.UniqueConstraint("delivery_id", "lot_id", name=op.f("uq_delivery_lines_delivery_id")),
    )
    op.create_index(op.f("ix_delivery_lines_lot_id"), "delivery_lines", ["lot_id"], unique=False)
    op.create_table(
        "delivery_returns",
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.Column("grams", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(state = 'expected') = (ended_at is null)",
            name=op.f("ck_delivery_returns_ended_has_a_moment"),
        ),
        sa.CheckConstraint(
            "state in ('expected', 'received', 'written_off')",
            name=op.f("ck_delivery_returns_state_known"),
        ),
        sa.CheckConstraint("grams > 0", name=op.f("ck_delivery_returns_returns_something")),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["users.id"], name=op.f("fk_delivery_returns_ended_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["delivery_lines.id"],
            name=op.f("fk_delivery_returns_line_id_delivery_lines"),
        ),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_delivery_returns")),
    )
    op.drop_constraint(op.f("ck_stock_movements_kind_known"), "stock_movements", type_="check")
    op.create_check_constraint(
        op.f("ck_stock_movements_kind_known"),
        "stock_movements",
        "kind in ('received', 'sold', 'lost', 'corrected', 'returned')",
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
