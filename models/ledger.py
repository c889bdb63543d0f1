"""Double entry in whole đồng, and the revenue facts that go with it. Rows are only ever added."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Amount, Base, Currency, PrimaryKey, ProvinceCode, one_of
from models.orders import Channel


class AccountKind(StrEnum):
    """On which side an account grows: assets by debit, the others by credit."""

    ASSET = "asset"
    LIABILITY = "liability"
    INCOME = "income"


class LedgerAccount(Base):
    """An account. `code` is `market:bank`, `org:12:payable` and the like."""

    __tablename__ = "ledger_accounts"
    __table_args__ = (one_of("kind", AccountKind),)

    id: Mapped[PrimaryKey]
    code: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    currency: Mapped[Currency]


class LedgerEntry(Base):
    """One fact in money. `ref` is the natural key of the fact, so it is booked once."""

    __tablename__ = "ledger_entries"

    id: Mapped[PrimaryKey]
    ref: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime] = mapped_column(index=True)
    memo: Mapped[str] = mapped_column(Text, default="")
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entries.id"), unique=True)

    postings: Mapped[list["LedgerPosting"]] = relationship(
        lazy="raise_on_sql", order_by="LedgerPosting.id"
    )


class LedgerPosting(Base):
    """One side of an entry: debit above zero, credit below. An entry's postings sum to zero."""

    __tablename__ = "ledger_postings"
    __table_args__ = (
        CheckConstraint("amount_minor <> 0", "amount_not_zero"),
        # A balance is summed from the index alone.
        Index(
            "ix_ledger_postings_account_id_entry_id",
            "account_id",
            "entry_id",
            postgresql_include=["amount_minor"],
        ),
    )

    id: Mapped[PrimaryKey]
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entries.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ledger_accounts.id"))
    currency: Mapped[Currency]
    amount_minor: Mapped[int] = mapped_column(BigInteger)

    amount = Amount()
    account: Mapped[LedgerAccount] = relationship(lazy="raise_on_sql")


class FactKind(StrEnum):
    """What a revenue fact is about."""

    GOODS = "goods"
    DELIVERY = "delivery"


class RevenueFact(Base):
    """What a delivered line of an order or a contract, or a delivery fee, brought a cooperative.

    `net_minor` = gross - discount + delivery - commission: what the market owes the cooperative
    for it. `business_day` is the day in Việt Nam; months are counted by it.
    """

    __tablename__ = "revenue_facts"
    __table_args__ = (
        one_of("kind", FactKind),
        one_of("channel", Channel),
        CheckConstraint(
            "net_minor = gross_minor - discount_minor + delivery_minor - commission_minor",
            "net_adds_up",
        ),
        CheckConstraint(
            "kind <> 'goods' or line_id is not null or delivery_line_id is not null",
            "goods_have_a_line",
        ),
        CheckConstraint(
            "(seller_order_id is null) <> (delivery_line_id is null)", "of_an_order_or_a_contract"
        ),
        CheckConstraint(
            "(channel = 'contract') = (delivery_line_id is not null)", "channel_says_which"
        ),
        Index("ix_revenue_facts_book", "organisation_id", "business_day"),
        Index("ix_revenue_facts_seller_order_id", "seller_order_id"),
    )

    id: Mapped[PrimaryKey]
    ref: Mapped[str] = mapped_column(String(60), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[str] = mapped_column(String(10))
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entries.id"), index=True)
    seller_order_id: Mapped[int | None] = mapped_column(ForeignKey("seller_orders.id"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("order_lines.id"))
    delivery_line_id: Mapped[int | None] = mapped_column(
        ForeignKey("delivery_lines.id"), index=True
    )
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    buyer_province_code: Mapped[ProvinceCode]
    channel: Mapped[str] = mapped_column(String(20))
    occurred_at: Mapped[datetime]
    business_day: Mapped[date] = mapped_column(Date)
    quantity: Mapped[int] = mapped_column(Integer, default=0)
    grams: Mapped[int] = mapped_column(BigInteger, default=0)
    currency: Mapped[Currency]
    gross_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    discount_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    delivery_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    commission_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    net_minor: Mapped[int] = mapped_column(BigInteger)


class RevenueMonth(Base):
    """The revenue facts of one month, summed by everything a revenue book is cut by.

    A database trigger keeps it while facts are added; nobody else writes it. It can be made anew
    from the facts at any time, and `ledger verify` compares the two. For delivery fees
    `product_id` and `category_id` are 0.
    """

    __tablename__ = "revenue_months"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    product_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    category_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    buyer_province_code: Mapped[str] = mapped_column(String(2), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    line_count: Mapped[int]
    quantity: Mapped[int]
    grams: Mapped[int]
    gross_minor: Mapped[int]
    discount_minor: Mapped[int]
    delivery_minor: Mapped[int]
    commission_minor: Mapped[int]
    net_minor: Mapped[int]
