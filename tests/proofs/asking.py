"""What enterprises of the small market ask for: requests in each state, for each seller one."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from marketplace.accounts.permissions import Actor
from marketplace.kernel.clock import now
from marketplace.media.operations import store_paper
from marketplace.platform.database import session
from models.accounts import Organisation
from models.catalogue import Category
from models.requests import Request, RequestChange, RequestFile, RequestInvitation
from tests.factories.media import PDF
from tests.factories.requests import (
    RequestFactory,
    RequestInvitationFactory,
    RequestQuestionFactory,
)
from tests.factories.searches import SavedSearchFactory
from tests.proofs.markers import Mark, Markers

TARGET: Final = 987_654
"""A price that occurs nowhere else, so whoever reads it has read a target price."""
TARGET_COLUMN: Final = "requests.target_minor"


@dataclass
class Buying:
    """An enterprise with a request in each state, and a search that it keeps."""

    organisation: Organisation
    requests: dict[str, Request]
    file_id: int
    search_id: int
    """Of a search for supply that it keeps."""
    question_id: int = 0
    """About the open one; it waits for its answer."""
    quote_number: str = ""
    """Of the quote that was opened."""


def buying(organisation: Organisation, category: Category, asker: Organisation) -> Buying:
    """An enterprise that asks `asker`: an open request, a draft, a closed one."""
    at = now()
    common = {"organisation": organisation, "category": category, "target_minor": TARGET}
    dates = {"published_at": at, "closes_at": at + timedelta(days=15)}
    made = {
        "open": RequestFactory(**common, **dates, invited=[asker], is_open_to_all=False),
        "joint": RequestFactory(**common, **dates),
        "draft": RequestFactory(**common, draft=True, closes_at=at + timedelta(days=15)),
        "closed": RequestFactory(
            **common,
            is_open_to_all=False,
            published_at=at - timedelta(days=9),
            closes_at=at - timedelta(days=1),
        ),
    }
    search = SavedSearchFactory(organisation=organisation)
    return Buying(organisation, made, attach(made["open"], 1), search.id)


def wait_for_answers(*buyers: Buying) -> None:
    """Let a seller ask each. Words that wait for an answer carry no marker for it."""
    for each in buyers:
        request = each.requests["open"]
        asker = session.scalars(
            select(RequestInvitation.organisation_id).where(
                RequestInvitation.request_id == request.id
            )
        ).one()
        question = RequestQuestionFactory(request_id=request.id, organisation_id=asker)
        each.question_id = question.id


def ask_seller(enterprise: Organisation, category: Category, seller: Organisation) -> Request:
    """A request to this seller alone, with everything that its page shows."""
    at = now()
    request = RequestFactory(
        organisation=enterprise,
        category=category,
        target_minor=TARGET,
        published_at=at,
        closes_at=at + timedelta(days=15),
        is_open_to_all=False,
        schemes=["VIETGAP_CROP"],
    )
    RequestInvitationFactory(request_id=request.id, organisation_id=seller.id, decline_reason="")
    RequestQuestionFactory(request_id=request.id, organisation_id=seller.id, answered=True)
    session.add(
        RequestChange(
            request_id=request.id,
            revision=2,
            differences=[{"field": "packing", "before": "bao 50 kg", "after": "bao 60 kg"}],
            at=at,
            by_id=request.created_by_id,
        )
    )
    session.flush()
    return request


def attach(request: Request, seed: int) -> int:
    """A file that comes with a request."""
    file = store_paper(
        actor=Actor(user_id=request.created_by_id),
        organisation_id=request.organisation_id,
        data=PDF.replace(b"Catalog", b"Catalog /Q %d" % (request.id * 10 + seed)),
        name="tieu-chuan.pdf",
        at=now(),
    )
    session.add(RequestFile(request_id=request.id, file_id=file.id))
    session.flush()
    return file.id


def watch_target(markers: Markers) -> None:
    """Let the target price be a marker, however it is written."""
    for written in ("987.654", "987,654", "987654"):
        markers.known[written] = Mark("e", TARGET_COLUMN)
