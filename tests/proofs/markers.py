"""Words that say whose they are: while people of the test write, every text they leave is marked.

A marker such as `ZQ0042Q` occurs once in the database, so a page that shows it has shown a certain
column of a certain owner's row, however the text came there.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple
from unittest.mock import patch

from sqlalchemy import String, Table, Text, event, inspect
from sqlalchemy.orm import Session

from marketplace.platform.database import session
from marketplace.platform.statements import Change, NewRows
from models.base import Base
from models.catalogue import Pack, Product
from models.orders import Order, OrderLine, SellerOrder
from models.platform import AuditEvent, StateChange
from models.traceability import Lot

HISTORIES: Final[dict[str, type[Base]]] = {
    "audit_events": AuditEvent,
    "state_changes": StateChange,
}
"""Tables whose rows are only added, and never by the session."""


class Mark(NamedTuple):
    """Where a marker stands."""

    owner: str
    column: str


UNMARKED = frozenset(
    [
        "appeals.state",
        "application_items.state",
        "applications.kind",
        "applications.locale",
        "applications.resume_token_hash",
        "applications.state",
        "audit_events.action",
        "audit_events.subject_kind",
        "audit_events.request_id",
        "bank_account_readings.reason",
        "bank_accounts.bank_bin",
        "bank_accounts.last_four",
        "bank_accounts.number_index",
        "bank_accounts.sealed_number",
        "bank_lines.fingerprint",
        "bank_lines.raw",
        "bank_lines.resolution",
        "bank_lines.outcome",
        "bank_statements.sha256",
        "carts.token_hash",
        "cash_collections.state",
        "categories.name_en",
        "categories.name_vi",
        "categories.slug",
        "certificate_checks.kind",
        "certificates.scheme_code",
        "certificates.state",
        "contract_agreements.side",
        "contract_comments.line",
        "contract_comments.side",
        "contract_documents.sha256",
        "contract_signatures.provider",
        "contract_signatures.sha256",
        "contract_signatures.side",
        "contract_versions.side",
        "contracts.made_by_side",
        "contracts.origin",
        "contracts.state",
        "contracts.turn",
        "data_loads.name",
        "deliveries.call_off_key",
        "deliveries.origin",
        "deliveries.schedule_key",
        "deliveries.state",
        "delivery_disputes.side",
        "delivery_lines.accepted_grade",
        "delivery_lines.grade",
        "delivery_lines.lot_code",
        "delivery_returns.state",
        "dues.kind",
        "dues.ref",
        "dues.state",
        "growing_areas.country",
        "growing_areas.market",
        "heartbeats.name",
        "holds.state",
        "households.kind",
        "households.search_text",
        "households.sort_key",
        "invitations.role",
        "invitations.token_hash",
        "ledger_accounts.code",
        "line_lots.lot_code",
        "ledger_accounts.kind",
        "ledger_entries.kind",
        "ledger_entries.memo",
        "ledger_entries.ref",
        "lot_events.kind",
        "media_files.content_type",
        "media_files.kind",
        "media_files.sha256",
        "memberships.role",
        "messages.body_html",
        "messages.body_text",
        "messages.failure",
        "messages.key",
        "messages.locale",
        "messages.recipient",
        "messages.subject",
        "one_time_tokens.email",
        "one_time_tokens.purpose",
        "one_time_tokens.token_hash",
        "orders.channel",
        "orders.idempotency_key",
        "orders.locale",
        "orders.payment_method",
        "orders.state",
        "organisations.kind",
        "organisations.sort_key",
        "organisations.verification",
        "payments.method",
        "payments.state",
        "payouts.idempotency_key",
        "products.cover_sha256",
        "products.season",
        "products.state",
        "recovery_codes.code_hash",
        "reference_prices.code",
        "refunds.reason",
        "refunds.ref",
        "refunds.state",
        "reference_prices.code",
        "register_imports.kind",
        "register_imports.sha256",
        "register_imports.state",
        "quote_revisions.sealed",
        "quote_shares.state",
        "quotes.asked_text",
        "quotes.draft",
        "quotes.state",
        "request_limits.operator",
        "request_schemes.scheme_code",
        "requests.state",
        "requirements.kind",
        "requirements.topic",
        "revenue_facts.channel",
        "revenue_facts.kind",
        "revenue_facts.ref",
        "revenue_months.channel",
        "saved_searches.query",
        "seller_orders.delivery_method",
        "seller_orders.state",
        "share_contributions.key",
        "state_changes.from_state",
        "state_changes.subject_kind",
        "state_changes.to_state",
        "stock_movements.kind",
        "stock_movements.ref",
        "supply_holds.purpose",
        "supply_holds.reference",
        "throttle_counters.key",
        "totp_factors.secret",
        "union_memberships.state",
        "user_sessions.token_hash",
        "users.locale",
        "users.password_hash",
    ]
)
"""Columns of words that the marketplace chooses itself, of hashes and keys; of what repeats another
column; and of the mails, which no page shows (the outbox of a trial has its own test)."""

PLACES_AND_CURRENCIES = ("province_code", "commune_code", "currency")

OF_BOTH = frozenset(
    {"seller_orders", "order_lines", "line_lots", "cash_collections", "state_changes"}
)
"""Tables whose rows belong to a seller and a buyer together: their owner is `a.c`."""


def text_columns() -> dict[str, int | None]:
    """Every column of free text, as `table.column`, with its longest length."""
    return {
        name: column.type.length
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String | Text)
        and (name := f"{table.name}.{column.name}") not in UNMARKED
        and not column.name.endswith(PLACES_AND_CURRENCIES)
    }


class Markers:
    """All markers of a world, and the hook that writes them."""

    def __init__(self) -> None:
        self.known: dict[str, Mark] = {}
        self.owners: dict[int, str] = {}
        """By the id of the organisation."""
        self._writer = ""
        self._columns = text_columns()

    @contextmanager
    def written_by(self, owner: str) -> Iterator[None]:
        """Mark what the block adds as `owner`'s, unless an organisation of the world owns it."""
        before, self._writer = self._writer, owner
        event.listen(session, "before_flush", self._mark_new)
        try:
            with self._marking_what_passes_by_the_session():
                yield
                session.flush()
        finally:
            event.remove(session, "before_flush", self._mark_new)
            self._writer = before

    @contextmanager
    def _marking_what_passes_by_the_session(self) -> Iterator[None]:
        """Operations write rows with statements of their own, too: they are marked on their way."""
        mark, as_row, make = self._mark, NewRows._row, Change.make

        def marked_row(rows: NewRows[Any], entity: Any) -> dict[str, object]:
            if not isinstance(entity, Order):  # its words are the buyer's own, typed with markers
                mark(entity)
            return as_row(rows, entity)

        def marked_make(change: Change, **values: Any) -> Sequence[Any]:
            table = getattr(change.statement, "table", None)
            history = HISTORIES.get(table.name if isinstance(table, Table) else "")
            if history is not None:
                row = history(**values)
                mark(row)
                values = {name: getattr(row, name) for name in values}
            return make(change, **values)

        with patch.object(NewRows, "_row", marked_row), patch.object(Change, "make", marked_make):
            yield

    def word(self, owner: str, column: str) -> str:
        """A marker for a text that is written by hand, or by SQL that the hook does not see."""
        marker = f"ZQ{len(self.known) + 1:04d}Q"
        self.known[marker.lower()] = Mark(owner, column)
        return marker

    def found_in(self, text: str) -> set[Mark]:
        """Whose words stand in a text."""
        folded = text.lower()
        return {mark for marker, mark in self.known.items() if marker in folded}

    @property
    def columns(self) -> set[str]:
        """The columns that carry a marker."""
        return {mark.column for mark in self.known.values()}

    def _mark_new(self, session: Session, *_rest: Any) -> None:
        for row in session.new:
            self._mark(row)

    def _mark(self, row: Any) -> None:
        state = inspect(row)
        table = state.mapper.local_table.name
        for attribute in state.mapper.column_attrs:
            name = f"{table}.{attribute.columns[0].name}"
            if name in self._columns:
                value = getattr(row, attribute.key)
                marked, markers = self._marked(name, value, self._columns[name])
                setattr(row, attribute.key, marked)
                owner = self._owner_of(row, table)
                self.known |= {each.lower(): Mark(owner, name) for each in markers}

    def _marked(self, name: str, value: Any, longest: int | None) -> tuple[str, list[str]]:
        """The value with a marker of its own, and the ways in which the marker may be shown."""
        count = len(self.known) + 1
        marker = f"ZQ{count:04d}Q"
        column = name.rpartition(".")[2]
        if name != "certificates.number" and column in {"number", "reference"}:
            return value, [str(value)] if value else []  # made once, and theirs alone
        if column == "phone":
            digits = f"91{count:07d}"
            return f"+84{digits}", [digits, f"{digits[:3]} {digits[3:6]} {digits[6:]}"]
        shaped = {
            "email": f"{marker.lower()}@example.com",
            "gtin": f"952{count:010d}",
            "code": marker,
            "slug": f"{value}-{marker.lower()}",
            "original_name": f"{marker}.jpg",
        }
        text = f"{value or ''}"[: (longest or 1000) - len(marker) - 1]
        shown = shaped["gtin"] if column == "gtin" else marker
        return shaped.get(column, f"{text} {marker}".strip()), [shown]

    def _owner_of(self, row: Any, table: str) -> str:
        organisation_id = getattr(row, "organisation_id", None)
        if isinstance(row, StateChange) and row.subject_kind == "seller_order":
            part = session.get(SellerOrder, row.subject_id)
            organisation_id = part.organisation_id if part else None
        for name, model in _PARENTS:
            parent_id = getattr(row, name, None)
            if organisation_id is None and parent_id is not None:
                parent = session.get(model, parent_id)
                organisation_id = getattr(parent, "organisation_id", None)
        seller = self.owners.get(organisation_id or 0, "")
        if table in OF_BOTH and seller:
            return f"{seller}.{self._writer}"
        return seller or self._writer


_PARENTS = (
    ("product_id", Product),
    ("lot_id", Lot),
    ("seller_order_id", SellerOrder),
    ("line_id", OrderLine),
    ("pack_id", Pack),
)


def words_of(html: str) -> str:
    """A page without what differs from one request to the next: tokens, addresses, moments."""
    html = re.sub(r'name="csrf_token"[^>]*', "", html)
    html = re.sub(r'(href|action|src|content)="[^"]*"', "", html)
    return re.sub(r"\s+", " ", html)
