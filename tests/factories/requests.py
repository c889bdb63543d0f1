"""Requests for quotation."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import factory

from marketplace.platform.database import session
from models.requests import (
    LimitOperator,
    Request,
    RequestInvitation,
    RequestLimit,
    RequestPeriod,
    RequestQuestion,
    RequestScheme,
    RequestState,
)
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.base import Factory
from tests.factories.catalogue import CategoryFactory
from tests.moments import MONDAY

CLOSING = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
"""When the requests of the tests close, unless they say otherwise: 17:00 in Việt Nam."""
JANUARY, FEBRUARY = date(2027, 1, 1), date(2027, 2, 1)


class RequestFactory(Factory[Request]):
    """A request that is open to all, for 20 t of robusta in January and 30 t in February 2027.

    `draft=True`: not published. `closed=True`: past its closing on Monday, not opened.
    `opened=True`: its quotes have been opened. `cancelled=True`, `ended=True`. `invited=[…]`
    invites sellers, `schemes=[…]` wants certificates, `periods={month: grams}`; `limit=False`:
    no limit of moisture.
    """

    class Meta:
        model = Request

    class Params:
        draft = factory.Trait(state=RequestState.DRAFT, published_at=None)
        closed = factory.Trait(
            closes_at=MONDAY - timedelta(days=1), published_at=MONDAY - timedelta(days=15)
        )
        opened = factory.Trait(
            closed=True, state=RequestState.OPENED, opened_at=MONDAY - timedelta(hours=20)
        )
        cancelled = factory.Trait(state=RequestState.CANCELLED, decided_at=MONDAY)
        ended = factory.Trait(opened=True, state=RequestState.ENDED, decided_at=MONDAY)
        organisation = factory.SubFactory(
            OrganisationFactory,
            enterprise=True,
            code=factory.Sequence("DN{:04d}".format),
            short_name=factory.Sequence("Rang xay {}".format),
        )
        category = factory.SubFactory(CategoryFactory)
        created_by = factory.SubFactory(UserFactory)

    number = factory.Sequence(lambda n: f"YC261102-{n:05d}")
    organisation_id = factory.LazyAttribute(lambda made: made.organisation.id)
    title = "Cà phê Robusta nhân xanh"
    category_id = factory.LazyAttribute(lambda made: made.category.id)
    grade = ""
    specification = "Hạt nhân xanh, sàng 18, không lẫn tạp chất."
    packing = "Bao 60 kg"
    province_code = "79"
    address = "Kho số 4, đường Nguyễn Duy Trinh"
    tolerance_bps = 500
    currency = "VND"
    target_minor = None
    is_open_to_all = True
    state = RequestState.OPEN
    revision = 1
    closes_at = CLOSING
    published_at = MONDAY
    created_at = MONDAY - timedelta(days=20)
    created_by_id = factory.LazyAttribute(lambda made: made.created_by.id)

    @factory.post_generation
    def periods(self: Request, create: bool, extracted: Any, **_extra: Any) -> None:  # noqa: FBT001
        """Say how much is needed per month."""
        wanted = {JANUARY: 20_000_000, FEBRUARY: 30_000_000} if extracted is None else extracted
        for month, grams in wanted.items():
            session.add(RequestPeriod(request_id=self.id, month=month, quantity_g=grams))
        session.flush()

    @factory.post_generation
    def limit(self: Request, create: bool, extracted: Any, **_extra: Any) -> None:  # noqa: FBT001
        """Limit the moisture, unless `limit=False`."""
        if extracted is not False:
            session.add(
                RequestLimit(
                    request_id=self.id,
                    position=1,
                    name="Độ ẩm",
                    operator=LimitOperator.AT_MOST,
                    value=Decimal("12.5"),
                    unit="%",
                )
            )
            session.flush()

    @factory.post_generation
    def schemes(self: Request, create: bool, extracted: Any, **_extra: Any) -> None:  # noqa: FBT001
        """Say which certificates are wanted."""
        for code in extracted or ():
            session.add(RequestScheme(request_id=self.id, scheme_code=code))
        session.flush()

    @factory.post_generation
    def invited(self: Request, create: bool, extracted: Any, **_extra: Any) -> None:  # noqa: FBT001
        """Invite sellers."""
        for seller in extracted or ():
            RequestInvitationFactory(request_id=self.id, organisation_id=seller.id)


class RequestInvitationFactory(Factory[RequestInvitation]):
    """That a seller is invited; give both ids."""

    class Meta:
        model = RequestInvitation

    invited_at = MONDAY


class RequestQuestionFactory(Factory[RequestQuestion]):
    """An unanswered question; give `request_id` and `organisation_id`."""

    class Meta:
        model = RequestQuestion

    class Params:
        answered = factory.Trait(
            answer="Được, giao làm hai đợt trong tháng.",
            answered_at=MONDAY,
            answered_by_id=factory.SelfAttribute("asked_by_id"),
        )
        asked_by = factory.SubFactory(UserFactory)

    text = "Có nhận giao làm hai đợt trong tháng không?"
    asked_at = MONDAY
    asked_by_id = factory.LazyAttribute(lambda made: made.asked_by.id)
