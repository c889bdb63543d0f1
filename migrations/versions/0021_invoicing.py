"""Invoices, what falls due, and facts of revenue that come from deliveries of contracts."""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


ADDED_ONLY = ("invoices",)


def upgrade() -> None:
    role = context.config.attributes.get("serving_role", "app_rw")
    op.create_table(
        "invoice_counters",
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_invoice_counters_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "year", name=op.f("pk_invoice_counters")),
    )
    op.create_table(
        "invoices",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("buyer_id", sa.BigInteger(), nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("goods_minor", sa.BigInteger(), nullable=False),
        sa.Column("bonus_minor", sa.BigInteger(), nullable=False),
        sa.Column("penalty_minor", sa.BigInteger(), nullable=False),
        sa.Column("deposit_minor", sa.BigInteger(), nullable=False),
        sa.Column("advance_minor", sa.BigInteger(), nullable=False),
        sa.Column("retention_minor", sa.BigInteger(), nullable=False),
        sa.Column("carried_minor", sa.BigInteger(), nullable=False),
        sa.Column("commission_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("snapshot", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "goods_minor >= 0 and bonus_minor >= 0 and penalty_minor >= 0 and deposit_minor >= 0 and advance_minor >= 0 and carried_minor >= 0 and commission_minor >= 0 and total_minor >= 0 and retention_minor between 0 and total_minor",
            name=op.f("ck_invoices_amounts_sane"),
        ),
        sa.CheckConstraint(
            "total_minor = goods_minor + bonus_minor - penalty_minor - deposit_minor - advance_minor",
            name=op.f("ck_invoices_adds_up"),
        ),
        sa.ForeignKeyConstraint(
            ["buyer_id"], ["organisations.id"], name=op.f("fk_invoices_buyer_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f("fk_invoices_contract_id_contracts")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_invoices_delivery_id_deliveries")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_invoices_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_invoices_delivery_id")),
        sa.UniqueConstraint(
            "organisation_id", "year", "sequence", name=op.f("uq_invoices_organisation_id")
        ),
    )
    op.create_index(op.f("ix_invoices_buyer_id"), "invoices", ["buyer_id"], unique=False)
    op.create_index("ix_invoices_contract_id", "invoices", ["contract_id", "id"], unique=False)
    op.create_table(
        "dues",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ref", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=True),
        sa.Column("buyer_id", sa.BigInteger(), nullable=False),
        sa.Column("seller_id", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("received_minor", sa.BigInteger(), nullable=False),
        sa.Column("returned_minor", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'deposit') = (invoice_id is null)", name=op.f("ck_dues_invoice_or_deposit")
        ),
        sa.CheckConstraint(
            "kind in ('deposit', 'stage', 'retention')", name=op.f("ck_dues_kind_known")
        ),
        sa.CheckConstraint(
            "state in ('awaiting', 'underpaid', 'paid', 'overpaid', 'cancelled')",
            name=op.f("ck_dues_state_known"),
        ),
        sa.CheckConstraint(
            "state not in ('paid', 'overpaid') or received_minor >= amount_minor",
            name=op.f("ck_dues_paid_is_paid"),
        ),
        sa.CheckConstraint(
            "amount_minor > 0 and received_minor >= 0 and returned_minor between 0 and received_minor",
            name=op.f("ck_dues_amounts_sane"),
        ),
        sa.ForeignKeyConstraint(
            ["buyer_id"], ["organisations.id"], name=op.f("fk_dues_buyer_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f("fk_dues_contract_id_contracts")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_dues_invoice_id_invoices")
        ),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["organisations.id"], name=op.f("fk_dues_seller_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dues")),
        sa.UniqueConstraint("ref", name=op.f("uq_dues_ref")),
        sa.UniqueConstraint("reference", name=op.f("uq_dues_reference")),
    )
    op.create_index("ix_dues_contract_id", "dues", ["contract_id", "id"], unique=False)
    op.create_index(op.f("ix_dues_invoice_id"), "dues", ["invoice_id"], unique=False)
    op.create_index("ix_dues_state", "dues", ["state", "due_on"], unique=False)
    op.add_column("bank_lines", sa.Column("due_id", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_bank_lines_due_id"), "bank_lines", ["due_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_bank_lines_due_id_dues"), "bank_lines", "dues", ["due_id"], ["id"]
    )
    op.add_column("refunds", sa.Column("due_id", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_refunds_due_id"), "refunds", ["due_id"], unique=False)
    op.create_foreign_key(op.f("fk_refunds_due_id_dues"), "refunds", "dues", ["due_id"], ["id"])
    op.drop_constraint(op.f("ck_refunds_has_a_source"), "refunds")
    op.create_check_constraint(
        op.f("ck_refunds_has_a_source"),
        "refunds",
        "payment_id is not null or bank_line_id is not null or due_id is not null",
    )
    op.add_column("revenue_facts", sa.Column("delivery_line_id", sa.BigInteger(), nullable=True))
    op.alter_column("revenue_facts", "seller_order_id", existing_type=sa.BIGINT(), nullable=True)
    op.create_index(
        op.f("ix_revenue_facts_delivery_line_id"),
        "revenue_facts",
        ["delivery_line_id"],
        unique=False,
    )
    op.create_foreign_key(
        op.f("fk_revenue_facts_delivery_line_id_delivery_lines"),
        "revenue_facts",
        "delivery_lines",
        ["delivery_line_id"],
        ["id"],
    )
    op.create_check_constraint(
        op.f("ck_bank_lines_paid_one_thing"),
        "bank_lines",
        "payment_id is null or due_id is null",
    )
    op.drop_constraint(op.f("ck_revenue_facts_goods_have_a_line"), "revenue_facts")
    op.create_check_constraint(
        op.f("ck_revenue_facts_goods_have_a_line"),
        "revenue_facts",
        "kind <> 'goods' or line_id is not null or delivery_line_id is not null",
    )
    op.create_check_constraint(
        op.f("ck_revenue_facts_of_an_order_or_a_contract"),
        "revenue_facts",
        "(seller_order_id is null) <> (delivery_line_id is null)",
    )
    op.create_check_constraint(
        op.f("ck_revenue_facts_channel_says_which"),
        "revenue_facts",
        "(channel = 'contract') = (delivery_line_id is not null)",
    )
    # A line of a delivery counts as a line of the book, as one of an order does.
    op.execute("""
        create or replace function add_revenue_months() returns trigger language plpgsql
            security definer set search_path = public, pg_temp as $$
        begin
            insert into revenue_months as kept (
                organisation_id, month, channel, product_id, category_id, buyer_province_code,
                currency, line_count, quantity, grams,
                gross_minor, discount_minor, delivery_minor, commission_minor, net_minor)
            select organisation_id, date_trunc('month', business_day)::date, channel,
                   coalesce(product_id, 0), coalesce(category_id, 0), buyer_province_code,
                   currency, count(coalesce(line_id, delivery_line_id)), sum(quantity), sum(grams),
                   sum(gross_minor), sum(discount_minor), sum(delivery_minor),
                   sum(commission_minor), sum(net_minor)
            from added group by 1, 2, 3, 4, 5, 6, 7 order by 1, 2, 3, 4, 5, 6, 7
            on conflict (organisation_id, month, channel, product_id, category_id,
                         buyer_province_code, currency) do update set
                line_count = kept.line_count + excluded.line_count,
                quantity = kept.quantity + excluded.quantity,
                grams = kept.grams + excluded.grams,
                gross_minor = kept.gross_minor + excluded.gross_minor,
                discount_minor = kept.discount_minor + excluded.discount_minor,
                delivery_minor = kept.delivery_minor + excluded.delivery_minor,
                commission_minor = kept.commission_minor + excluded.commission_minor,
                net_minor = kept.net_minor + excluded.net_minor;
            return null;
        end $$;
    """)
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
