"""VietQR: the published payloads to the letter, and nothing malformed in or out."""

from binascii import crc_hqx

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vietnam_qr_pay import QRPay

from marketplace.kernel.references import find_references, make_reference
from marketplace.kernel.vietqr import MAX_AMOUNT, Service, Transfer, build, parse

PUBLISHED = {
    "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA"
    "530370454061800005802VN62340107NPS68690819thanh toan don hang63042E2E": Transfer(
        "970403", "0011012345678", 180_000, "thanh toan don hang", "NPS6869", once=True
    ),
    "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA"
    "53037045802VN63049E6F": Transfer("970403", "0011012345678"),
    "00020101021138600010A00000072701300006970403011697040311012345670208QRIBFTTC"
    "53037045802VN63044F52": Transfer("970403", "9704031101234567", service=Service.TO_CARD),
    "00020101021138540010A00000072701240006970407011003865776720208QRIBFTTA"
    "5303704540710000005802VN62160812henry an cut6304A322": Transfer(
        "970407", "0386577672", 1_000_000, "henry an cut"
    ),
    "00020101021238570010A00000072701270006970436011300110012345670208QRIBFTTA"
    "5303704540712500005802VN62180814HTX DH25K7Q2M46304EFA7": Transfer(
        "970436", "0011001234567", 1_250_000, "HTX DH25K7Q2M4", once=True
    ),
    "00020101021138570010A00000072701270006970405011315002010123450208QRIBFTTA"
    "53037045802VN63040E64": Transfer("970405", "1500201012345"),
}
TRANSFER = next(payload for payload in PUBLISHED if "HTX" in payload)

bins = st.text("0123456789", min_size=6, max_size=6)
accounts = st.text("0123456789ABCXYZabcxyz", min_size=1, max_size=19)
amounts = st.none() | st.integers(1, MAX_AMOUNT)
memos = st.none() | st.text(
    st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=25
)


@pytest.mark.parametrize(("payload", "transfer"), PUBLISHED.items())
def test_published_payloads_read_and_write_to_the_letter(payload, transfer):
    assert parse(payload) == transfer
    assert transfer.payload() == payload


def test_build_asks_for_one_payment_when_it_names_an_amount():
    assert build("970436", "0011001234567", 1_250_000, "HTX DH25K7Q2M4") == TRANSFER
    assert not parse(build("970405", "1500201012345")).once


@given(bins, accounts, amounts, memos, st.sampled_from(Service))
@settings(max_examples=300)
def test_what_was_built_is_what_is_read(bank_bin, account, amount, memo, service):
    payload = build(bank_bin, account, amount, memo, service)

    assert parse(payload) == Transfer(
        bank_bin, account, amount, memo, service=service, once=amount is not None
    )


@given(bins, accounts, amounts, memos)
@settings(max_examples=150, deadline=None)
def test_an_independent_implementation_writes_the_same(bank_bin, account, amount, memo):
    theirs = QRPay.init_viet_qr(
        bank_bin=bank_bin,
        bank_number=account,
        amount=None if amount is None else str(amount),
        purpose=memo,
    )

    assert build(bank_bin, account, amount, memo) == theirs.build()


@given(st.integers(0, 2**40 - 1))
def test_a_reference_comes_back_out_of_the_memo(bits):
    reference = make_reference(bits)
    memo = parse(build("970436", "0011001234567", 99_000, reference)).memo

    assert find_references(f"MBVCB 123 {memo.lower()} tu 001") == [reference]


@given(st.integers(0, len(TRANSFER) - 1), st.characters(min_codepoint=32, max_codepoint=126))
@settings(max_examples=300)
def test_one_altered_character_is_noticed(position, symbol):
    altered = TRANSFER[:position] + symbol + TRANSFER[position + 1 :]

    if altered == TRANSFER:
        assert parse(altered) == PUBLISHED[TRANSFER]
    else:
        with pytest.raises(ValueError, match=r"\w"):
            parse(altered)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"bank_bin": "97043"}, "BIN has six digits"),
        ({"bank_bin": "97043A"}, "BIN has six digits"),
        ({"account": ""}, "1 to 19"),
        ({"account": "0" * 20}, "1 to 19"),
        ({"account": "001 100"}, "1 to 19"),
        ({"account": "Đ01"}, "1 to 19"),
        ({"amount": 0}, "above zero"),
        ({"amount": -5}, "above zero"),
        ({"amount": MAX_AMOUNT + 1}, "above zero"),
        ({"memo": ""}, "printable ASCII"),
        ({"memo": "x" * 26}, "printable ASCII"),
        ({"memo": "thanh toán"}, "printable ASCII"),
        ({"memo": "a\nb"}, "printable ASCII"),
        ({"bill": "é"}, "printable ASCII"),
        ({"service": "QRPUSH"}, "QRPUSH"),
    ],
)
def test_a_malformed_transfer_is_refused(arguments, message):
    whole = {"bank_bin": "970436", "account": "0011001234567"} | arguments

    with pytest.raises(ValueError, match=message):
        Transfer(**whole)


@pytest.mark.parametrize("amount", [1.5, True, "1000"])
def test_an_amount_is_whole_dong(amount):
    with pytest.raises(TypeError, match="Whole đồng only"):
        build("970436", "0011001234567", amount)


def _sealed(fields):
    text = fields + "6304"
    return f"{text}{crc_hqx(text.encode(), 0xFFFF):04X}"


ACCOUNT = "0010A00000072701270006970436011300110012345670208QRIBFTTA"


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        ("", "does not end in a checksum"),
        ("6304FFFF", "checksum is wrong"),
        (TRANSFER[:-1], "does not end in a checksum"),
        (TRANSFER[:-4] + "efa7", "does not end in a checksum"),
        (TRANSFER.replace("HTX", "HTÉ"), "does not end in a checksum"),
        (_sealed("000202"), "version 01"),
        (_sealed("000201010213"), "Field 01"),
        (_sealed("0002010102115303840"), "đồng"),
        (_sealed("00020101021153037045802US"), "đồng"),
        (_sealed("000201010212530370454010" + "5802VN"), "above zero"),
        (_sealed("00020101021253037045404-1005802VN"), "above zero"),
        (_sealed("00020101021153037045802VN"), "NAPAS"),
        (_sealed("00020101021138040000" + "53037045802VN"), "NAPAS"),
        (_sealed("0002010002015303704"), "comes twice"),
        (_sealed("0002019"), "begins with"),
        (_sealed("00020101999"), "cut off"),
        (_sealed("0002010102113821" + "0010A0000007270103000" + "53037045802VN"), "begins with"),
        (
            _sealed(f"00020101021138{len(ACCOUNT)}{ACCOUNT.replace('TTA', 'TTX')}53037045802VN"),
            "QRIBFTTX",
        ),
    ],
)
def test_a_payload_that_is_not_a_transfer_is_refused(payload, message):
    with pytest.raises(ValueError, match=message):
        parse(payload)


def test_fields_without_use_are_skipped():
    payload = _sealed(
        f"00020101021138{len(ACCOUNT)}{ACCOUNT}520412345303704" + "5802VN5906CHOMUA6005HANOI"
    )

    assert parse(payload) == Transfer("970436", "0011001234567")
