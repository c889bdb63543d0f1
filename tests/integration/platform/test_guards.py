"""What the database itself refuses, whoever asks."""

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from marketplace.platform import migrations, roles
from marketplace.platform.database import db
from marketplace.platform.revisions import expected_revision
from tests.moments import MONDAY

ONLY_ADDED = (
    "audit_events",
    "state_changes",
    "stock_movements",
    "ledger_entries",
    "ledger_postings",
    "revenue_facts",
    "lot_events",
    "pack_prices",
    "payouts",
    "certificate_checks",
    "yearly_statistics",
    "certificate_notices",
    "bank_account_readings",
)


def test_models_and_migrations_agree(app):
    with app.app_context(), db.engine.connect() as connection:
        assert migrations.differences(connection) == []


def test_the_test_database_is_at_the_expected_revision(app):
    with app.app_context(), db.engine.connect() as connection:
        assert migrations.present_revision(connection) == expected_revision()


def test_the_serving_role_owns_nothing_and_is_no_superuser(session):
    role = session.execute(
        text(
            "select rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole "
            "from pg_roles where rolname = current_user"
        )
    ).one()
    owned = session.scalar(
        text("select count(*) from pg_class where relowner = current_user::regrole")
    )

    assert tuple(role) == ("app_rw", False, False, False, False)
    assert owned == 0


def test_its_time_outs_are_kept_on_the_role(committed_database):
    with psycopg.connect(committed_database.url) as connection:
        found = {
            name: connection.execute("select current_setting(%s)", [name]).fetchone()[0]
            for name in roles.TIMEOUTS
            if connection.info.server_version >= roles.TRANSACTION_TIMEOUT_SINCE
            or name != "transaction_timeout"
        }

    assert found == {name: value for name, value in roles.TIMEOUTS.items() if name in found}


@pytest.mark.parametrize("table", ONLY_ADDED)
@pytest.mark.parametrize("command", ["update {} set id = id", "delete from {}", "truncate {}"])
def test_history_is_only_ever_added(session, table, command):
    with pytest.raises(DBAPIError) as refusal, session.begin_nested():
        session.execute(text(command.format(table)))

    assert isinstance(refusal.value.orig, psycopg.errors.InsufficientPrivilege)


def test_not_even_the_owner_rewrites_history(committed_database):
    with psycopg.connect(committed_database.owner_url) as connection:
        connection.execute(
            "insert into audit_events (at, action, subject_kind, subject_id) "
            "values (%s, 'test', 'test', 1)",
            [MONDAY],
        )
        with pytest.raises(psycopg.errors.IntegrityError, match="only ever added"):
            connection.execute("delete from audit_events")


@pytest.mark.parametrize("command", ["drop table orders", "create table mine ()"])
def test_the_serving_role_does_not_touch_the_schema(session, command):
    with pytest.raises(DBAPIError) as refusal, session.begin_nested():
        session.execute(text(command))

    assert isinstance(refusal.value.orig, psycopg.errors.InsufficientPrivilege)


def post(session, amounts, *, currency="VND"):
    """Write one entry with these amounts, and have the deferred check run."""
    account = session.scalar(
        text(
            "insert into ledger_accounts (code, kind, currency) "
            "values ('test:' || gen_random_uuid(), 'asset', 'VND') returning id"
        )
    )
    entry = session.scalar(
        text(
            "insert into ledger_entries (ref, kind, at, memo) "
            "values ('test:' || gen_random_uuid(), 'test', :at, '') returning id"
        ),
        {"at": MONDAY},
    )
    for amount in amounts:
        session.execute(
            text(
                "insert into ledger_postings (entry_id, account_id, currency, amount_minor) "
                "values (:entry, :account, :currency, :amount)"
            ),
            {"entry": entry, "account": account, "currency": currency, "amount": amount},
        )
    session.execute(text("set constraints all immediate"))


@pytest.mark.parametrize("amounts", [[], [5], [5, -4], [5, 5]])
def test_an_entry_that_does_not_balance_is_refused(session, amounts):
    with pytest.raises(DBAPIError, match="ledger entry"), session.begin_nested():
        post(session, amounts)


def test_an_entry_that_balances_is_taken(session):
    post(session, [7, -3, -4])

    assert session.scalar(text("select sum(amount_minor) from ledger_postings")) == 0


def test_what_the_bank_wrote_stays(committed_database):
    with psycopg.connect(committed_database.admin_url) as connection:
        triggers = connection.execute(
            "select tgname from pg_trigger where tgrelid = 'bank_lines'::regclass "
            "and not tgisinternal order by tgname"
        ).fetchall()

    assert [row[0] for row in triggers] == ["never_emptied", "never_removed", "raw_never_changes"]
