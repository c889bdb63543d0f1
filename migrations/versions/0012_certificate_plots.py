"""A certificate may name the plots that it reaches."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate_plots",
        sa.Column("certificate_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("plot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates.id"],
            name=op.f("fk_certificate_plots_certificate_id_certificates"),
        ),
        sa.ForeignKeyConstraint(
            ["plot_id"], ["plots.id"], name=op.f("fk_certificate_plots_plot_id_plots")
        ),
        sa.PrimaryKeyConstraint("certificate_id", "plot_id", name=op.f("pk_certificate_plots")),
    )
    op.create_index(
        op.f("ix_certificate_plots_plot_id"), "certificate_plots", ["plot_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("certificate_plots")
