"""Appeals against decisions, cooperatives in unions, figures of the year."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add_appeals()


def downgrade() -> None:
    raise NotImplementedError("appeals and figures are history; restore a backup instead")


def _add_appeals() -> None:
    op.create_table(
        "appeals",
        _id(),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("state_change_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        _moment("created_at"),
        sa.Column("created_by_id", sa.BigInteger(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        _moment("decided_at", nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_by_organisation_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state in ('open', 'upheld', 'denied')", name=op.f("ck_appeals_state_known")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at is null)",
            name=op.f("ck_appeals_decided_with_its_moment"),
        ),
        sa.CheckConstraint(
            "(decided_at is null) = (decided_by_organisation_id is null)",
            name=op.f("ck_appeals_decided_by_somebody"),
        ),
        *(
            _refers("appeals", column, table)
            for column, table in (
                ("organisation_id", "organisations"),
                ("state_change_id", "state_changes"),
                ("file_id", "media_files"),
                ("created_by_id", "users"),
                ("decided_by_id", "users"),
                ("decided_by_organisation_id", "organisations"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("state_change_id", name=op.f("uq_appeals_state_change_id")),
    )
    op.create_index(
        op.f("ix_appeals_organisation_id"), "appeals", ["organisation_id"], unique=False
    )
    op.create_index(
        "ix_appeals_open",
        "appeals",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )


def _id() -> sa.Column:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )
