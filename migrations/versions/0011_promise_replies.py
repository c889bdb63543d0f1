"""What sellers say beside promises that they did not keep."""

import sqlalchemy as sa
from alembic import context, op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    role = context.config.attributes.get("serving_role", "app_rw")
    op.create_table(
        "promise_replies",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("seller_order_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "char_length(text) between 1 and 500", name=op.f("ck_promise_replies_text_sane")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_promise_replies_{column}_{table}")
            )
            for column, table in (
                ("seller_order_id", "seller_orders"),
                ("organisation_id", "organisations"),
                ("by_id", "users"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_replies")),
        sa.UniqueConstraint("seller_order_id", name=op.f("uq_promise_replies_seller_order_id")),
    )
    op.create_index(
        op.f("ix_promise_replies_organisation_id"), "promise_replies", ["organisation_id"]
    )
    op.execute(f"""
        create trigger only_ever_added before update or delete on promise_replies
            for each row execute function refuse_change();
        create trigger never_emptied before truncate on promise_replies
            for each statement execute function refuse_change();
        revoke update, delete, truncate on promise_replies from "{role}";
    """)


def downgrade() -> None:
    raise NotImplementedError("replies are history; restore a backup instead")
