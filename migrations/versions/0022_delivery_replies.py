"""What sellers say beside deliveries of contracts that count against them."""

import sqlalchemy as sa
from alembic import context, op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    role = context.config.attributes.get("serving_role", "app_rw")
    op.create_table(
        "delivery_replies",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "char_length(text) between 1 and 500", name=op.f("ck_delivery_replies_text_sane")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_delivery_replies_{column}_{table}")
            )
            for column, table in (
                ("delivery_id", "deliveries"),
                ("organisation_id", "organisations"),
                ("by_id", "users"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_replies")),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_delivery_replies_delivery_id")),
    )
    op.create_index(
        op.f("ix_delivery_replies_organisation_id"), "delivery_replies", ["organisation_id"]
    )
    op.execute(f"""
        create trigger only_ever_added before update or delete on delivery_replies
            for each row execute function refuse_change();
        create trigger never_emptied before truncate on delivery_replies
            for each statement execute function refuse_change();
        revoke update, delete, truncate on delivery_replies from "{role}";
    """)


def downgrade() -> None:
    raise NotImplementedError("replies are history; restore a backup instead")
