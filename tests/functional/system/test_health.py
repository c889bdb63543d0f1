"""Is it alive, is it ready."""

from datetime import timedelta

import psycopg
from sqlalchemy import text

from marketplace.app import create_app
from marketplace.kernel.clock import now
from marketplace.platform import health
from marketplace.platform.config import Settings, current_settings, use_settings


def test_alive_asks_nobody(client, statements):
    with statements() as sent:
        answer = client.get("/healthz")

    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    assert sent == []


def test_ready_when_all_is_there(client, session):
    health.beat("worker", at=now())

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert (answer.json["status"], answer.json["database"]) == ("ready", True)
    assert answer.json["migrations"]["up_to_date"] is True
    assert answer.json["worker"]["alive"] is True


def test_not_ready_without_a_worker(client, session):
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json["worker"] == {"alive": False, "heartbeat_age_s": None}


def test_not_ready_when_the_worker_has_been_silent(client, session):
    health.beat("worker", at=now() - timedelta(minutes=2))

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json["worker"]["heartbeat_age_s"] >= 120


def test_not_ready_when_migrations_are_pending(committed_database):
    with psycopg.connect(committed_database.owner_url) as connection:
        connection.execute("update alembic_version set version_num = '0001'")

    answer = committed_database.app.test_client().get("/readyz")

    assert answer.status_code == 503
    assert answer.json["migrations"] == {"revision": "0001", "up_to_date": False}


def test_not_ready_without_a_database(tmp_path):
    before = current_settings()
    app = create_app(
        Settings(
            app_env="test",
            database_url=f"postgresql:///nothing?host={tmp_path}",
            var_dir=tmp_path,
        )
    )
    try:
        answer = app.test_client().get("/readyz")
    finally:
        use_settings(before)

    assert answer.status_code == 503
    assert answer.json["database"] is False


def test_the_heartbeat_is_one_row(session):
    health.beat("worker", at=now())
    health.beat("worker", at=now())

    assert session.scalar(text("select count(*) from heartbeats")) == 1
