"""Appeals against decisions, cooperatives in unions, figures of the year."""

import sqlalchemy as sa
from alembic import context, op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


COUNTS = (
    "official_members",
    "associate_members_capital",
    "associate_members_other",
    "labourers",
    "labourers_members",
    "charter_capital_minor",
    "total_assets_minor",
    "revenue_internal_minor",
    "revenue_external_minor",
    "profit_minor",
    "managers",
    "managers_trained",
)


def upgrade() -> None:
    _add_appeals()
    _add_statistics()
    _add_unions()


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


def _add_statistics() -> None:
    role = context.config.attributes.get("serving_role", "app_rw")
    not_negative = ", ".join(name for name in COUNTS if name != "profit_minor")
    op.create_table(
        "yearly_statistics",
        _id(),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in COUNTS),
        sa.Column("mean_income_minor", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _moment("declared_at"),
        sa.Column("declared_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "year between 1950 and 2200", name=op.f("ck_yearly_statistics_year_sane")
        ),
        sa.CheckConstraint("version > 0", name=op.f("ck_yearly_statistics_version_positive")),
        sa.CheckConstraint(
            "version = 1 or reason <> ''",
            name=op.f("ck_yearly_statistics_corrected_for_a_reason"),
        ),
        sa.CheckConstraint(
            "managers_trained <= managers", name=op.f("ck_yearly_statistics_trained_are_managers")
        ),
        sa.CheckConstraint(
            "labourers_members <= labourers",
            name=op.f("ck_yearly_statistics_working_members_work"),
        ),
        sa.CheckConstraint(
            f"least({not_negative}, coalesce(mean_income_minor, 0)) >= 0",
            name=op.f("ck_yearly_statistics_not_negative"),
        ),
        _refers("yearly_statistics", "organisation_id", "organisations"),
        _refers("yearly_statistics", "declared_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_yearly_statistics")),
        sa.UniqueConstraint(
            "organisation_id", "year", "version", name=op.f("uq_yearly_statistics_organisation_id")
        ),
    )
    op.create_index(op.f("ix_yearly_statistics_year"), "yearly_statistics", ["year"], unique=False)
    op.execute(f"""
        create trigger only_ever_added before update or delete on yearly_statistics
            for each row execute function refuse_change();
        create trigger never_emptied before truncate on yearly_statistics
            for each statement execute function refuse_change();
        revoke update, delete, truncate on yearly_statistics from "{role}";
    """)


def _add_unions() -> None:
    op.create_table(
        "union_memberships",
        _id(),
        sa.Column("union_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        _moment("proposed_at"),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "state in ('proposed', 'active', 'ended', 'declined')",
            name=op.f("ck_union_memberships_state_known"),
        ),
        sa.CheckConstraint(
            "union_id <> member_id", name=op.f("ck_union_memberships_nobody_joins_itself")
        ),
        sa.CheckConstraint(
            "(state in ('active', 'ended')) = (joined_on is not null)",
            name=op.f("ck_union_memberships_joined_with_its_day"),
        ),
        sa.CheckConstraint(
            "(state = 'ended') = (left_on is not null)",
            name=op.f("ck_union_memberships_left_with_its_day"),
        ),
        sa.CheckConstraint(
            "left_on >= joined_on", name=op.f("ck_union_memberships_left_after_joining")
        ),
        _refers("union_memberships", "union_id", "organisations"),
        _refers("union_memberships", "member_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_union_memberships")),
    )
    op.create_index(
        op.f("ix_union_memberships_member_id"), "union_memberships", ["member_id"], unique=False
    )
    op.create_index(
        "uq_union_memberships_open",
        "union_memberships",
        ["union_id", "member_id"],
        unique=True,
        postgresql_where=sa.text("state in ('proposed', 'active')"),
    )
    op.execute("""
        alter table union_memberships add constraint ex_union_memberships_periods_apart
            exclude using gist (
                int8range(union_id, union_id, '[]') with &&,
                int8range(member_id, member_id, '[]') with &&,
                daterange(joined_on, left_on, '[)') with &&
            ) where (joined_on is not null)
    """)


def _id() -> sa.Column:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )
