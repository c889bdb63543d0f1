"""A file of plots is brought in as one of members is; a plot may have holes and several parts."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SHAPE = "ck_plots_shape_known"


def upgrade() -> None:
    op.add_column(
        "register_imports",
        sa.Column("kind", sa.String(length=10), server_default="members", nullable=False),
    )
    op.alter_column("register_imports", "kind", server_default=None)
    op.create_check_constraint(
        op.f("ck_register_imports_kind_known"), "register_imports", "kind in ('members', 'plots')"
    )
    op.drop_constraint(op.f(SHAPE), "plots", type_="check")
    op.create_check_constraint(
        op.f(SHAPE),
        "plots",
        "geometry is null or geometry->>'type' in ('Point', 'Polygon', 'MultiPolygon')",
    )


def downgrade() -> None:
    op.drop_constraint(op.f(SHAPE), "plots", type_="check")
    op.create_check_constraint(
        op.f(SHAPE), "plots", "geometry is null or geometry->>'type' in ('Point', 'Polygon')"
    )
    op.drop_constraint(op.f("ck_register_imports_kind_known"), "register_imports", type_="check")
    op.drop_column("register_imports", "kind")
