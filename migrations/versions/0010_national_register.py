"""The register of the alliance in its order, and by parts of names, for a whole nation."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0005"
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


def downgrade() -> None:
    op.drop_index("ix_organisations_name_parts", "organisations")
    op.drop_index("ix_organisations_waiting_first", "organisations")
    op.drop_column("organisations", "waiting_since")
