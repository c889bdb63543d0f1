"""Runs migrations on the connection that `marketplace.platform.migrations` hands over."""

from alembic import context

import models
from marketplace.platform.migrations import is_ours, render_item
from models.base import Base

MAPPED = models.__all__

connection = context.config.attributes["connection"]
connection.exec_driver_sql("set lock_timeout = '2s'")
connection.commit()
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    transaction_per_migration=True,
    compare_type=True,
    include_name=is_ours,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
