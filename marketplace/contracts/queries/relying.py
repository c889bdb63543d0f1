"""Contracts that want a certificate of the goods, for whoever ends or withdraws one."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import func, select

from marketplace.platform.database import session
from models.contracts import Contract, ContractState, ContractVersion

OPEN: Final = (ContractState.NEGOTIATING, ContractState.AGREED, ContractState.ACTIVE)
"""Both sides know of it, and it has not ended."""


def contracts_wanting(scheme_code: str, product_ids: Collection[int]) -> list[Contract]:
    """Open contracts about some goods whose terms want a scheme. For workflows: asks nobody.

    The version in force counts, of one that is not signed the last. One statement.
    """
    spoken = func.coalesce(Contract.signed_version, Contract.version)
    return list(
        session.scalars(
            select(Contract)
            .join(
                ContractVersion,
                (ContractVersion.contract_id == Contract.id) & (ContractVersion.version == spoken),
            )
            .where(
                Contract.product_id.in_(product_ids),
                Contract.state.in_(OPEN),
                ContractVersion.terms["schemes"].contains([scheme_code]),
            )
            .order_by(Contract.id)
        )
    )


def parts_with_contract(award_ids: Collection[int]) -> set[tuple[int, int, int, int]]:
    """Of which parts of awards contracts were made: award, quote, seller, product."""
    rows = session.execute(
        select(Contract.award_id, Contract.quote_id, Contract.seller_id, Contract.product_id).where(
            Contract.award_id.in_(award_ids)
        )
    )
    return {(award or 0, quote or 0, seller, goods) for award, quote, seller, goods in rows}
