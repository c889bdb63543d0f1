"""Refusals about people, organisations and sign-in."""

from marketplace.kernel.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    UnavailableError,
)
from marketplace.kernel.translation import mark


class OrganisationNotFoundError(NotFoundError):
    """No such organisation, or one that the reader must not see."""

    code = "accounts.organisation_not_found"
    message = mark("Không tìm thấy tổ chức này.")


class SessionNotFoundError(NotFoundError):
    """No such session of this person; it may have ended already."""

    code = "accounts.session_not_found"
    message = mark("Không tìm thấy phiên đăng nhập này.")


class UserNotFoundError(NotFoundError):
    """No such person."""

    code = "accounts.user_not_found"
    message = mark("Không tìm thấy tài khoản này.")


class LinkExpiredError(NotFoundError):
    """A mailed link that was used, replaced, changed, or is too old."""

    code = "accounts.link_expired"
    message = mark("Đường dẫn này đã được dùng hoặc đã hết hạn. Mời bạn xin đường dẫn mới.")


class WrongCredentialsError(InvalidError):
    """The address and the password do not belong together; it is not said which is wrong."""

    code = "accounts.wrong_credentials"
    message = mark("E-mail hoặc mật khẩu chưa đúng.")


class TooManyAttemptsError(UnavailableError):
    """Somebody, or an address of the network, tried too often. Details: `minutes` to wait."""

    code = "accounts.too_many_attempts"
    message = mark("Bạn đã thử nhiều lần. Mời bạn đợi %(minutes)s phút rồi thử lại.")


class EmailUnreadableError(InvalidError):
    """What was typed is not an e-mail address. Details: `field`."""

    code = "accounts.email_unreadable"
    message = mark("Địa chỉ e-mail chưa đúng, ví dụ ten@example.com.")


class NameMissingError(InvalidError):
    """A person or an organisation without a name, or with one too long. Details: `field`."""

    code = "accounts.name_missing"
    message = mark("Hãy nhập tên, dài nhất 160 chữ.")


class PasswordTooShortError(InvalidError):
    """Fewer characters than `least`. Details: `field`, `least`."""

    code = "accounts.password_too_short"
    message = mark("Mật khẩu cần ít nhất %(least)s ký tự. Một câu ngắn dễ nhớ là tốt nhất.")


class PasswordTooLongError(InvalidError):
    """More characters than `most`. Details: `field`, `most`."""

    code = "accounts.password_too_long"
    message = mark("Mật khẩu dài nhất %(most)s ký tự.")


class PasswordCommonError(InvalidError):
    """One of the passwords that everybody tries first. Details: `field`."""

    code = "accounts.password_common"
    message = mark("Mật khẩu này quá nhiều người dùng nên dễ bị đoán. Hãy chọn mật khẩu khác.")


class PasswordPersonalError(InvalidError):
    """The password is the person's own name or address, or the market's name. Details: `field`."""

    code = "accounts.password_personal"
    message = mark("Mật khẩu không nên là tên hay e-mail của bạn hoặc tên chợ. Hãy chọn khác đi.")


class WrongPasswordError(InvalidError):
    """The present password, asked for again, was not the right one. Details: `field`."""

    code = "accounts.wrong_password"
    message = mark("Mật khẩu hiện tại chưa đúng.")


class ReasonMissingError(InvalidError):
    """Whoever takes something away from an organisation says why. Details: `field`."""

    code = "accounts.reason_missing"
    message = mark("Hãy ghi lý do để tổ chức biết cần làm gì.")


class NotASellerError(ConflictError):
    """Only cooperatives, unions and groups sell and deliver."""

    code = "accounts.not_a_seller"
    message = mark("Chỉ hợp tác xã, liên hiệp và tổ hợp tác mới bán hàng trên chợ.")


class FeeOutOfBoundsError(InvalidError):
    """A delivery fee, a threshold or a number of days that cannot be meant. Details: `field`."""

    code = "accounts.fee_out_of_bounds"
    message = mark("Phí giao từ 0 đến 10 triệu đồng, số ngày giao từ 0 đến 30.")


class PhoneUnreadableError(InvalidError):
    """What was typed is not a telephone number. Details: `field`."""

    code = "accounts.phone_unreadable"
    message = mark("Số điện thoại chưa đúng, ví dụ 0912 345 678.")


class TextTooLongError(InvalidError):
    """A text longer than `most` characters. Details: `field`, `most`."""

    code = "accounts.text_too_long"
    message = mark("Phần này dài nhất %(most)s chữ.")


class EmailNotConfirmedError(ForbiddenError):
    """The person has not proved yet that the address is theirs; told to who has the password."""

    code = "accounts.email_not_confirmed"
    message = mark("Bạn chưa xác nhận e-mail. Hãy mở thư chúng tôi đã gửi, hoặc xin gửi lại.")


class AccountDisabledError(ForbiddenError):
    """The person's account was closed; told only to who has the password."""

    code = "accounts.account_disabled"
    message = mark("Tài khoản này đã bị khoá. Mời bạn liên hệ với chợ.")


class RoleNotFittingError(InvalidError):
    """An organisation of this kind has no such role. Details: `field`."""

    code = "accounts.role_not_fitting"
    message = mark("Tổ chức này không có vai trò đó. Mời bạn chọn vai trò khác.")


class AlreadyMemberError(InvalidError):
    """Somebody was invited who belongs to the organisation. Details: `field`."""

    code = "accounts.already_member"
    message = mark("Người này đã ở trong tổ chức rồi.")


class MembershipNotFoundError(NotFoundError):
    """No such person in this organisation, or not any more."""

    code = "accounts.membership_not_found"
    message = mark("Không tìm thấy người này trong tổ chức.")


class LastLeaderError(ConflictError):
    """Whoever leads an organisation alone can neither leave it nor give up the role."""

    code = "accounts.last_leader"
    message = mark(
        "Tổ chức phải còn ít nhất một người phụ trách. Hãy giao việc cho người khác trước."
    )


class InvitationNotFoundError(NotFoundError):
    """No such invitation of this organisation, or one that was answered or withdrawn."""

    code = "accounts.invitation_not_found"
    message = mark("Lời mời này không còn. Có thể nó đã được nhận hoặc đã được rút lại.")


class InvitationExpiredError(NotFoundError):
    """A mailed invitation that was accepted, withdrawn, renewed, is too old, or never was."""

    code = "accounts.invitation_expired"
    message = mark("Lời mời này đã hết hạn hoặc đã được rút lại. Hãy nhờ tổ chức gửi lời mời mới.")


class InvitationOfAnotherError(ForbiddenError):
    """The invitation went to another address than the one of who is signed in."""

    code = "accounts.invitation_of_another"
    message = mark(
        "Lời mời này gửi tới một địa chỉ e-mail khác. "
        "Hãy đăng xuất, rồi mở lại đường dẫn trong thư."
    )


class AccountExistsError(ConflictError):
    """The invited address has an account already: its owner signs in."""

    code = "accounts.account_exists"
    message = mark("Địa chỉ này đã có tài khoản. Mời bạn đăng nhập để nhận lời mời.")


class WrongCodeError(InvalidError):
    """Neither the code of the moment nor an unused recovery code. Details: `field`."""

    code = "accounts.wrong_code"
    message = mark("Mã chưa đúng hoặc đã dùng rồi. Hãy đợi mã mới trên điện thoại rồi nhập lại.")


class SecondFactorMissingError(ConflictError):
    """The person has no second factor, or has not begun to set one up."""

    code = "accounts.second_factor_missing"
    message = mark("Bạn chưa bật xác thực hai bước.")


class SecondFactorPresentError(ConflictError):
    """The person has a second factor already."""

    code = "accounts.second_factor_present"
    message = mark("Xác thực hai bước đã được bật rồi.")


class EmailUnchangedError(InvalidError):
    """The new address is the present one. Details: `field`."""

    code = "accounts.email_unchanged"
    message = mark("Đây là địa chỉ bạn đang dùng.")


class EmailTakenError(ConflictError):
    """Somebody else has an account with the address by now; told to who reads its mail."""

    code = "accounts.email_taken"
    message = mark("Địa chỉ này đang được dùng cho một tài khoản khác.")


class NothingToAppealError(ConflictError):
    """There is no decision in force that takes the organisation off the market."""

    code = "accounts.nothing_to_appeal"
    message = mark("Hiện không có quyết định nào để khiếu nại.")


class AlreadyAppealedError(ConflictError):
    """Somebody has appealed against this decision before."""

    code = "accounts.already_appealed"
    message = mark("Tổ chức đã khiếu nại quyết định này rồi. Mỗi quyết định khiếu nại một lần.")


class AppealTextMissingError(InvalidError):
    """An appeal, or the answer to it, that says nothing. Details: `field`."""

    code = "accounts.appeal_text_missing"
    message = mark("Mời bạn viết vài dòng.")


class AppealPaperError(InvalidError):
    """The paper of an appeal is not one of the organisation's own. Details: `field`."""

    code = "accounts.appeal_paper"
    message = mark("Không tìm thấy tệp vừa gửi. Mời bạn chọn lại.")


class AppealNotFoundError(NotFoundError):
    """No such appeal, or one that the reader must not see."""

    code = "accounts.appeal_not_found"
    message = mark("Không tìm thấy khiếu nại này.")


class OwnDecisionError(ConflictError):
    """Whoever took a decision does not answer the appeal against it."""

    code = "accounts.own_decision"
    message = mark(
        "Bạn đã ra quyết định bị khiếu nại, nên một cán bộ khác của liên minh phải trả lời."
    )


class TaxCodeTakenError(InvalidError):
    """Another organisation of the market has this tax code. Details: `field`."""

    code = "accounts.tax_code_taken"
    message = mark("Đã có một tổ chức trên chợ với mã số thuế này.")


class TaxCodeUnreadableError(InvalidError):
    """What was typed is no tax code: its check digit is wrong, or its form. Details: `field`."""

    code = "accounts.tax_code_unreadable"
    message = mark(
        "Mã số thuế chưa đúng: 10 chữ số, số cuối là số kiểm tra. Mời bạn so lại với giấy."
    )


class FactOutOfBoundsError(InvalidError):
    """A number that can only be a slip of the keyboard. Details: `field`."""

    code = "accounts.fact_out_of_bounds"
    message = mark("Số này quá lớn hoặc nhỏ hơn 0. Mời bạn xem lại.")


class FoundedLaterError(InvalidError):
    """An organisation that is founded in the future. Details: `field`."""

    code = "accounts.founded_later"
    message = mark("Ngày thành lập chưa tới. Mời bạn xem lại.")


class PictureNotFoundError(InvalidError):
    """The picture is no photo of the organisation. Details: `field`."""

    code = "accounts.picture_not_found"
    message = mark("Không tìm thấy ảnh vừa gửi. Mời bạn chọn lại.")


class ProvinceTakenError(ConflictError):
    """Another alliance decides about the province. Details: `field`."""

    code = "accounts.province_taken"
    message = mark("Tỉnh, thành này đã có một liên minh khác phụ trách.")


class OwnReachError(ConflictError):
    """Nobody says how far their own alliance decides."""

    code = "accounts.own_reach"
    message = mark("Cán bộ không tự đổi phạm vi của liên minh mình.")


class AllianceStaffedError(ConflictError):
    """The alliance has officers, who invite further ones themselves."""

    code = "accounts.alliance_staffed"
    message = mark("Liên minh này đã có cán bộ. Cán bộ của họ tự mời thêm người.")
