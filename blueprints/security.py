"""Who is asking, as the marketplace understands it. Every view is closed unless marked.

Flask-Login carries the sign-in between cookie and request; what it carries is the token of a row of
`user_sessions`, so that a session can be ended from elsewhere and dies with its row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeVar
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, current_app, flash, g, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.exceptions import Unauthorized

from blueprints.locale import path
from marketplace.accounts.consent_errors import ConsentEndedError
from marketplace.accounts.consents import find_help, helper_membership
from marketplace.accounts.operations.sessions import touch_session
from marketplace.accounts.permissions import Actor, Permission, allows
from marketplace.accounts.queries import SessionMembership, SessionUser, find_session_user
from marketplace.accounts.rules import MONEY_ROLES, TOUCH_EVERY
from marketplace.kernel.clock import now
from marketplace.kernel.errors import NotFoundError
from marketplace.platform.config import Settings
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from models.accounts import OrganisationKind

View = TypeVar("View", bound=Callable[..., Any])

SIGN_IN: Final = "/dang-nhap"
LIFETIME: Final = timedelta(days=30)

TOKEN: Final = "_user_id"  # noqa: S105 - the name of a field
"""Where Flask-Login keeps in the cookie who is signed in; with us, the token of the session."""

PROVE_AGAIN: Final = "/xac-nhan-lai"
SET_UP_FACTOR: Final = "/tai-khoan/bao-mat"

WAITING: Final = "waiting"
"""Where the cookie keeps the token of a session whose code is still asked for."""

HELPING: Final = "helping"
"""Where the cookie keeps by which consent somebody acts, and on whose behalf."""

FRESH: Final[dict[str, str]] = {}
"""The views that want a fresh sign-in, by the name of their function, each with where to go after
it; empty: to the page that was asked for."""

PUBLIC: Final[set[str]] = {"blueprints.assets.serve"}
"""The views that are open to everybody, by the name of their function."""


@dataclass
class SignedIn:
    """A session, as Flask-Login knows a user. It asks the database once, when it is looked at."""

    token: str
    found: SessionUser | None = None
    is_authenticated = True
    is_active = True
    is_anonymous = False

    @property
    def person(self) -> SessionUser | None:
        """Who it is; None if the session is none, or none any more."""
        if self.found is None:
            self.found = find_session_user(self.token, at=now())
        return self.found

    def get_id(self) -> str:
        """What the cookie keeps."""
        return self.token


def public(view: View) -> View:
    """Open the view below to people who have not signed in."""
    PUBLIC.add(name_of(view))
    return view


def fresh(back: str = "") -> Callable[[View], View]:
    """Open the view below only to who proved a short while ago who they are.

    All others are sent to give their password, and their code, once more.

    Args:
        back: the page where they go on, without the language, with the view's own arguments in
            braces: "/quay/{code}/nhom". Needed where the view answers no GET.
    """

    def keep(view: View) -> View:
        FRESH[name_of(view)] = back
        return view

    return keep


class SecondFactorWantedError(Exception):
    """Somebody who touches money opened a desk without a second factor."""


def name_of(view: Callable[..., Any]) -> str:
    """How a view is called in `PUBLIC`."""
    return f"{view.__module__}.{view.__qualname__}"


def current_session() -> SessionUser | None:
    """Who is signed in, if anybody. Asks the database once per request, for visitors never."""
    if TOKEN not in session:  # most readers: Flask-Login would take its time to say so
        return None
    person: SessionUser | None = getattr(current_user, "person", None)
    return person


def current_viewer() -> Actor | None:
    """The person who is signed in, as an actor; None for a visitor."""
    person = current_session()
    return None if person is None else Actor(user_id=person.user_id)


def current_actor() -> Actor:
    """The person who is signed in. In a view that is not public there always is one.

    Raises:
        Unauthorized: there is none, in a public view that should not have asked.
    """
    viewer = current_viewer()
    if viewer is None:
        raise Unauthorized
    return viewer


def session_at_hand() -> SessionUser:
    """The session of the person who is signed in. In a view that is not public there is one.

    Raises:
        Unauthorized: there is none, in a public view that should not have asked.
    """
    person = current_session()
    if person is None:
        raise Unauthorized
    return person


def acting_for(code: str) -> Actor:
    """The person who is signed in, as a member of an organisation; its desk is shown.

    Raises:
        SecondFactorWantedError: their role wants a second factor, and they have none.
        NotFoundError: they are no member of it, nor acting on its behalf; whether it exists is
            not theirs to know.
        ConsentEndedError: they acted on its behalf, and the consent does not stand any more.
    """
    return _act_as(lambda membership: membership.code == code) or _act_on_behalf(code)


def acting_as(kind: OrganisationKind) -> Actor:
    """The person who is signed in, as a member of their organisation of a kind.

    For the desks that exist once: the alliance's and the operator's.

    Raises:
        NotFoundError: they belong to none of that kind.
    """
    actor = _act_as(lambda membership: membership.kind == kind)
    if actor is None:
        raise NotFoundError
    return actor


def acting_membership() -> SessionMembership:
    """The organisation of `acting_for` or `acting_as`, which must have been asked before."""
    membership: SessionMembership = g.acting_membership
    return membership


def can(permission: str, subject: object) -> bool:
    """For templates: would `authorize` let the reader through, as whom they act now?"""
    actor: Actor | None = g.get("acting") or current_viewer()
    return actor is not None and allows(actor, Permission(permission), subject)


def cart_count() -> int:
    """For templates: how many things are in the basket, as the session remembers."""
    count = session.get("cart_count", 0)
    return count if isinstance(count, int) else 0


def helping() -> dict[str, Any] | None:
    """For templates, too: on whose behalf the reader acts; None if on nobody's.

    The consent's id and the organisation's code and name, as they were when it began. Whether the
    consent stands is asked where something is done.
    """
    chosen = session.get(HELPING) if TOKEN in session else None
    return chosen if isinstance(chosen, dict) else None


def start_helping(consent_id: int, code: str, name: str) -> None:
    """Act on behalf of an organisation from here on."""
    session[HELPING] = {"consent": consent_id, "code": code, "name": name}


def stop_helping() -> None:
    """Act for nobody else any more."""
    session.pop(HELPING, None)


def start_session(token: str) -> None:
    """Sign the browser in: a new session that keeps only the basket.

    Args:
        token: of the session that accounts has begun; only its hash is in the database.
    """
    basket = {name: value for name, value in session.items() if name.startswith("cart")}
    session.clear()
    session.update(basket)
    session.permanent = True
    login_user(SignedIn(token))
    session.pop("_id", None)  # the fingerprint of a browser, which we do not compare


def start_waiting(token: str) -> None:
    """Remember whose code is asked for: nobody is signed in until it is given.

    Args:
        token: of the session that waits; only its hash is in the database.
    """
    basket = {name: value for name, value in session.items() if name.startswith("cart")}
    session.clear()
    session.update(basket)
    session[WAITING] = token
    logout_user()


def waiting_token() -> str:
    """The token of the session that waits for a code; empty if none does."""
    token = session.get(WAITING)
    return token if isinstance(token, str) else ""


def renew_session(token: str) -> None:
    """Go on with the session at hand under its new token."""
    session[TOKEN] = token


def end_session() -> str | None:
    """Sign the browser out. Returns the token it had, so that it can be ended for good."""
    token: str | None = session.get(TOKEN)
    session.clear()
    logout_user()
    return token


def safe_next(default: str = "/") -> str:
    """Where to go after signing in: the `next` of the form or the address, if it is ours.

    Args:
        default: a path of ours, for when there is none or a foreign one.
    """
    wanted = request.form.get("next") or request.args.get("next") or ""
    return wanted if is_local(wanted) else path(default)


def is_local(address: str) -> bool:
    """Whether an address is a path on this site and nothing a browser could read otherwise."""
    if not address.startswith("/") or address[1:2] in {"/", "\\"}:
        return False
    if any(character < " " or character == "\\" for character in address):
        return False
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc


def init_app(app: Flask) -> None:
    """Close every view that is not public, and give templates what they ask."""
    is_production = app.config["SETTINGS"].is_production
    app.config.update(
        # The prefix makes browsers refuse the cookie from a sister host or over plain http.
        SESSION_COOKIE_NAME="__Host-chomua" if is_production else "chomua",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=is_production,
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=LIFETIME,
    )
    manager = LoginManager()
    # It would sign people out whose address changes, as a telephone's does on the road. Our token
    # is long and secret, no script can read its cookie, and its row can be ended at any time.
    manager.session_protection = None
    manager.user_loader(_find)
    manager.unauthorized_handler(_send_to_sign_in)
    manager.init_app(app, add_context_processor=False)
    app.before_request(_require_sign_in)
    app.register_error_handler(SecondFactorWantedError, _send_to_set_up)
    app.jinja_env.globals.update(can=can, cart_count=cart_count, helping=helping)
    app.context_processor(lambda: {"visitor": current_session()})


def _require_sign_in() -> ResponseReturnValue | None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or name_of(view) in PUBLIC:
        return None
    person = current_session()
    if person is not None:
        _note_use(person)
        return _require_fresh(person, name_of(view))
    answer: ResponseReturnValue = current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
    return answer


def _require_fresh(person: SessionUser, view: str) -> ResponseReturnValue | None:
    if view not in FRESH or person.is_fresh(now()):
        return None
    own = request.script_root + request.full_path.rstrip("?")
    back = path(FRESH[view].format(**(request.view_args or {}))) if FRESH[view] else own
    return _go(f"{path(PROVE_AGAIN)}?{urlencode({'next': back})}")


def _send_to_set_up(_wanted: SecondFactorWantedError) -> ResponseReturnValue:
    flash(_("Vai trò của bạn liên quan đến tiền. Hãy bật xác thực hai bước để vào quầy."), "info")
    return _go(path(SET_UP_FACTOR))


def _find(token: str) -> SignedIn | None:
    found = find_session_user(token, at=now())
    return None if found is None else SignedIn(token, found)


def _send_to_sign_in() -> ResponseReturnValue:
    if request.path.startswith("/api/"):
        raise Unauthorized
    is_page = request.method in {"GET", "HEAD"}
    back = {"next": request.script_root + request.full_path.rstrip("?")} if is_page else {}
    return _go(f"{path(SIGN_IN)}?{urlencode(back)}" if back else path(SIGN_IN))


def _go(target: str) -> ResponseReturnValue:
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Redirect": target})
    return redirect(target, 303)


def _note_use(person: SessionUser) -> None:
    """Prolong the session now and then, so that reading seldom means writing."""
    at = now()
    if at - person.last_seen_at < TOUCH_EVERY:
        return
    with transaction():
        touch_session(session_id=person.session_id, at=at)
    session.modified = True  # the cookie lasts on, too


def _wants_factor(person: SessionUser | None, membership: SessionMembership) -> bool:
    settings: Settings = current_app.config["SETTINGS"]
    return (
        settings.require_second_factor
        and membership.role in MONEY_ROLES
        and not (person and person.has_second_factor)
    )


def _act_as(fits: Callable[[SessionMembership], bool]) -> Actor | None:
    person = current_session()
    for membership in person.memberships if person else ():
        if fits(membership):
            if _wants_factor(person, membership):
                raise SecondFactorWantedError
            g.acting_membership = membership
            g.acting = Actor(
                current_actor().user_id,
                membership.organisation_id,
                membership.kind,
                membership.role,
            )
            actor: Actor = g.acting
            return actor
    return None


def _act_on_behalf(code: str) -> Actor:
    """The person who is signed in, as one who acts for an organisation by its consent."""
    chosen, person = helping(), current_session()
    if chosen is None or person is None or chosen["code"] != code:
        raise NotFoundError
    found = find_help(person, chosen["consent"], at=now())
    if found is None:
        stop_helping()
        raise ConsentEndedError
    own = helper_membership(person, found.actor.helper_organisation_id)
    if own is not None and _wants_factor(person, own):
        raise SecondFactorWantedError
    g.acting_membership, g.acting = found.membership, found.actor
    return found.actor
