"""Applications to join, the checklist of the alliance, and which province an alliance covers."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FIRST_CHECKLIST = (
    (
        "terms",
        None,
        (),
        "Đồng ý quy chế của chợ",
        "Agree to the rules of the market",
        "Tôi đã đọc quy chế của chợ và đồng ý để liên minh dùng thông tin trong hồ sơ này vào việc "
        "xét hồ sơ.",
        "I have read the rules of the market and agree that the alliance uses what is in this "
        "application to decide about it.",
    ),
    (
        "papers",
        None,
        ("file",),
        "Giấy chứng nhận đăng ký",
        "Certificate of registration",
        "Bản chụp rõ cả bốn góc. Tổ hợp tác gửi hợp đồng hợp tác.",
        "A picture with all four corners. A cooperative group sends its cooperation contract.",
    ),
    (
        "identity",
        None,
        ("file",),
        "Quyết định cử người đại diện",
        "Decision that names the representative",
        "Biên bản bầu, quyết định bổ nhiệm hoặc giấy ủy quyền. Không gửi ảnh căn cước.",
        "Minutes of the election, a decision or a power of attorney. Send no picture of an "
        "identity card.",
    ),
    (
        "bank_account",
        None,
        ("file", "two"),
        "Xác nhận tài khoản ngân hàng",
        "Confirmation of the bank account",
        "Giấy của ngân hàng hoặc ảnh màn hình có tên tổ chức là chủ tài khoản.",
        "A paper of the bank, or a picture of the screen that names the organisation as holder.",
    ),
    (
        "products",
        None,
        ("text",),
        "Sản phẩm sẽ bán",
        "Products to be sold",
        "Kể vài sản phẩm, mùa thu hoạch và sản lượng ước chừng.",
        "Name a few products, their season and about how much there is.",
    ),
    (
        "papers",
        "union",
        ("file",),
        "Danh sách hợp tác xã thành viên",
        "List of member cooperatives",
        "Tên và mã số thuế của từng hợp tác xã thành viên.",
        "Name and tax code of each member cooperative.",
    ),
)


def upgrade() -> None:
    op.create_table(
        "applications",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("contact_name", sa.String(length=160), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("resume_token_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("tax_code", sa.String(length=14), nullable=True),
        sa.Column("registration_number", sa.String(length=30), nullable=True),
        sa.Column("legal_representative", sa.String(length=160), nullable=True),
        sa.Column("founded_on", sa.Date(), nullable=True),
        sa.Column("charter_capital_minor", sa.BigInteger(), nullable=True),
        sa.Column("member_count", sa.Integer(), nullable=True),
        sa.Column("province_code", sa.String(length=2), nullable=True),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("story_vi", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_by_organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(state = 'approved') = (organisation_id is not null)",
            name=op.f("ck_applications_approved_has_organisation"),
        ),
        sa.CheckConstraint(
            "kind in ('cooperative', 'union', 'group', 'enterprise', 'alliance', 'operator')",
            name=op.f("ck_applications_kind_known"),
        ),
        sa.CheckConstraint(
            "state in ('draft', 'submitted', 'returned', 'approved', 'rejected', 'withdrawn')",
            name=op.f("ck_applications_state_known"),
        ),
        sa.CheckConstraint(
            "charter_capital_minor >= 0", name=op.f("ck_applications_charter_capital_not_negative")
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_applications_email_lower_case")),
        sa.CheckConstraint(
            "member_count >= 0", name=op.f("ck_applications_member_count_not_negative")
        ),
        sa.CheckConstraint("step between 1 and 5", name=op.f("ck_applications_step_known")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_applications_decided_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_organisation_id"],
            ["organisations.id"],
            name=op.f("fk_applications_decided_by_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_applications_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("code", name=op.f("uq_applications_code")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_applications_organisation_id")),
        sa.UniqueConstraint("resume_token_hash", name=op.f("uq_applications_resume_token_hash")),
    )
    op.create_index("ix_applications_state", "applications", ["state", "id"], unique=False)
    op.create_index("ix_applications_tax_code", "applications", ["tax_code"], unique=False)
    op.create_index(
        "ix_applications_waiting",
        "applications",
        ["waiting_since", "id"],
        unique=False,
        postgresql_where=sa.text("waiting_since is not null"),
    )
    op.create_table(
        "requirements",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("topic", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=True),
        sa.Column("province_code", sa.String(length=2), nullable=True),
        sa.Column("category_id", sa.BigInteger(), nullable=True),
        sa.Column("title_vi", sa.String(length=160), nullable=False),
        sa.Column("title_en", sa.String(length=160), nullable=False),
        sa.Column("help_vi", sa.Text(), nullable=False),
        sa.Column("help_en", sa.Text(), nullable=False),
        sa.Column("needs_file", sa.Boolean(), nullable=False),
        sa.Column("needs_text", sa.Boolean(), nullable=False),
        sa.Column("needs_two", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaces_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "kind in ('cooperative', 'union', 'group', 'enterprise', 'alliance', 'operator')",
            name=op.f("ck_requirements_kind_known"),
        ),
        sa.CheckConstraint(
            "topic in ('terms', 'identity', 'papers', 'bank_account', 'products', 'other')",
            name=op.f("ck_requirements_topic_known"),
        ),
        sa.CheckConstraint(
            "ended_at is null or not is_active", name=op.f("ck_requirements_ended_is_not_active")
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_requirements_category_id_categories")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_requirements_created_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"],
            ["requirements.id"],
            name=op.f("fk_requirements_replaces_id_requirements"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirements")),
    )
    op.create_index(
        "ix_requirements_active",
        "requirements",
        ["position"],
        unique=False,
        postgresql_where=sa.text("is_active"),
    )
    op.create_table(
        "application_categories",
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("category_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_application_categories_application_id_applications"),
        ),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["categories.id"],
            name=op.f("fk_application_categories_category_id_categories"),
        ),
        sa.PrimaryKeyConstraint(
            "application_id", "category_id", name=op.f("pk_application_categories")
        ),
    )
    op.create_table(
        "application_items",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("requirement_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("waived_until", sa.Date(), nullable=True),
        sa.Column("reviewed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("reviewed_by_organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("second_by_id", sa.BigInteger(), nullable=True),
        sa.Column("second_by_organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("second_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'waived') = (waived_until is not null)",
            name=op.f("ck_application_items_waived_has_an_end"),
        ),
        sa.CheckConstraint(
            "state in ('open', 'submitted', 'accepted', 'returned', 'waived')",
            name=op.f("ck_application_items_state_known"),
        ),
        sa.CheckConstraint(
            "second_by_id is null or second_by_id <> reviewed_by_id",
            name=op.f("ck_application_items_two_different_officers"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_application_items_application_id_applications"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["media_files.id"], name=op.f("fk_application_items_file_id_media_files")
        ),
        sa.ForeignKeyConstraint(
            ["requirement_id"],
            ["requirements.id"],
            name=op.f("fk_application_items_requirement_id_requirements"),
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["users.id"], name=op.f("fk_application_items_reviewed_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_organisation_id"],
            ["organisations.id"],
            name=op.f("fk_application_items_reviewed_by_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["second_by_id"], ["users.id"], name=op.f("fk_application_items_second_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["second_by_organisation_id"],
            ["organisations.id"],
            name=op.f("fk_application_items_second_by_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_items")),
        sa.UniqueConstraint(
            "application_id", "requirement_id", name=op.f("uq_application_items_application_id")
        ),
    )
    op.create_index(
        op.f("ix_application_items_requirement_id"),
        "application_items",
        ["requirement_id"],
        unique=False,
    )
    op.create_index(
        "ix_application_items_waived",
        "application_items",
        ["waived_until"],
        unique=False,
        postgresql_where=sa.text("state = 'waived'"),
    )
    op.add_column(
        "organisations", sa.Column("covers_province_code", sa.String(length=2), nullable=True)
    )
    _first_checklist()


def downgrade() -> None:
    op.drop_column("organisations", "covers_province_code")
    op.drop_index(
        "ix_application_items_waived",
        table_name="application_items",
        postgresql_where=sa.text("state = 'waived'"),
    )
    op.drop_index(op.f("ix_application_items_requirement_id"), table_name="application_items")
    op.drop_table("application_items")
    op.drop_table("application_categories")
    op.drop_index(
        "ix_requirements_active", table_name="requirements", postgresql_where=sa.text("is_active")
    )
    op.drop_table("requirements")
    op.drop_index(
        "ix_applications_waiting",
        table_name="applications",
        postgresql_where=sa.text("waiting_since is not null"),
    )
    op.drop_index("ix_applications_tax_code", table_name="applications")
    op.drop_index("ix_applications_state", table_name="applications")
    op.drop_table("applications")


def _first_checklist() -> None:
    """What every market asks at first; the alliance changes it on its own page."""
    requirements = sa.table(
        "requirements",
        sa.column("topic"),
        sa.column("kind"),
        sa.column("title_vi"),
        sa.column("title_en"),
        sa.column("help_vi"),
        sa.column("help_en"),
        sa.column("needs_file", sa.Boolean()),
        sa.column("needs_text", sa.Boolean()),
        sa.column("needs_two", sa.Boolean()),
        sa.column("position", sa.Integer()),
        sa.column("is_active", sa.Boolean()),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    op.bulk_insert(
        requirements,
        [
            {
                "topic": topic,
                "kind": kind,
                "title_vi": title_vi,
                "title_en": title_en,
                "help_vi": help_vi,
                "help_en": help_en,
                "needs_file": "file" in needs,
                "needs_text": "text" in needs,
                "needs_two": "two" in needs,
                "position": 10 * number,
                "is_active": True,
                "created_at": datetime.now(UTC),
            }
            for number, (topic, kind, needs, title_vi, title_en, help_vi, help_en) in enumerate(
                FIRST_CHECKLIST, start=1
            )
        ],
    )
