"""A static QRIS becomes one for an amount: only what must change changes, and damaged ones are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.mart.ports import qris
from services.mart.ports.refusals import QrisInvalid


def made(**changes):
    """A shop's static QRIS, with fields changed or (None) left out."""
    kept = {
        "00": "01", "01": "11", "26": "0013ID.CO.BRI.WWW01189360000200123456780215ID20254321098760303UMI",
        "51": "0014ID.CO.QRIS.WWW0215ID10254321098760303UMI", "52": "5411", "53": "360", "58": "ID",
        "59": "TOKO MAJU BERSAMA", "60": "TEGAL", "61": "52111", "62": "0703A01",
    } | {name.removeprefix("f"): value for name, value in changes.items()}  # fmt: skip
    return sealed("".join(f"{n}{len(v):02d}{v}" for n, v in sorted(kept.items()) if v is not None))


def sealed(text):
    return f"{text}6304{qris.check_of(text + '6304')}"


def test_the_check_is_the_published_one():
    assert qris.check_of("123456789") == "29B1"


def test_only_kind_amount_and_check_change():
    static = made()
    dynamic = qris.with_amount(static, 1_250_000)
    assert dynamic.startswith("000201010212")
    assert "5303360" + "54071250000" + "5802ID" in dynamic
    assert dynamic[-4:] == qris.check_of(dynamic[:-4])
    before, after = qris.fields(static), qris.fields(dynamic)
    assert {name for name in after if after[name] != before.get(name)} == {"01", "54"}
    assert set(before) - set(after) == set()


def test_a_pasted_text_with_line_ends_or_a_small_check_is_taken():
    text = made()
    assert qris.merchant_name(f"  {text}\n") == "TOKO MAJU BERSAMA"
    assert qris.merchant_name(text[:-4] + text[-4:].lower()) == "TOKO MAJU BERSAMA"


def test_a_text_without_the_kind_gets_it():
    assert qris.with_amount(made(f01=None), 500).startswith("000201010212")


@given(
    amount_rp=st.integers(1, qris.MOST_RP),
    name=st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789.-", min_size=1, max_size=25),
)
def test_every_amount_comes_back_and_the_fields_stay(amount_rp, name):
    static = made(f59=name)
    dynamic = qris.fields(qris.with_amount(static, amount_rp))
    assert int(dynamic.pop("54")) == amount_rp
    assert dynamic | {"01": "11"} == qris.fields(static)
    assert qris.merchant_name(qris.with_amount(static, amount_rp)) == name


@given(at=st.integers(0, len(made()) - 1), letter=st.characters(min_codepoint=32, max_codepoint=126))
def test_one_wrong_letter_anywhere_is_noticed(at, letter):
    text = made()
    changed = text[:at] + letter + text[at + 1 :]
    if changed.upper() == text.upper() and at >= len(text) - 4:
        return
    if changed == text:
        return
    with pytest.raises(QrisInvalid):
        qris.fields(changed)


@given(st.text(max_size=120) | st.binary(max_size=90).map(lambda raw: sealed("000201" + raw.decode("ascii", "ignore"))))
def test_any_text_is_taken_or_refused_never_a_crash(text):
    with pytest.raises(QrisInvalid):
        qris.with_amount(text, 1000)


@given(length=st.integers(0, len(made()) - 1))
def test_a_text_cut_short_is_noticed(length):
    with pytest.raises(QrisInvalid):
        qris.fields(made()[:length])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "bukan teks QRIS"),
        ("https://contoh.id/qr", "bukan teks QRIS"),
        (made() + "0", "rusak atau terpotong"),
        (made(f53="840"), "dalam rupiah"),
        (made(f58="MY"), "dalam rupiah"),
        (made(f59=None), "dalam rupiah"),
        (made(f26=None, f51=None), "rekening pedagang"),
        (made(f54="5000"), "sudah berisi jumlah"),
        (sealed("000201" + "010211" + "010211"), "susunannya"),
        (sealed("000201" + "0102115A02ID"), "susunannya"),
        (sealed("000201" + "5999TOKO"), "susunannya"),
        ("000201É", "bukan teks QRIS"),
    ],
)
def test_a_qris_we_cannot_use_is_refused_with_the_way_on(text, why):
    with pytest.raises(QrisInvalid, match=why):
        qris.with_amount(text, 1000)


@pytest.mark.parametrize("amount_rp", [0, -1, 10_000_001, 1.5, True, "5"])
def test_an_amount_no_qris_takes_is_refused(amount_rp):
    with pytest.raises(QrisInvalid, match="Rp 1 sampai"):
        qris.with_amount(made(), amount_rp)
