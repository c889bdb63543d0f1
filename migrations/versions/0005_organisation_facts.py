"""What the register of business and the alliance know of an organisation; closing for good."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STANDINGS = "'pending', 'verified', 'suspended'"


def upgrade() -> None:
    op.add_column("organisations", sa.Column("registration_number", sa.String(30), nullable=True))
    op.add_column("organisations", sa.Column("legal_representative", sa.String(160), nullable=True))
    op.add_column("organisations", sa.Column("charter_capital_minor", sa.BigInteger()))
    op.add_column(
        "organisations", sa.Column("brand", sa.String(80), server_default="", nullable=False)
    )
    for picture in ("logo_id", "cover_id"):
        op.add_column("organisations", sa.Column(picture, sa.BigInteger(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_organisations_{picture}_media_files"),
            "organisations",
            "media_files",
            [picture],
            ["id"],
        )
    op.create_check_constraint(
        op.f("ck_organisations_charter_capital_not_negative"),
        "organisations",
        "charter_capital_minor >= 0",
    )
    _know_standings(f"{STANDINGS}, 'closed'")


def downgrade() -> None:
    _know_standings(STANDINGS)
    op.drop_constraint(
        op.f("ck_organisations_charter_capital_not_negative"), "organisations", type_="check"
    )
    for column in ("cover_id", "logo_id", "brand", "charter_capital_minor"):
        op.drop_column("organisations", column)
    op.drop_column("organisations", "legal_representative")
    op.drop_column("organisations", "registration_number")


def _know_standings(standings: str) -> None:
    op.drop_constraint(op.f("ck_organisations_verification_known"), "organisations", type_="check")
    op.create_check_constraint(
        op.f("ck_organisations_verification_known"),
        "organisations",
        f"verification in ({standings})",
    )
