"""What applicants and the alliance do with applications and requirements."""

from marketplace.onboarding.operations.deciding import (
    approve_application,
    reject_application,
    return_application,
)
from marketplace.onboarding.operations.ending import end_waiver, forget_draft
from marketplace.onboarding.operations.filling import (
    attach_paper,
    fill_item,
    save_facts,
    save_home,
    save_person,
    start_application,
)
from marketplace.onboarding.operations.requirements import (
    NewRequirement,
    add_requirement,
    change_requirement,
    end_requirement,
    restore_requirement,
)
from marketplace.onboarding.operations.reviewing import Judgement, judge_item
from marketplace.onboarding.operations.sending import (
    mail_link_again,
    send_application,
    withdraw_application,
)

__all__ = [
    "Judgement",
    "NewRequirement",
    "add_requirement",
    "approve_application",
    "attach_paper",
    "change_requirement",
    "end_requirement",
    "end_waiver",
    "fill_item",
    "forget_draft",
    "judge_item",
    "mail_link_again",
    "reject_application",
    "restore_requirement",
    "return_application",
    "save_facts",
    "save_home",
    "save_person",
    "send_application",
    "start_application",
    "withdraw_application",
]
