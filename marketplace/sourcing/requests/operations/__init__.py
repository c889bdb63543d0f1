"""Changing requests for quotation: drafts, publishing, changes, the end, questions."""

from marketplace.sourcing.requests.operations.asking import (
    answer_question,
    ask_question,
    decline_invitation,
)
from marketplace.sourcing.requests.operations.drafting import (
    copy_request,
    create_request,
    discard_draft,
    edit_draft,
)
from marketplace.sourcing.requests.operations.ending import cancel_request, end_request
from marketplace.sourcing.requests.operations.publishing import (
    Invited,
    change_request,
    invite_sellers,
    publish_request,
)

__all__ = [
    "Invited",
    "answer_question",
    "ask_question",
    "cancel_request",
    "change_request",
    "copy_request",
    "create_request",
    "decline_invitation",
    "discard_draft",
    "edit_draft",
    "end_request",
    "invite_sellers",
    "publish_request",
]
