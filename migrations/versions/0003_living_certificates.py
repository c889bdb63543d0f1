"""Certificates that live: who checked them and how, whom we warned, and their end by itself."""

import sqlalchemy as sa
from alembic import context, op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATES = "state in ('claimed', 'verified', 'rejected', 'revoked', 'expired')"


def upgrade() -> None:
    role = context.config.attributes.get("serving_role", "app_rw")
    op.add_column(
        "certificates",
        sa.Column("holder_shows_file", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.alter_column("certificates", "holder_shows_file", server_default=None)
    op.drop_constraint(op.f("ck_certificates_state_known"), "certificates", type_="check")
    op.create_check_constraint(op.f("ck_certificates_state_known"), "certificates", STATES)
    op.create_index(
        "ix_certificates_ending",
        "certificates",
        ["valid_to"],
        unique=False,
        postgresql_where=sa.text("state = 'verified'"),
    )
    op.create_table(
        "certificate_checks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("certificate_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("checker_id", sa.BigInteger(), nullable=False),
        sa.Column("checker_organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind in ('document', 'register')", name=op.f("ck_certificate_checks_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates.id"],
            name=op.f("fk_certificate_checks_certificate_id_certificates"),
        ),
        sa.ForeignKeyConstraint(
            ["checker_id"], ["users.id"], name=op.f("fk_certificate_checks_checker_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["checker_organisation_id"],
            ["organisations.id"],
            name=op.f("fk_certificate_checks_checker_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_checks")),
    )
    op.create_index(
        op.f("ix_certificate_checks_certificate_id"),
        "certificate_checks",
        ["certificate_id"],
        unique=False,
    )
    op.create_table(
        "certificate_notices",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("certificate_id", sa.BigInteger(), nullable=False),
        sa.Column("days_before", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("days_before > 0", name=op.f("ck_certificate_notices_before_the_end")),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates.id"],
            name=op.f("fk_certificate_notices_certificate_id_certificates"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_notices")),
        sa.UniqueConstraint(
            "certificate_id", "days_before", name=op.f("uq_certificate_notices_certificate_id")
        ),
    )
    for table in ("certificate_checks", "certificate_notices"):
        op.execute(f"""
            create trigger only_ever_added before update or delete on {table}
                for each row execute function refuse_change();
            create trigger never_emptied before truncate on {table}
                for each statement execute function refuse_change();
            revoke update, delete, truncate on {table} from "{role}";
        """)


def downgrade() -> None:
    raise NotImplementedError("checks are history; restore a backup instead")
