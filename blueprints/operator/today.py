"""What waits for the operator today."""

from flask.typing import ResponseReturnValue

from blueprints.operator import operator
from blueprints.operator.desk import acting_operator, desk_page
from marketplace.kernel.clock import now
from marketplace.ledger import queries as books
from marketplace.payments.desk import lines


@operator.get("")
def today() -> ResponseReturnValue:
    """What a person has to decide, send or bring in, and what stands on the market's accounts."""
    actor = acting_operator()
    owed = books.owed_sellers()
    return desk_page(
        "today.html",
        actor,
        today=now(),
        owed_count=len(owed),
        owed_minor=sum(owed.values()),
        balances=books.market_balances(),
        statements=lines.statements(viewer=actor, limit=3),
    )
