"""Handing over to a member all that is held about them."""

import json
from typing import Final

from flask.typing import ResponseReturnValue

from blueprints.cooperative import cooperative
from blueprints.cooperative.member_files import file_answer
from blueprints.places import address_line
from blueprints.security import acting_for, acting_membership
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.translation import mark
from marketplace.membership import queries
from marketplace.membership.files.held import Cell, Sheet, held_file
from marketplace.membership.queries import Member
from marketplace.membership.rules import KIND_WORDS
from marketplace.platform.formatting import phone
from marketplace.platform.translation import gettext as _
from marketplace.traceability.queries import lots_of_member
from models.membership import MemberKind

MOST_LOTS: Final = 10_000
DONE: Final = {
    "membership.add_member": mark("Ghi vào sổ"),
    "membership.edit_member": mark("Sửa thông tin"),
    "membership.leave": mark("Ghi đã ra"),
    "membership.return_member": mark("Vào lại"),
    "membership.show_member": mark("Cho ghi tên"),
    "membership.hide_member": mark("Ẩn tên"),
    "membership.erase_member": mark("Xoá thông tin riêng"),
    "membership.record_contribution": mark("Ghi góp hoặc trả vốn"),
}


@cooperative.get("/<code>/thanh-vien/<household_code>/du-lieu.xlsx")
def member_data(code: str, household_code: str) -> ResponseReturnValue:
    """All that is held about a member: for them, when they ask."""
    actor = acting_for(code)
    member = queries.get_member(
        household_code, organisation_id=acting_membership().organisation_id, viewer=actor
    )
    authorize(actor, Permission.MEMBER_EDIT, member)
    sheets = [
        (_("Trong sổ"), _facts(member)),
        (_("Vốn góp"), _shares(actor, member)),
        *_land(actor, member),
        (_("Việc đã ghi"), _doings(actor, member)),
    ]
    return file_answer(held_file(sheets), f"du-lieu-{member.code}.xlsx")


def _facts(member: Member) -> list[list[Cell]]:
    yes, no = _("có"), _("không")
    return [
        [_("Mục"), _("Đang ghi")],
        [_("Mã thành viên"), member.code],
        [_("Họ tên hoặc tên"), member.name],
        [_("Thành viên là"), _(KIND_WORDS[MemberKind(member.kind)])],
        [_("Là thành viên chính thức"), yes if member.is_official else no],
        [_("Số điện thoại"), phone(member.phone) if member.phone else ""],
        [_("Nơi ở"), address_line(member.hamlet, member.commune_code, member.province_code)],
        [_("Ngày vào"), member.joined_on],
        [_("Ngày ra"), member.left_on],
        [_("Ngày thành viên đồng ý"), member.consented_on],
        [_("Đồng ý bằng cách nào"), member.consent_note],
        [_("Ẩn tên"), yes if member.is_hidden else no],
        [_("Ghi chú"), member.note],
    ]


def _shares(actor: Actor, member: Member) -> list[list[Cell]]:
    entries = queries.entries_of(member.id, organisation_id=member.organisation_id, viewer=actor)
    rows: list[list[Cell]] = [[each.on_day, each.amount_minor, each.note] for each in entries]
    return [[_("Ngày"), _("Số tiền"), _("Ghi chú")], *rows]


def _land(actor: Actor, member: Member) -> list[Sheet]:
    values = {"organisation_id": member.organisation_id}
    plots = queries.plots_of_member(member.id, viewer=actor, **values)
    lots = lots_of_member(member.id, limit=MOST_LOTS, **values)
    plot_rows: list[list[Cell]] = [
        [
            each.code,
            each.crop,
            each.area_m2,
            each.declared_area_m2,
            json.dumps(each.geometry) if each.geometry else "",
        ]
        for each in plots
    ]
    lot_rows: list[list[Cell]] = [
        [each.code, each.product_vi, each.plot_code, each.harvested_on, each.quantity_g]
        for each in lots
    ]
    plot_head = [_("Mã thửa"), _("Cây trồng, vật nuôi"), "m²", _("Theo giấy tờ"), "GeoJSON"]
    lot_head = [_("Mã lô"), _("Sản phẩm"), _("Thửa"), _("Thu hoạch"), "g"]
    return [
        (_("Thửa đất"), [plot_head, *plot_rows]),
        (_("Lô hàng"), [lot_head, *lot_rows]),
    ]


def _doings(actor: Actor, member: Member) -> list[list[Cell]]:
    doings = queries.doings_of(member.id, organisation_id=member.organisation_id, viewer=actor)
    rows: list[list[Cell]] = [
        [each.at, _(DONE[each.action]) if each.action in DONE else each.action, each.by]
        for each in doings
    ]
    return [[_("Lúc"), _("Việc gì"), _("Ai ghi")], *rows]
