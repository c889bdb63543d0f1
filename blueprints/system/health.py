"""For whoever watches over the service: is it alive, is it ready."""

from flask import jsonify
from flask.typing import ResponseReturnValue

from blueprints.security import public
from blueprints.system import system
from marketplace.kernel.clock import now
from marketplace.platform import health


@system.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """Whether this process answers; it asks nobody else."""
    return jsonify(status="ok")


@system.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Whether the database, its schema and the job worker are there: 200, or 503 and why."""
    found = health.readiness(at=now())
    body = {
        "status": "ready" if found.is_ready else "not ready",
        "database": found.is_database_up,
        "migrations": {"revision": found.revision, "up_to_date": found.is_migrated},
        "worker": {"alive": found.is_worker_alive, "heartbeat_age_s": found.worker_age_s},
    }
    return jsonify(body), 200 if found.is_ready else 503
