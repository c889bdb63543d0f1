"""What tests of two at once share: rows that others see."""

import pytest

from marketplace.platform.database import session


@pytest.fixture
def market(committed_database):
    """A committed database."""
    with committed_database.app.app_context():
        yield committed_database
        session.rollback()
