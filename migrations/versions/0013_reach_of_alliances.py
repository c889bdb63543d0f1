"""One alliance decides about a province, and nobody but alliances does."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_unique_constraint(
        op.f("uq_organisations_covers_province_code"), "organisations", ["covers_province_code"]
    )
    op.create_check_constraint(
        op.f("ck_organisations_only_alliances_cover"),
        "organisations",
        "covers_province_code is null or kind = 'alliance'",
    )


def downgrade() -> None:
    op.drop_constraint(
        op.f("ck_organisations_only_alliances_cover"), "organisations", type_="check"
    )
    op.drop_constraint(
        op.f("uq_organisations_covers_province_code"), "organisations", type_="unique"
    )
