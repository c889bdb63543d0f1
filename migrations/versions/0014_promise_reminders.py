"""Which sellers are beyond a limit of the market's rules, as the last count found them."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

COUNTS = ("off_kept", "off_missed", "late_kept", "late_missed", "replies")


def upgrade() -> None:
    op.create_table(
        "promise_reminders",
        sa.Column("organisation_id", sa.BigInteger(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            " and ".join(f"{name} >= 0" for name in COUNTS),
            name=op.f("ck_promise_reminders_counts_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_promise_reminders_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_promise_reminders")),
    )


def downgrade() -> None:
    op.drop_table("promise_reminders")
