"""The papers of a contract: what both sign, and the sheet that says who signed."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from marketplace.accounts.permissions import Actor
from marketplace.contracts import access, documents
from marketplace.contracts.queries.signing import Signed, agreed_at, signatures_of
from marketplace.contracts.terms import Terms
from marketplace.kernel.translation import mark
from marketplace.media.operations import store_typeset
from marketplace.platform.config import current_settings
from marketplace.platform.database import session
from marketplace.platform.documents import typeset
from marketplace.platform.formatting import day, moment, number
from marketplace.platform.translation import LOCALES, current_locale, using_locale
from marketplace.platform.translation import gettext as _
from marketplace.workflows.contract_articles import articles_of, product_name
from models.accounts import Organisation
from models.contracts import Contract, ContractDocument, ContractSide

CONTRACT: Final = "contract.typ"
SHEET: Final = "contract_signatures.typ"
LAWS: Final = (
    mark("Căn cứ Bộ luật Dân sự số 91/2015/QH13 và Luật Thương mại số 36/2005/QH11;"),
    mark(
        "Căn cứ Nghị định số 98/2018/NĐ-CP về khuyến khích phát triển hợp tác, liên kết trong "
        "sản xuất và tiêu thụ sản phẩm nông nghiệp;"
    ),
)
SIDES: Final = {ContractSide.BUYER: mark("Bên mua"), ContractSide.SELLER: mark("Bên bán")}
PROVIDERS: Final = {
    "totp": mark("đăng nhập lại và mã một lần trên điện thoại của người ký"),
}


def write_document(*, actor: Actor, contract: Contract, at: datetime) -> ContractDocument | None:
    """Make and keep the paper of the version that both sides want. Again changes nothing.

    For whoever has just let a side agree and holds the contract.

    Returns:
        The paper; None while the sides do not want the same version.
    """
    version = documents.version_to_sign(contract)
    if version is None:
        return None
    known = documents.find_document(contract, version)
    if known is not None:
        return known
    terms = access.terms_in(contract, version)
    file = store_typeset(
        actor=actor,
        data=contract_pdf(contract, version, terms),
        name=f"{contract.number}-{version}.pdf",
        at=at,
    )
    return documents.add_document(
        contract=contract, version=version, file=file, value_minor=terms.value_minor, at=at
    )


def contract_pdf(contract: Contract, version: int, terms: Terms) -> bytes:
    """The paper of a version: Vietnamese first, then English. The same version, the same bytes."""
    agreed_on = agreed_at(contract, version)
    parts = []
    for locale in LOCALES:
        with using_locale(locale):
            parts.append(_part(contract, version, terms, agreed_on))
    market = current_settings().market_name
    return typeset(
        CONTRACT,
        {"parts": parts, "foot": f"{market} · {contract.number}/{version}"},
    )


def signature_sheet(contract: Contract) -> bytes:
    """Who signed which version of a contract, when and how, in the reader's language."""
    return typeset(
        SHEET,
        {
            "lang": current_locale(),
            "foot": f"{current_settings().market_name} · {contract.number}",
            "title": _("Phiếu chữ ký"),
            "contract": f"{contract.number} · {contract.title}",
            "facts": _references(contract),
            "words": {
                "hash": _("Mã băm SHA-256 của văn bản"),
                "by": _("Người ký"),
                "for": _("Ký cho"),
                "at": _("Lúc"),
                "how": _("Cách ký"),
            },
            "versions": [_signed(contract, each) for each in signatures_of(contract)],
            "note": _(
                "Mỗi chữ ký ghi mã băm của đúng tệp PDF đã ký. Tính lại mã băm của tệp và so với "
                "mã trên phiếu này để biết tệp có bị sửa hay không."
            ),
        },
    )


def _part(
    contract: Contract, version: int, terms: Terms, agreed_on: datetime | None
) -> dict[str, Any]:
    is_vietnamese = current_locale() == "vi"
    motto = ["CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập – Tự do – Hạnh phúc"]
    return {
        "lang": current_locale(),
        "motto": motto if is_vietnamese else [],
        "title": _("HỢP ĐỒNG LIÊN KẾT, MUA BÁN: %(title)s", title=terms.title),
        "number": _("Số %(number)s, bản %(version)s", number=contract.number, version=version),
        "article": _("Điều"),
        "preamble": [
            *(_(law) for law in LAWS),
            _("Hai bên thống nhất bản này ngày %(day)s.", day=day(agreed_on)),
            _(
                "%(seller)s bán và %(buyer)s mua %(product)s theo các điều sau.",
                seller=terms.seller.name,
                buyer=terms.buyer.name,
                product=product_name(terms),
            ),
        ],
        "articles": [asdict(each) for each in articles_of(terms)],
        "closing": [
            _(
                "Văn bản này lập bằng tiếng Việt kèm bản dịch tiếng Anh trong cùng một tệp; nếu "
                "hiểu khác nhau thì theo bản tiếng Việt."
            ),
            _(
                "Hai bên ký bằng phương tiện điện tử trên %(market)s. Chữ ký, người ký và mã băm "
                "của tệp này nằm ở phiếu chữ ký. Sửa đổi chỉ có hiệu lực khi cả hai bên cùng ký "
                "bản mới.",
                market=current_settings().market_name,
            ),
        ],
    }


def _references(contract: Contract) -> Sequence[list[str]]:
    found = [
        (_("Mã đơn mua (PO)"), contract.po_number),
        (_("Mã chi phí"), contract.cost_centre),
    ]
    return [[label, text] for label, text in found if text]


def _signed(contract: Contract, signed: Signed) -> dict[str, Any]:
    own = {
        ContractSide.BUYER: session.get_one(Organisation, contract.buyer_id).name,
        ContractSide.SELLER: session.get_one(Organisation, contract.seller_id).name,
    }
    return {
        "title": _("Bản %(version)s", version=number(signed.version)),
        "sha256": signed.sha256,
        "signatures": [
            {
                "side": _(SIDES[ContractSide(each.side)]),
                "name": each.name,
                "position": each.position,
                "organisation": own[ContractSide(each.side)],
                "at": moment(each.at),
                "how": _(PROVIDERS[each.provider]),
            }
            for each in signed.signatures
        ],
    }
