"""Who may do what, by address: one line for each endpoint and method.

It is written apart from `marketplace.accounts.permissions`, so that a mistake there shows. A route
that has no line here fails the test; so does a line without a route.
"""

from dataclasses import dataclass
from enum import StrEnum

from models.accounts import Role


class Kind(StrEnum):
    """What decides."""

    EVERYBODY = "everybody"
    PERSON = "anybody who is signed in"
    ORDER = "the buyer of the order, or whoever has its signed link"
    SESSION = "the person whose session it is"
    LETTER = "whoever has the mailed link"
    INVITATION = "the person who was invited"
    HELPER = "staff of the alliance or union that a consent was given to"
    DESK = "a member of the seller, in one of these roles"
    BUYING = "a member of the enterprise, in one of these roles"
    CONTRACT = "a member of the contract's buyer or seller, in one of these roles"
    ALLIANCE = "an officer of the alliance that decides about the province"
    NATIONAL = "an officer of an alliance of the whole country"
    OFFICER = "an officer of any alliance"
    MARKET = "the operator of the market"


@dataclass(frozen=True)
class Rule:
    """A kind and, at a seller's desk, the roles."""

    kind: Kind
    roles: frozenset[str] = frozenset()


EVERYBODY = Rule(Kind.EVERYBODY)
PERSON = Rule(Kind.PERSON)
BUYER = Rule(Kind.ORDER)
OWN_SESSION = Rule(Kind.SESSION)
LETTER = Rule(Kind.LETTER)
INVITED = Rule(Kind.INVITATION)
HELPER = Rule(Kind.HELPER)
ALLIANCE = Rule(Kind.ALLIANCE)
NATIONAL = Rule(Kind.NATIONAL)
OFFICER = Rule(Kind.OFFICER)
MARKET = Rule(Kind.MARKET)


def _desk(*roles: Role) -> Rule:
    return Rule(Kind.DESK, frozenset(roles))


DESK = _desk(Role.DIRECTOR, Role.SALES, Role.WAREHOUSE, Role.ACCOUNTANT)
LEADING = _desk(Role.DIRECTOR)
SELLING = _desk(Role.DIRECTOR, Role.SALES)
SHIPPING = _desk(Role.DIRECTOR, Role.SALES, Role.WAREHOUSE)
STORING = _desk(Role.DIRECTOR, Role.WAREHOUSE)
# Every organisation has a team, whether it sells or not.
TEAM = Rule(Kind.DESK, frozenset({*Role, "enterprise buyer"}))
MANAGING = _desk(Role.DIRECTOR, Role.OFFICER, Role.OPERATOR)
COUNTING = _desk(Role.DIRECTOR, Role.ACCOUNTANT)
BUYING = Rule(Kind.BUYING, frozenset({"enterprise buyer", "enterprise director"}))
HEADING = Rule(Kind.BUYING, frozenset({"enterprise director"}))
REGISTER = _desk(Role.DIRECTOR, Role.WAREHOUSE, Role.ACCOUNTANT)


def _sides(*roles: str) -> Rule:
    return Rule(Kind.CONTRACT, frozenset(roles))


SIDES = _sides(*DESK.roles, *BUYING.roles)
SIGNING = _sides(Role.DIRECTOR, *HEADING.roles)
APPROVING = _sides(*HEADING.roles)
CALLING_OFF = _sides(*BUYING.roles)
DELIVERING = _sides(*SHIPPING.roles)
BARGAINING = _sides(*SELLING.roles, *BUYING.roles)
RECKONING = _sides(*COUNTING.roles, *BUYING.roles)

POLICY: dict[str, Rule] = {
    # What everybody may see and do.
    "GET static": EVERYBODY,
    "GET storefront.show_home": EVERYBODY,
    "GET storefront.list_products": EVERYBODY,
    "GET storefront.show_product": EVERYBODY,
    "GET storefront.list_cooperatives": EVERYBODY,
    "GET storefront.show_cooperative": EVERYBODY,
    "GET storefront.show_facts": EVERYBODY,
    "GET storefront.show_certificate": EVERYBODY,
    "GET storefront.certificate_paper": EVERYBODY,
    "GET storefront.photo": EVERYBODY,
    "GET storefront.show_delivery": EVERYBODY,
    "GET storefront.show_returns": EVERYBODY,
    "GET storefront.show_rules": EVERYBODY,
    "GET storefront.sitemap_index": EVERYBODY,
    "GET storefront.sitemap": EVERYBODY,
    "GET storefront.robots": EVERYBODY,
    "POST storefront.choose_province": EVERYBODY,
    "GET trace.show_lot": EVERYBODY,
    "GET trace.qr_file": EVERYBODY,
    "GET trace.qr_picture": EVERYBODY,
    "GET trace.find_lot": EVERYBODY,
    "GET system.alive": EVERYBODY,
    "GET system.ready": EVERYBODY,
    "GET system.show_components": EVERYBODY,
    "POST system.show_components": EVERYBODY,
    "GET system.list_mails": EVERYBODY,
    "GET system.show_mail": EVERYBODY,
    "GET system.show_page_of_mail": EVERYBODY,
    # Ways in. Each works for its own visitor only.
    "GET account.sign_up": EVERYBODY,
    "POST account.sign_up": EVERYBODY,
    "GET account.sign_in": EVERYBODY,
    "POST account.sign_in": EVERYBODY,
    "POST account.sign_out": EVERYBODY,
    "GET account.resend_confirmation": EVERYBODY,
    "POST account.resend_confirmation": EVERYBODY,
    "GET account.forgot_password": EVERYBODY,
    "POST account.forgot_password": EVERYBODY,
    "GET account.give_code": EVERYBODY,
    "POST account.give_code": EVERYBODY,
    "GET account.confirm_new_email": LETTER,
    "POST account.confirm_new_email": LETTER,
    "GET account.show_invitation": INVITED,
    "POST account.take_invitation": INVITED,
    "GET account.confirm_email": LETTER,
    "POST account.confirm_email": LETTER,
    "GET account.reset_password": LETTER,
    "POST account.reset_password": LETTER,
    # Joining: the door is open, an application is whose link it is.
    "GET joining.show_door": EVERYBODY,
    "POST joining.start": EVERYBODY,
    "GET joining.resume": LETTER,
    "GET joining.show_step": LETTER,
    "POST joining.save_person": LETTER,
    "POST joining.save_facts": LETTER,
    "POST joining.save_home": LETTER,
    "POST joining.save_items": LETTER,
    "POST joining.send": LETTER,
    "POST joining.withdraw": LETTER,
    "GET joining.show_status": LETTER,
    "GET joining.show_paper": LETTER,
    # Buying: the basket is the visitor's own, an order its buyer's.
    "GET cart.show": EVERYBODY,
    "POST cart.add": EVERYBODY,
    "POST cart.update": EVERYBODY,
    "GET checkout.ask": EVERYBODY,
    "POST checkout.place": EVERYBODY,
    "GET checkout.show": BUYER,
    "POST checkout.cancel": BUYER,
    "POST checkout.buy_again": BUYER,
    "GET checkout.pay": BUYER,
    "GET checkout.pay_code": BUYER,
    "GET checkout.pay_status": BUYER,
    # Contracts: the same pages for both sides.
    "GET contracts.list_contracts": SIDES,
    "GET contracts.begin_contract": BARGAINING,
    "POST contracts.begin_contract": BARGAINING,
    "POST contracts.begin_from_award": BUYING,
    "GET contracts.show_contract": SIDES,
    "GET contracts.show_version": SIDES,
    "POST contracts.send_draft": BARGAINING,
    "POST contracts.accept_version": BARGAINING,
    "POST contracts.withdraw_version": BARGAINING,
    "POST contracts.decline": BARGAINING,
    "POST contracts.cancel_contract": BARGAINING,
    "POST contracts.terminate_contract": SIGNING,
    "POST contracts.comment_line": BARGAINING,
    "POST contracts.renew_contract": BARGAINING,
    "GET contracts.edit_terms": BARGAINING,
    "POST contracts.edit_terms": BARGAINING,
    "GET contracts.try_price": SIDES,
    "GET contracts.show_signing": SIDES,
    "POST contracts.sign": SIGNING,
    "GET contracts.approve": APPROVING,
    "POST contracts.approve": APPROVING,
    "GET contracts.contract_file": SIDES,
    "GET contracts.signatures_file": SIDES,
    "GET contracts.name_own_order": CALLING_OFF,
    "POST contracts.name_own_order": CALLING_OFF,
    "GET contracts.show_arrival": SIDES,
    "POST contracts.accept_arrival": CALLING_OFF,
    "GET contracts.show_photo": SIDES,
    "GET contracts.show_disputes": SIDES,
    "POST contracts.open_dispute": BARGAINING,
    "POST contracts.settle_dispute": CALLING_OFF,  # it is the buyer who opened it here
    "GET contracts.show_returns": SIDES,
    "POST contracts.receive_return": DELIVERING,
    "POST contracts.write_off_return": DELIVERING,
    "GET contracts.list_deliveries": SIDES,
    "GET contracts.show_delivery": SIDES,
    "GET contracts.print_note": SIDES,
    "GET contracts.show_calendar": SIDES,
    "GET contracts.follow_calendar": LETTER,
    "GET contracts.call_off": CALLING_OFF,
    "POST contracts.call_off": CALLING_OFF,
    "GET contracts.move_delivery": CALLING_OFF,
    "POST contracts.move_delivery": CALLING_OFF,
    # The seller declines only what was called off and is not confirmed yet.
    "POST contracts.cancel_delivery": CALLING_OFF,
    "POST contracts.confirm_delivery": DELIVERING,
    "GET contracts.pack_delivery": DELIVERING,
    "POST contracts.pack_delivery": DELIVERING,
    "POST contracts.unpack_delivery": DELIVERING,
    "GET contracts.ship_delivery": DELIVERING,
    "POST contracts.ship_delivery": DELIVERING,
    "GET contracts.list_invoices": RECKONING,
    "GET contracts.show_invoice": RECKONING,
    "GET contracts.invoice_file": RECKONING,
    "GET contracts.pay_due": RECKONING,
    "GET contracts.due_code": RECKONING,
    "GET enterprise.list_dues": BUYING,
    "GET enterprise.set_limits": HEADING,
    "POST enterprise.set_limits": HEADING,
    # A person's own pages.
    "GET account.show_account": PERSON,
    "GET account.edit_profile": PERSON,
    "POST account.edit_profile": PERSON,
    "GET account.change_password": PERSON,
    "POST account.change_password": PERSON,
    "GET account.change_email": PERSON,
    "POST account.change_email": PERSON,
    "GET account.prove_again": PERSON,
    "POST account.prove_again": PERSON,
    "GET account.show_security": PERSON,
    "POST account.start_factor": PERSON,
    "POST account.confirm_factor": PERSON,
    "POST account.renew_codes": PERSON,
    "POST account.switch_off_factor": PERSON,
    "GET account.list_sessions": PERSON,
    "POST account.end_others": PERSON,
    "POST account.end_one": OWN_SESSION,
    "GET cooperative.choose": PERSON,
    # A seller's desk.
    "GET cooperative.show_today": DESK,
    "GET cooperative.show_settings": LEADING,
    "POST cooperative.edit_portrait": LEADING,
    "POST cooperative.set_delivery": LEADING,
    "POST cooperative.declare_facts": LEADING,
    "POST cooperative.show_pictures": LEADING,
    "GET cooperative.list_units": LEADING,
    "POST cooperative.propose_unit": LEADING,
    "POST cooperative.accept_unit": LEADING,
    "POST cooperative.decline_unit": LEADING,
    "POST cooperative.end_unit": LEADING,
    "GET cooperative.show_standing": LEADING,
    "POST cooperative.appeal": LEADING,
    "GET cooperative.show_appeal_paper": LEADING,
    "GET cooperative.show_team": TEAM,
    "POST cooperative.invite_member": MANAGING,
    "POST cooperative.resend_invitation": MANAGING,
    "POST cooperative.withdraw_invitation": MANAGING,
    "POST cooperative.change_role": MANAGING,
    "POST cooperative.end_membership": MANAGING,
    "GET cooperative.list_bank_accounts": MANAGING,
    "GET cooperative.add_bank_account": MANAGING,
    "POST cooperative.add_bank_account": MANAGING,
    "GET cooperative.change_bank_account": MANAGING,
    "POST cooperative.change_bank_account": MANAGING,
    "POST cooperative.show_account_number": MANAGING,
    "POST cooperative.choose_main_account": MANAGING,
    "POST cooperative.confirm_bank_account": MANAGING,
    "POST cooperative.close_bank_account": MANAGING,
    "GET cooperative.list_certificates": DESK,
    "GET cooperative.show_certificate": DESK,
    "GET cooperative.show_paper": DESK,
    "POST cooperative.cover_products": SELLING,
    "POST cooperative.cover_plots": SELLING,
    "POST cooperative.share_paper": SELLING,
    "GET cooperative.claim_certificate": SELLING,
    "POST cooperative.claim_certificate": SELLING,
    "GET cooperative.revenue": COUNTING,
    "GET cooperative.revenue_file": COUNTING,
    "GET cooperative.revenue_orders": COUNTING,
    "GET cooperative.money": COUNTING,
    "GET cooperative.list_years": COUNTING,
    "GET cooperative.years_file": COUNTING,
    "GET cooperative.show_year": COUNTING,
    "POST cooperative.declare": COUNTING,
    "GET cooperative.show_supplies": DESK,
    "GET cooperative.supply_file": DESK,
    "GET cooperative.show_supply": DESK,
    "POST cooperative.write_supply": SELLING,
    "POST cooperative.undo_supply": SELLING,
    "GET cooperative.show_promises": DESK,
    "GET cooperative.show_promise": DESK,
    "POST cooperative.reply": SELLING,
    "GET cooperative.list_orders": DESK,
    "GET cooperative.show_order": DESK,
    "GET cooperative.print_slip": DESK,
    "POST cooperative.print_slips": DESK,
    "POST cooperative.confirm_orders": SELLING,
    "POST cooperative.confirm_order": SELLING,
    "POST cooperative.cancel_order": SELLING,
    "POST cooperative.pack_order": SHIPPING,
    "POST cooperative.hand_over_order": SHIPPING,
    "POST cooperative.deliver_order": SHIPPING,
    "GET cooperative.list_lots": DESK,
    "GET cooperative.show_lot": DESK,
    "GET cooperative.print_labels": DESK,
    "GET cooperative.receive": STORING,
    "POST cooperative.receive": STORING,
    "POST cooperative.add_event": STORING,
    "POST cooperative.add_photo": STORING,
    "POST cooperative.count_stock": STORING,
    # Members, their shares and their land.
    "GET cooperative.list_members": REGISTER,
    "GET cooperative.show_member": REGISTER,
    "GET cooperative.add_member": COUNTING,
    "POST cooperative.add_member": COUNTING,
    "GET cooperative.edit_member": COUNTING,
    "POST cooperative.edit_member": COUNTING,
    "POST cooperative.leave": COUNTING,
    "POST cooperative.return_member": COUNTING,
    "POST cooperative.reveal_member": COUNTING,
    "POST cooperative.hide_member": COUNTING,
    "POST cooperative.erase_member": COUNTING,
    "POST cooperative.record_share": COUNTING,
    "GET cooperative.list_shares": COUNTING,
    "GET cooperative.member_data": COUNTING,
    "GET cooperative.list_plots": REGISTER,
    "GET cooperative.show_plot": REGISTER,
    "GET cooperative.add_plot": STORING,
    "POST cooperative.add_plot": STORING,
    "GET cooperative.edit_plot": STORING,
    "POST cooperative.edit_plot": STORING,
    "POST cooperative.retire_plot": STORING,
    "POST cooperative.return_plot": STORING,
    "GET cooperative.import_plots": STORING,
    "POST cooperative.import_plots": STORING,
    "GET cooperative.show_plot_import": STORING,
    "POST cooperative.confirm_plot_import": STORING,
    "POST cooperative.discard_plot_import": STORING,
    "GET cooperative.sample_plots": STORING,
    "GET cooperative.plots_file": STORING,
    "GET cooperative.list_areas": REGISTER,
    "GET cooperative.add_area": STORING,
    "POST cooperative.add_area": STORING,
    "GET cooperative.edit_area": STORING,
    "POST cooperative.edit_area": STORING,
    "GET cooperative.import_members": COUNTING,
    "POST cooperative.import_members": COUNTING,
    "GET cooperative.show_import": COUNTING,
    "POST cooperative.confirm_import": COUNTING,
    "POST cooperative.discard_import": COUNTING,
    "GET cooperative.sample_register": COUNTING,
    "GET cooperative.register_file": COUNTING,
    "GET cooperative.list_products": DESK,
    "GET cooperative.show_product": DESK,
    "GET cooperative.create_product": SELLING,
    "POST cooperative.create_product": SELLING,
    "GET cooperative.edit_product": SELLING,
    "POST cooperative.edit_product": SELLING,
    "GET cooperative.list_photos": SELLING,
    "POST cooperative.list_photos": SELLING,
    "POST cooperative.arrange_photos": SELLING,
    "POST cooperative.remove_photo": SELLING,
    "GET cooperative.choose_certificates": SELLING,
    "POST cooperative.choose_certificates": SELLING,
    "POST cooperative.publish_product": SELLING,
    "POST cooperative.archive_product": SELLING,
    "POST cooperative.restore_product": SELLING,
    "GET cooperative.list_packs": SELLING,
    "POST cooperative.list_packs": SELLING,
    "GET cooperative.edit_pack": SELLING,
    "POST cooperative.edit_pack": SELLING,
    "POST cooperative.change_price": SELLING,
    "POST cooperative.retire_pack": SELLING,
    "POST cooperative.return_pack": SELLING,
    "GET cooperative.list_requests": DESK,
    "GET cooperative.show_request": DESK,
    "GET cooperative.show_request_file": DESK,
    "POST cooperative.ask_question": SELLING,
    "POST cooperative.decline_invitation": SELLING,
    "GET cooperative.list_quotes": SELLING,
    "GET cooperative.edit_quote": SELLING,
    "POST cooperative.edit_quote": SELLING,
    "POST cooperative.send_quote": SELLING,
    "POST cooperative.withdraw_quote": SELLING,
    "GET cooperative.answer_share": SELLING,
    "POST cooperative.answer_share": LEADING,
    # The desk of an enterprise.
    "GET enterprise.compare_quotes": BUYING,
    "GET enterprise.comparison_file": BUYING,
    "POST enterprise.open_quotes": BUYING,
    "POST enterprise.ask_better_quotes": BUYING,
    "GET enterprise.decide_award": BUYING,
    "POST enterprise.decide_award": BUYING,
    "GET enterprise.show_today": BUYING,
    "GET enterprise.list_requests": BUYING,
    "GET enterprise.requests_file": BUYING,
    "GET enterprise.create_request": BUYING,
    "POST enterprise.create_request": BUYING,
    "GET enterprise.show_request": BUYING,
    "GET enterprise.show_file": BUYING,
    "GET enterprise.edit_request": BUYING,
    "POST enterprise.edit_request": BUYING,
    "GET enterprise.publish_request": BUYING,
    "POST enterprise.publish_request": BUYING,
    "GET enterprise.invite_sellers": BUYING,
    "POST enterprise.invite_sellers": BUYING,
    "POST enterprise.copy_request": BUYING,
    "POST enterprise.discard_draft": BUYING,
    "POST enterprise.answer_question": BUYING,
    "POST enterprise.cancel_request": BUYING,
    "POST enterprise.end_request": BUYING,
    "GET enterprise.find_supply": BUYING,
    "GET enterprise.supply_file": BUYING,
    "GET enterprise.list_searches": BUYING,
    "POST enterprise.save_search": BUYING,
    "POST enterprise.rename_search": BUYING,
    "POST enterprise.watch_search": BUYING,
    "POST enterprise.remove_search": BUYING,
    "GET cooperative.list_consents": LEADING,
    "GET cooperative.grant_consent": LEADING,
    "POST cooperative.grant_consent": LEADING,
    "POST cooperative.end_consent": LEADING,
    # Acting on behalf.
    "GET helping.list_helped": PERSON,
    "POST helping.start": HELPER,
    "POST helping.stop": PERSON,
    # The alliance.
    "GET alliance.today": ALLIANCE,
    "GET alliance.list_organisations": ALLIANCE,
    "GET alliance.show_organisation": ALLIANCE,
    "POST alliance.verify": ALLIANCE,
    "POST alliance.suspend": ALLIANCE,
    "POST alliance.close": ALLIANCE,
    "GET alliance.list_reminders": ALLIANCE,
    "GET alliance.show_promises": ALLIANCE,
    "GET alliance.list_alliances": NATIONAL,
    "GET alliance.found_alliance": NATIONAL,
    "POST alliance.found_alliance": NATIONAL,
    "GET alliance.show_alliance": NATIONAL,
    "POST alliance.choose_reach": NATIONAL,
    "POST alliance.invite_first_officer": NATIONAL,
    "GET alliance.list_appeals": ALLIANCE,
    "GET alliance.show_appeal": ALLIANCE,
    "POST alliance.answer": ALLIANCE,
    "GET alliance.show_figures": ALLIANCE,
    "GET alliance.figures_file": ALLIANCE,
    "GET alliance.show_appeal_paper": ALLIANCE,
    "GET alliance.list_certificates": ALLIANCE,
    "GET alliance.show_certificate": ALLIANCE,
    "GET alliance.show_paper": ALLIANCE,
    "POST alliance.check_certificate": ALLIANCE,
    "POST alliance.decide_certificate": ALLIANCE,
    "POST alliance.revoke_certificate": ALLIANCE,
    "POST alliance.cover_products": ALLIANCE,
    "POST alliance.cover_plots": ALLIANCE,
    "GET alliance.list_applications": ALLIANCE,
    "GET alliance.show_application": ALLIANCE,
    "GET alliance.show_application_paper": ALLIANCE,
    "POST alliance.judge_item": ALLIANCE,
    "POST alliance.return_application": ALLIANCE,
    "POST alliance.approve_application": ALLIANCE,
    "POST alliance.reject_application": ALLIANCE,
    "GET alliance.list_requirements": ALLIANCE,
    "GET alliance.add_requirement": ALLIANCE,
    "POST alliance.add_requirement": ALLIANCE,
    "GET alliance.change_requirement": ALLIANCE,
    "POST alliance.change_requirement": ALLIANCE,
    "POST alliance.end_requirement": ALLIANCE,
    "POST alliance.restore_requirement": ALLIANCE,
    "GET alliance.list_references": OFFICER,
    "GET alliance.publish_reference": OFFICER,
    "POST alliance.publish_reference": OFFICER,
    # The operator of the market.
    "GET operator.today": MARKET,
    "GET operator.list_lines": MARKET,
    "POST operator.import_statement": MARKET,
    "GET operator.sample": MARKET,
    "GET operator.show_line": MARKET,
    "POST operator.assign_line": MARKET,
    "POST operator.return_line": MARKET,
    "GET operator.list_payments": MARKET,
    "GET operator.show_payment": MARKET,
    "POST operator.give_up": MARKET,
    "GET operator.list_refunds": MARKET,
    "GET operator.show_refund": MARKET,
    "POST operator.send_refund": MARKET,
    "GET operator.list_cash": MARKET,
    "GET operator.show_cash": MARKET,
    "POST operator.remit_cash": MARKET,
    "GET operator.list_payouts": MARKET,
    "GET operator.show_payee": MARKET,
    "POST operator.pay_seller": MARKET,
    "POST operator.show_payee_number": MARKET,
    "POST operator.confirm_payee_account": MARKET,
}
