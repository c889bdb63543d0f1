"""What holds for applications, as pure functions and tables."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from marketplace.accounts.rules import NAME_MAX, STORY_MAX, read_email, read_name, read_text
from marketplace.accounts.rules import read_phone as read_any_phone
from marketplace.kernel.identifiers import is_tax_code
from marketplace.kernel.states import StateMachine
from marketplace.onboarding.errors import (
    CategoryMissingError,
    DayInFutureError,
    FieldMissingError,
    KindNotAdmittedError,
    NoteMissingError,
    NumberOutOfBoundsError,
    TaxCodeMissingError,
    TaxCodeWrongError,
    WaiverDayError,
)
from models.accounts import OrganisationKind
from models.onboarding import ApplicationState, ItemState

APPLICATION: Final = StateMachine(
    "application",
    {
        ApplicationState.DRAFT: {ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN},
        ApplicationState.SUBMITTED: {
            ApplicationState.RETURNED,
            ApplicationState.APPROVED,
            ApplicationState.REJECTED,
            ApplicationState.WITHDRAWN,
        },
        ApplicationState.RETURNED: {ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN},
        ApplicationState.APPROVED: (),
        ApplicationState.REJECTED: (),
        ApplicationState.WITHDRAWN: (),
    },
)
ITEM: Final = StateMachine(
    "application_item",
    {
        ItemState.OPEN: {ItemState.SUBMITTED, ItemState.WAIVED},
        ItemState.SUBMITTED: {ItemState.ACCEPTED, ItemState.RETURNED, ItemState.WAIVED},
        # An officer may take a verdict back as long as the application is in their hands.
        ItemState.ACCEPTED: {ItemState.SUBMITTED},
        ItemState.RETURNED: {ItemState.SUBMITTED, ItemState.WAIVED},
        ItemState.WAIVED: {ItemState.SUBMITTED, ItemState.OPEN},
    },
)

STEPS: Final = 5
KINDS: Final = (
    OrganisationKind.COOPERATIVE,
    OrganisationKind.GROUP,
    OrganisationKind.UNION,
    OrganisationKind.ENTERPRISE,
)
"""Who may apply."""
DRAFT_LIFE: Final = timedelta(days=90)
"""How long a draft is kept after it was last saved."""
ROOM_BYTES: Final = 60 * 1024 * 1024
"""What the files of one application may have together."""
WAIVER_LONGEST: Final = timedelta(days=366)
DONE: Final = (ItemState.ACCEPTED, ItemState.WAIVED)
TO_SEND: Final = (ItemState.OPEN, ItemState.RETURNED)

ADDRESS_MAX: Final = 200
NUMBER_MAX: Final = 30
ANSWER_MAX: Final = 2000
NOTE_MAX: Final = 1000
MEMBERS_MAX: Final = 1_000_000
CAPITAL_MAX_MINOR: Final = 10**15
CATEGORIES_MAX: Final = 20

_PERSONAL: Final = re.compile(r"[0-9]{12}")
_NOT_OF_CODE: Final = re.compile(r"[\s.]+")


class Verdict(StrEnum):
    """What an officer says about an item."""

    ACCEPT = "accept"
    RETURN = "return"
    WAIVE = "waive"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Person:
    """Who applies, for what kind of organisation. `phone` as `+84…`; `locale` "vi" or "en"."""

    phone: str | None
    contact_name: str
    email: str
    kind: str
    locale: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the register of business knows of the organisation. Capital in whole đồng."""

    name: str
    tax_code: str
    registration_number: str
    legal_representative: str
    founded_on: date | None
    charter_capital_minor: int | None
    member_count: int | None


@dataclass(frozen=True, slots=True)
class Home:
    """Where the organisation is, what it mainly sells, and how it tells of itself."""

    province_code: str
    commune_code: str | None
    address: str
    category_ids: tuple[int, ...]
    story_vi: str


@dataclass(frozen=True, slots=True)
class Given:
    """What an applicant gives for an item. `file_id` None: the file that is there stays."""

    answer: str = ""
    is_confirmed: bool = False
    file_id: int | None = None


def read_person(person: Person) -> Person:
    """A person as we keep them.

    Raises:
        FieldMissingError: no telephone number.
        KindNotAdmittedError, EmailUnreadableError, NameMissingError, PhoneUnreadableError: as
            they say.
    """
    if person.kind not in KINDS:
        raise KindNotAdmittedError(field="kind")
    phone = read_any_phone(person.phone)
    if phone is None:
        raise FieldMissingError(field="phone")
    return Person(
        phone=phone,
        contact_name=read_name(person.contact_name, "contact_name"),
        email=read_email(person.email),
        kind=person.kind,
        locale=person.locale,
    )


def read_facts(facts: Facts, *, kind: str, today: date) -> Facts:
    """Facts as we keep them; "" for a tax code that a group does not have.

    Raises:
        NameMissingError, FieldMissingError, TaxCodeMissingError, TaxCodeWrongError,
        DayInFutureError, NumberOutOfBoundsError, TextTooLongError: as they say.
    """
    if facts.founded_on is not None and facts.founded_on > today:
        raise DayInFutureError(field="founded_on")
    bounds = {
        "member_count": (facts.member_count, MEMBERS_MAX),
        "charter_capital_minor": (facts.charter_capital_minor, CAPITAL_MAX_MINOR),
    }
    for field, (number, most) in bounds.items():
        if number is not None and not 0 <= number <= most:
            raise NumberOutOfBoundsError(field=field)
    representative = " ".join(facts.legal_representative.split())
    if not representative:
        raise FieldMissingError(field="legal_representative")
    return Facts(
        name=read_name(facts.name, "name"),
        tax_code=read_tax_code(facts.tax_code, kind=kind),
        registration_number=read_text(facts.registration_number, NUMBER_MAX, "registration_number"),
        legal_representative=read_text(representative, NAME_MAX, "legal_representative"),
        founded_on=facts.founded_on,
        charter_capital_minor=facts.charter_capital_minor,
        member_count=facts.member_count,
    )


def read_tax_code(text: str, *, kind: str) -> str:
    """A tax code without spaces; "" where a group has none.

    A group (tổ hợp tác) is no legal person: it may have no code, or use the personal number of
    its head (12 digits, which carries no check digit that is public). All others have ten digits,
    the last of which is a check digit, perhaps with a branch behind them.

    Raises:
        TaxCodeMissingError, TaxCodeWrongError: with the field `tax_code`.
    """
    code = _NOT_OF_CODE.sub("", text)
    is_group = kind == OrganisationKind.GROUP
    if not code and is_group:
        return ""
    if not code:
        raise TaxCodeMissingError(field="tax_code")
    if is_tax_code(code) or (is_group and _PERSONAL.fullmatch(code)):
        return code
    raise TaxCodeWrongError(field="tax_code")


def looks_unusual(registration_number: str, tax_code: str) -> bool:
    """Whether a registration number is not what is usual: since 2015 it equals the tax code.

    Older papers have numbers of other forms, so this is a hint, never a refusal.
    """
    bare = _NOT_OF_CODE.sub("", registration_number)
    return bool(bare) and bare != tax_code.partition("-")[0]


def read_home(home: Home) -> Home:
    """A home as we keep it; whether the place and the groups exist is asked elsewhere.

    Raises:
        CategoryMissingError, TextTooLongError: as they say.
    """
    chosen = tuple(sorted(set(home.category_ids)))
    if not 1 <= len(chosen) <= CATEGORIES_MAX:
        raise CategoryMissingError(field="category_ids")
    return Home(
        province_code=home.province_code,
        commune_code=home.commune_code,
        address=read_text(home.address, ADDRESS_MAX, "address"),
        category_ids=chosen,
        story_vi=read_text(home.story_vi, STORY_MAX, "story_vi"),
    )


def read_note(text: str, *, is_needed: bool, field: str = "note") -> str:
    """What an officer writes to the applicant.

    Raises:
        NoteMissingError: it is needed and empty.
        TextTooLongError: longer than 1000 characters.
    """
    note = read_text(text, NOTE_MAX, field)
    if is_needed and not note:
        raise NoteMissingError(field=field)
    return note


def require_waiver_day(until: date | None, *, today: date) -> date:
    """The last day of a waiver.

    Raises:
        WaiverDayError: none, not after today, or more than a year ahead.
    """
    if until is None or not today < until <= today + WAIVER_LONGEST:
        raise WaiverDayError(field="until")
    return until


def concerns(
    wanted: tuple[str | None, str | None, int | None],
    *,
    kind: str,
    province_code: str | None,
    category_ids: Collection[int],
) -> bool:
    """Whether a requirement for (kind, province, category), None meaning any, concerns somebody."""
    of_kind, of_province, of_category = wanted
    return (
        of_kind in {None, kind}
        and of_province in {None, province_code}
        and (of_category is None or of_category in category_ids)
    )


def is_complete(
    *,
    needs_file: bool,
    needs_text: bool,
    has_file: bool,
    has_text: bool,
    is_confirmed: bool,
) -> bool:
    """Whether an item has all that its requirement asks for."""
    if not needs_file and not needs_text:
        return is_confirmed
    return (has_file or not needs_file) and (has_text or not needs_text)
