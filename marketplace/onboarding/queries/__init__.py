"""Reading applications, for those who fill them in and for those who decide."""

from marketplace.onboarding.queries.desk import (
    QueueFilter,
    QueueRow,
    ReviewPage,
    count_waiting,
    counts_by_state,
    get_review_page,
    next_waiting,
    queue,
)
from marketplace.onboarding.queries.filling import (
    FormPage,
    ItemView,
    Step,
    find_application_id,
    get_form_page,
    get_paper,
)
from marketplace.onboarding.queries.requirements import (
    Concerned,
    RequirementRow,
    checklist,
    concerned_by,
    get_requirement,
)

__all__ = [
    "Concerned",
    "FormPage",
    "ItemView",
    "QueueFilter",
    "QueueRow",
    "RequirementRow",
    "ReviewPage",
    "Step",
    "checklist",
    "concerned_by",
    "count_waiting",
    "counts_by_state",
    "find_application_id",
    "get_form_page",
    "get_paper",
    "get_requirement",
    "get_review_page",
    "next_waiting",
    "queue",
]
