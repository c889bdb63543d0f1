"""The members of an organisation, their shares, their plots and growing areas."""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "growing_areas",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("market", sa.String(length=10), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("crop", sa.String(length=80), nullable=False),
        sa.Column("area_m2", sa.BigInteger(), nullable=True),
        sa.Column("capacity_kg", sa.BigInteger(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("issued_by", sa.String(length=160), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(market = 'domestic') = (country = 'VN')",
            name=op.f("ck_growing_areas_domestic_is_vietnam"),
        ),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name=op.f("ck_growing_areas_country_is_iso")),
        sa.CheckConstraint(
            "market in ('domestic', 'export')", name=op.f("ck_growing_areas_market_known")
        ),
        sa.CheckConstraint("area_m2 > 0", name=op.f("ck_growing_areas_area_positive")),
        sa.CheckConstraint("capacity_kg > 0", name=op.f("ck_growing_areas_capacity_positive")),
        sa.CheckConstraint(
            "valid_to is null or valid_to >= valid_from",
            name=op.f("ck_growing_areas_ends_after_it_begins"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_growing_areas_created_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_growing_areas_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_growing_areas")),
        sa.UniqueConstraint(
            "organisation_id", "code", "country", name=op.f("uq_growing_areas_organisation_id")
        ),
    )
    op.create_table(
        "households",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("province_code", sa.String(length=2), nullable=False),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("hamlet", sa.String(length=120), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("is_official", sa.Boolean(), nullable=False),
        sa.Column("consented_on", sa.Date(), nullable=True),
        sa.Column("consent_note", sa.String(length=300), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("search_text", sa.String(length=400), nullable=False),
        sa.Column("sort_key", sa.String(length=500, collation="C"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "code ~ '^[A-Z0-9][A-Z0-9.-]{0,19}$'", name=op.f("ck_households_code_is_plain")
        ),
        sa.CheckConstraint(
            "erased_at is null or (left_on is not null and name = '')",
            name=op.f("ck_households_erased_whole"),
        ),
        sa.CheckConstraint(
            "kind in ('household', 'individual', 'legal_entity')",
            name=op.f("ck_households_kind_known"),
        ),
        sa.CheckConstraint(
            "is_hidden or consented_on is not null", name=op.f("ck_households_shown_with_consent")
        ),
        sa.CheckConstraint(
            "left_on is null or left_on >= joined_on", name=op.f("ck_households_left_after_joining")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_households_created_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_households_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_households")),
        sa.UniqueConstraint("organisation_id", "code", name=op.f("uq_households_organisation_id")),
    )
    op.create_index(
        "ix_households_register", "households", ["organisation_id", "sort_key", "id"], unique=False
    )
    op.create_table(
        "register_imports",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("read_count", sa.Integer(), nullable=False),
        sa.Column("new_count", sa.Integer(), nullable=False),
        sa.Column("changed_count", sa.Integer(), nullable=False),
        sa.Column("same_count", sa.Integer(), nullable=False),
        sa.Column("unknown_columns", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("problems", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("problem_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(state = 'reading') = (content is not null)",
            name=op.f("ck_register_imports_bytes_until_read"),
        ),
        sa.CheckConstraint(
            "state in ('reading', 'faulty', 'checked', 'queued', 'done', 'discarded')",
            name=op.f("ck_register_imports_state_known"),
        ),
        sa.CheckConstraint(
            "read_count between 0 and row_count", name=op.f("ck_register_imports_read_within_rows")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_register_imports_created_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_register_imports_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_imports")),
    )
    op.create_index(
        "ix_register_imports_organisation_id",
        "register_imports",
        ["organisation_id", "id"],
        unique=False,
    )
    op.create_table(
        "plots",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("crop", sa.String(length=80), nullable=False),
        sa.Column(
            "geometry", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("area_m2", sa.BigInteger(), nullable=True),
        sa.Column("declared_area_m2", sa.BigInteger(), nullable=True),
        sa.Column("province_code", sa.String(length=2), nullable=False),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "code ~ '^[A-Z0-9][A-Z0-9.-]{0,19}$'", name=op.f("ck_plots_code_is_plain")
        ),
        sa.CheckConstraint(
            "geometry is null or geometry->>'type' in ('Point', 'Polygon')",
            name=op.f("ck_plots_shape_known"),
        ),
        sa.CheckConstraint("area_m2 > 0", name=op.f("ck_plots_area_positive")),
        sa.CheckConstraint("declared_area_m2 > 0", name=op.f("ck_plots_declared_area_positive")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_plots_created_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name=op.f("fk_plots_household_id_households")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_plots_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plots")),
        sa.UniqueConstraint("organisation_id", "code", name=op.f("uq_plots_organisation_id")),
    )
    op.create_index(op.f("ix_plots_household_id"), "plots", ["household_id"], unique=False)
    op.create_table(
        "register_import_rows",
        sa.Column("import_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["register_imports.id"],
            name=op.f("fk_register_import_rows_import_id_register_imports"),
        ),
        sa.PrimaryKeyConstraint("import_id", "line", name=op.f("pk_register_import_rows")),
    )
    op.create_table(
        "share_contributions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "amount_minor <> 0", name=op.f("ck_share_contributions_moves_something")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["households.id"],
            name=op.f("fk_share_contributions_household_id_households"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_share_contributions_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["users.id"],
            name=op.f("fk_share_contributions_recorded_by_id_users"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_contributions")),
        sa.UniqueConstraint(
            "household_id", "key", name=op.f("uq_share_contributions_household_id")
        ),
    )
    op.create_index(
        "ix_share_contributions_book",
        "share_contributions",
        ["organisation_id", "on_day", "id"],
        unique=False,
    )
    op.create_table(
        "growing_area_plots",
        sa.Column("growing_area_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("plot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["growing_area_id"],
            ["growing_areas.id"],
            name=op.f("fk_growing_area_plots_growing_area_id_growing_areas"),
        ),
        sa.ForeignKeyConstraint(
            ["plot_id"], ["plots.id"], name=op.f("fk_growing_area_plots_plot_id_plots")
        ),
        sa.PrimaryKeyConstraint("growing_area_id", "plot_id", name=op.f("pk_growing_area_plots")),
    )
    op.create_index(
        op.f("ix_growing_area_plots_plot_id"), "growing_area_plots", ["plot_id"], unique=False
    )
    op.add_column("lots", sa.Column("plot_id", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_lots_plot_id"), "lots", ["plot_id"], unique=False)
    op.create_foreign_key(op.f("fk_lots_plot_id_plots"), "lots", "plots", ["plot_id"], ["id"])
    role = context.config.attributes.get("serving_role", "app_rw")
    op.execute(f"""
        create trigger only_ever_added before update or delete on share_contributions
            for each row execute function refuse_change();
        create trigger never_emptied before truncate on share_contributions
            for each statement execute function refuse_change();
        revoke update, delete, truncate on share_contributions from "{role}";
    """)


def downgrade() -> None:
    raise NotImplementedError("shares are history; restore a backup instead")
