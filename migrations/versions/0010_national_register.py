"""The register in its order and by parts of names; how far certificates reach, in figures."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "organisations",
        sa.Column(
            "waiting_since",
            sa.DateTime(timezone=True),
            sa.Computed("case when verification = 'pending' then created_at end", persisted=True),
        ),
    )
    op.create_index(
        "ix_organisations_waiting_first",
        "organisations",
        ["waiting_since", "sort_key", "id"],
    )
    op.create_index(
        "ix_organisations_name_parts",
        "organisations",
        ["slug", "name"],
        postgresql_using="gin",
        postgresql_ops={"slug": "gin_trgm_ops", "name": "gin_trgm_ops"},
    )
    op.add_column(
        "certificates",
        sa.Column("facility", sa.String(200), server_default="", nullable=False),
    )
    for name, column in (("area", "area_m2"), ("yearly", "yearly_g")):
        op.add_column("certificates", sa.Column(column, sa.BigInteger(), nullable=True))
        op.create_check_constraint(
            op.f(f"ck_certificates_{name}_positive"), "certificates", f"{column} > 0"
        )


def downgrade() -> None:
    for name in ("yearly", "area"):
        op.drop_constraint(op.f(f"ck_certificates_{name}_positive"), "certificates", type_="check")
    for column in ("yearly_g", "area_m2", "facility"):
        op.drop_column("certificates", column)
    op.drop_index("ix_organisations_name_parts", "organisations")
    op.drop_index("ix_organisations_waiting_first", "organisations")
    op.drop_column("organisations", "waiting_since")
