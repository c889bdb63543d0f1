"""Bank accounts: sealed numbers, readings, where a payout went. Acting on behalf, by consent."""

import sqlalchemy as sa
from alembic import context, op

from marketplace.platform.secrets import blind_index, seal

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

PURPOSE = "bank-account"
SCOPES = "'products', 'certificates', 'lots', 'orders'"
SEALED = (("sealed_number", 250), ("number_index", 64), ("last_four", 4))


def upgrade() -> None:
    role = context.config.attributes.get("serving_role", "app_rw")
    _seal_numbers()
    _say_how_accounts_live()
    op.add_column("payouts", sa.Column("bank_account_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_payouts_bank_account_id_bank_accounts"),
        "payouts",
        "bank_accounts",
        ["bank_account_id"],
        ["id"],
    )
    op.create_table(
        "bank_account_readings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("bank_account_id", sa.BigInteger(), nullable=False),
        sa.Column("reader_id", sa.BigInteger(), nullable=True),
        sa.Column("reader_organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "reason in ('declared', 'shown', 'payout')",
            name=op.f("ck_bank_account_readings_reason_known"),
        ),
        sa.ForeignKeyConstraint(
            ["bank_account_id"],
            ["bank_accounts.id"],
            name=op.f("fk_bank_account_readings_bank_account_id_bank_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["users.id"], name=op.f("fk_bank_account_readings_reader_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["reader_organisation_id"],
            ["organisations.id"],
            name=op.f("fk_bank_account_readings_reader_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_account_readings")),
    )
    op.create_index(
        op.f("ix_bank_account_readings_bank_account_id"),
        "bank_account_readings",
        ["bank_account_id"],
        unique=False,
    )
    op.execute(f"""
        create trigger only_ever_added before update or delete on bank_account_readings
            for each row execute function refuse_change();
        create trigger never_emptied before truncate on bank_account_readings
            for each statement execute function refuse_change();
        revoke update, delete, truncate on bank_account_readings from "{role}";
    """)
    _add_consents()
    for table in ("audit_events", "state_changes"):
        op.add_column(table, sa.Column("on_behalf_of_id", sa.BigInteger(), nullable=True))
        op.create_index(
            f"ix_{table}_on_behalf",
            table,
            ["on_behalf_of_id", "at"],
            unique=False,
            postgresql_where=sa.text("on_behalf_of_id is not null"),
        )


def downgrade() -> None:
    raise NotImplementedError("who read an account is history; restore a backup instead")


def _seal_numbers() -> None:
    """Keep the numbers that are there in the new way. The key comes from the settings."""
    for name, length in SEALED:
        op.add_column("bank_accounts", sa.Column(name, sa.String(length=length), nullable=True))
    connection = op.get_bind()
    known = connection.execute(sa.text("select id, bank_bin, account_number from bank_accounts"))
    keep = sa.text(
        "update bank_accounts set sealed_number = :sealed_number, number_index = :number_index, "
        "last_four = :last_four where id = :id"
    )
    for row in known.all():
        number = row.account_number
        values = {
            "sealed_number": seal(PURPOSE, number),
            "number_index": blind_index(PURPOSE, f"{row.bank_bin}:{number}"),
            "last_four": number[-min(4, len(number) // 2) :],
        }
        connection.execute(keep, {"id": row.id, **values})
    for name, _length in SEALED:
        op.alter_column("bank_accounts", name, nullable=False)
    op.drop_constraint(op.f("uq_bank_accounts_bank_bin"), "bank_accounts", type_="unique")
    op.drop_constraint(
        op.f("ck_bank_accounts_account_number_plain"), "bank_accounts", type_="check"
    )
    op.drop_column("bank_accounts", "account_number")


def _say_how_accounts_live() -> None:
    op.add_column(
        "bank_accounts",
        sa.Column("is_main", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.alter_column("bank_accounts", "is_main", server_default=None)
    op.execute("""
        update bank_accounts set is_main = true
        where id in (select min(id) from bank_accounts group by organisation_id)
    """)
    for person in ("created_by_id", "confirmed_by_id"):
        op.add_column("bank_accounts", sa.Column(person, sa.BigInteger(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_bank_accounts_{person}_users"), "bank_accounts", "users", [person], ["id"]
        )
    for moment in ("confirmed_at", "closed_at"):
        op.add_column("bank_accounts", sa.Column(moment, sa.DateTime(timezone=True)))
    op.create_check_constraint(
        op.f("ck_bank_accounts_closed_takes_no_money"),
        "bank_accounts",
        "closed_at is null or not (is_main or is_collecting)",
    )
    op.create_index(
        "uq_bank_accounts_open_number",
        "bank_accounts",
        ["number_index"],
        unique=True,
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_index(
        "uq_bank_accounts_main",
        "bank_accounts",
        ["organisation_id"],
        unique=True,
        postgresql_where=sa.text("is_main"),
    )


def _add_consents() -> None:
    organisations = ("organisation_id", "helper_organisation_id")
    people = ("granted_by_id", "ended_by_id")
    op.create_table(
        "consents",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("helper_organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.String(length=20)), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by_id", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            f"scopes <@ array[{SCOPES}]::varchar[] and cardinality(scopes) > 0",
            name=op.f("ck_consents_scopes_known"),
        ),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_consents_ends_after_it_begins")),
        sa.CheckConstraint(
            "organisation_id <> helper_organisation_id",
            name=op.f("ck_consents_of_two_organisations"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["organisations.id"], name=op.f(f"fk_consents_{column}_organisations")
            )
            for column in organisations
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["users.id"], name=op.f(f"fk_consents_{column}_users")
            )
            for column in people
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(
        op.f("ix_consents_helper_organisation_id"),
        "consents",
        ["helper_organisation_id"],
        unique=False,
    )
    op.create_index(
        "uq_consents_open",
        "consents",
        ["organisation_id", "helper_organisation_id"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
