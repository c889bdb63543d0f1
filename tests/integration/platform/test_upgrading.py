"""Migrations that move rows: a database of an earlier day keeps what it knew."""

import secrets

import psycopg
import pytest
from alembic import command
from sqlalchemy import NullPool, create_engine

from marketplace.platform import migrations, roles
from marketplace.platform.secrets import blind_index, unseal
from tests.moments import MONDAY

BEFORE_SEALING = "0005"


@pytest.fixture
def earlier_database(app, server):
    """The URL of a database, as its owner, from before numbers were sealed."""
    name = f"earlier_{secrets.token_hex(4)}"
    with psycopg.connect(server.admin_url(), autocommit=True) as admin:
        admin.execute(f"create database {name} owner {roles.OWNER} template template0")
    url = server.url_as(roles.OWNER, name)
    engine = create_engine(migrations.sqlalchemy_url(url), poolclass=NullPool)
    config = migrations.alembic_config()
    with engine.connect() as connection:
        config.attributes.update(connection=connection, serving_role=roles.SERVANT)
        command.upgrade(config, BEFORE_SEALING)
    yield url
    with psycopg.connect(server.admin_url(), autocommit=True) as admin:
        admin.execute(f"drop database {name} with (force)")


def test_numbers_of_bank_accounts_are_sealed(earlier_database):
    with psycopg.connect(earlier_database) as connection:
        for code in ("A", "B"):
            connection.execute(
                "insert into organisations (code, slug, kind, name, short_name, sort_key,"
                " province_code, address, tagline_vi, tagline_en, story_vi, story_en,"
                " verification, commission_bps, created_at) values"
                " (%s, lower(%s), 'cooperative', 'HTX', 'HTX', 'htx', '66', '', '', '', '', '',"
                " 'verified', 500, %s)",
                [code, code, MONDAY],
            )
        connection.cursor().executemany(
            "insert into bank_accounts (organisation_id, bank_bin, bank_name, account_number,"
            " holder_name, is_collecting, created_at)"
            " select id, '970436', 'Vietcombank', %s, 'HTX', %s, %s from organisations"
            " where code = %s",
            [
                ("0011001234567", True, MONDAY, "A"),
                ("0011009999999", False, MONDAY, "A"),
                ("1234", False, MONDAY, "B"),
            ],
        )

    migrations.upgrade(earlier_database)

    with psycopg.connect(earlier_database) as connection:
        rows = connection.execute(
            "select sealed_number, number_index, last_four, is_main, is_collecting"
            " from bank_accounts order by id"
        ).fetchall()
        columns = connection.execute(
            "select column_name from information_schema.columns where table_name = 'bank_accounts'"
        ).fetchall()
    assert ("account_number",) not in columns
    assert [(unseal("bank-account", row[0]), *row[2:]) for row in rows] == [
        ("0011001234567", "4567", True, True),
        ("0011009999999", "9999", False, False),
        ("1234", "34", True, False),
    ]
    assert rows[0][1] == blind_index("bank-account", "970436:0011001234567")
