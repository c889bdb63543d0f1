"""Who may fill in an application: whoever came by its mailed link."""

from blueprints.locale import path
from blueprints.security import current_viewer
from marketplace.accounts.permissions import Actor
from marketplace.onboarding import queries
from marketplace.onboarding.errors import ApplicationNotFoundError
from marketplace.onboarding.links import application_path
from marketplace.onboarding.queries import FormPage


def applicant_of(token: str) -> tuple[Actor, int]:
    """Whoever asks with a link, and the application that it opens.

    Raises:
        ApplicationNotFoundError: the link is none of ours, or another one took its place.
    """
    application_id = queries.find_application_id(token)
    if application_id is None:
        raise ApplicationNotFoundError
    viewer = current_viewer()
    user_id = viewer.user_id if viewer else None
    return Actor(user_id=user_id, application_id=application_id), application_id


def form_at_hand(token: str) -> tuple[Actor, FormPage]:
    """Whoever asks with a link, and the application as they see it. Errors as above."""
    actor, application_id = applicant_of(token)
    return actor, queries.get_form_page(application_id, viewer=actor)


def own_path(token: str, page: str = "") -> str:
    """The address of an application's page in the reader's language.

    Args:
        token: what its link carries.
        page: a page below it, such as "buoc/2".
    """
    return path(application_path(token) + (f"/{page}" if page else ""))
