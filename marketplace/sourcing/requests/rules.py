"""States and bounds of requests for quotation: everything that can be known without a database."""

from datetime import datetime, timedelta
from typing import Final, Protocol

from marketplace.kernel.states import StateMachine
from models.requests import RequestState

REQUEST: Final = StateMachine(
    "request",
    {
        RequestState.DRAFT: {RequestState.OPEN},
        RequestState.OPEN: {RequestState.OPENED, RequestState.CANCELLED, RequestState.ENDED},
        RequestState.OPENED: {RequestState.AWARDED, RequestState.ENDED},
        RequestState.AWARDED: (),
        RequestState.ENDED: (),
        RequestState.CANCELLED: (),
    },
)
"""A request. That an open one is closed is no state: the clock says it, see `is_closed`."""

NUMBER_PREFIX: Final = "YC"
NOTICE: Final = timedelta(hours=24)
"""From publishing or from a change to the closing at least."""
LONGEST: Final = timedelta(days=180)
"""From now to the closing at most."""
REMIND_BEFORE: Final = timedelta(hours=48)
"""So long before the closing whoever was invited and has not answered is reminded."""
MOST_LIMITS: Final = 12
MOST_FILES: Final = 5
MOST_QUESTIONS: Final = 20
"""That one seller may ask about one request."""
MOST_INVITED: Final = 100
TOLERANCE_MAX_BPS: Final = 5000
MONTHS_SHOWN: Final = 12
"""The months for which a request can ask, beginning with the present one."""


class Closes(Protocol):
    """What of a request says whether it is closed."""

    @property
    def state(self) -> str:
        """A `RequestState`."""

    @property
    def closes_at(self) -> datetime:
        """From this moment on it takes nothing."""


def is_open(request: Closes, at: datetime) -> bool:
    """Whether quotes may be sent, changed and withdrawn, and questions asked."""
    return request.state == RequestState.OPEN and at < request.closes_at


def is_closed(request: Closes, at: datetime) -> bool:
    """Whether a published request takes nothing more, by the clock or because it was decided."""
    return request.state != RequestState.DRAFT and not is_open(request, at)


def can_be_opened(request: Closes, at: datetime) -> bool:
    """Whether its quotes wait to be opened, all together."""
    return request.state == RequestState.OPEN and request.closes_at <= at


def shown_state(request: Closes, at: datetime) -> str:
    """The state as people see it: "closed" where quotes wait to be opened."""
    return "closed" if can_be_opened(request, at) else request.state
