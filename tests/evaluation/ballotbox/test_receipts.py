"""Receipt codes: the same form gives the same one, typing is forgiving, the box sees only a digest."""

import pytest

from kaoping.evaluation.ballotbox.receipts import (
    ALPHABET,
    ReceiptError,
    new_token,
    normalise,
    receipt_hash,
    receipt_of,
)

TOKEN = "A" * 22


def test_same_form_same_receipt():
    assert receipt_of("p", TOKEN) == receipt_of("p", TOKEN)
    assert receipt_of("p", TOKEN) != receipt_of("q", TOKEN)
    assert receipt_of("p", TOKEN) != receipt_of("p", new_token())


def test_alphabet_cannot_be_misread():
    assert len(set(ALPHABET)) == 32
    assert not set("01IO") & set(ALPHABET)


def test_typing_is_forgiving():
    code = receipt_of("p", TOKEN)
    assert normalise(f" {code.lower().replace('-', '—')} ") == code
    assert receipt_hash(code.replace("-", "")) == receipt_hash(code)


@pytest.mark.parametrize("text", ["", "ABCD", "ABCD-EFGH-0000", "ABCD-EFGH-2345-6"])
def test_what_is_no_code(text):
    with pytest.raises(ReceiptError, match="12 位"):
        normalise(text)


@pytest.mark.parametrize("token", ["", "short", "A" * 65, "A" * 21 + "!"])
def test_what_is_no_token(token):
    with pytest.raises(ReceiptError, match="表单标识"):
        receipt_of("p", token)


def test_a_code_among_thousands_of_blanks_is_none():
    """Taking them out costs microseconds each: a megabyte of them would hold a process of the intake for seconds."""
    code = receipt_of("p", TOKEN)
    assert normalise(f"{code}{' ' * 40}") == code
    with pytest.raises(ReceiptError):
        normalise(f"{code}{' ' * 1_000}")


def test_a_chinese_keyboard_writes_the_same_code():
    assert normalise("ＡＢＣＤ－ＥＦＧＨ－２３４５") == normalise("abcd-efgh-2345")
