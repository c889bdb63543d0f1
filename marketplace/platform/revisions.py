"""Which schema this code was written for. Costs nothing to ask: no Alembic, no SQLAlchemy."""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "migrations"

REVISION = re.compile(r"^revision(?:: str)? = [\"'](\w+)[\"']", re.MULTILINE)
DOWN_REVISION = re.compile(r"^down_revision.*= [\"'](\w+)[\"']", re.MULTILINE)


@cache
def expected_revision() -> str:
    """The revision that the code in this process needs."""
    sources = [path.read_text() for path in (FOLDER / "versions").glob("[0-9]*.py")]
    ids = {found[1] for source in sources if (found := REVISION.search(source))}
    below = {found[1] for source in sources if (found := DOWN_REVISION.search(source))}
    [head] = ids - below
    return head
