"""Numbers and words of free answers, by hand, in many scripts."""

from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from interlingua.core.errors import BadInput
from interlingua.data.answers import answer_text, exact, f1, number_in, same_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("The answer is 42.", "42"),
        ("18 - 10 = 8", "8"),
        ("Sie hat 1.234,5 kg", "1234.5"),
        ("about 1,234.5 kg", "1234.5"),
        ("environ 1 234,5 kg", "1234.5"),
        ("environ 12\u202f345 kg", "12345"),
        ("rund 1'234 oder 1’234’567.8", "1234567.8"),
        ("12,34,567 रुपये", "1234567"),
        ("1,234", "1234"),
        ("1.234.567", "1234567"),
        ("1.234", "1.234"),
        ("0,125", "0.125"),
        ("12,5", "12.5"),
        ("1,2345", "1.2345"),
        ("答案是４２", "42"),
        ("答えは１，２３４．５です", "1234.5"),
        ("उत्तर १२३ है।", "123"),
        ("উত্তর: ৳১,২৩৪", "1234"),
        ("الجواب هو ١٬٢٣٤٫٥", "1234.5"),
        ("پاسخ ۴۲ است", "42"),
        ("คำตอบคือ ๑๒๓ บาท", "123"),
        ("အဖြေ ၁၂၃", "123"),
        ("ຄຳຕອບ ໑໒", "12"),
        ("பதில் ௪௨", "42"),
        ("答案是三百二十五", "325"),
        ("一共有十二个", "12"),
        ("二〇二六年", "2026"),
        ("一万二千三", "12003"),
        ("两亿", "200000000"),
        ("一共有12个", "12"),
        ("-5", "-5"),
        ("minus: −3,5 Grad", "-3.5"),
        ("x = –7", "-7"),
        ("-$1,200", "-1200"),
        ("- € 20", "20"),
        ("$-5", "-5"),
        ("\u200f\u061c-\u200e٥", "-5"),
        ("3-5", "5"),
        ("GPT-4", "4"),
        ("कक्षा-5", "5"),
        ("12%-15%", "15"),
        ("8 - 3", "3"),
        ("50%", "50"),
        ("€ 20.", "20"),
        ("20 €,", "20"),
        ("in 2019 345", "345"),
        ("2019 1,234", "1234"),
        ("3 4,5", "4.5"),
        ("1,2,3", "3"),
        ("version 1.2.3", "3"),
        ("12.05.2020", "2020"),
        ("5 m²", "5"),
        ("007", "7"),
        ("no number", None),
        ("", None),
    ],
)
def test_the_last_number_of_a_text(text: str, number: str | None) -> None:
    assert number_in(text) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("written", "answer", "same"),
    [
        ("It is 8.", "8.0", True),
        ("उत्तर ८", "8.0", True),
        ("Es sind 1.234", "1234.0", True),  # German thousands
        ("It is 1.234", "1.234", True),
        ("c'est 5 200", "5200", True),
        ("bags of 5 200", "200", True),
        ("-8", "8", False),
        ("8 or 9", "8", False),
        ("3.125", "3.125", True),
        ("eight", "8", False),
        ("1,234", "1,234", True),
    ],
)
def test_numbers_are_compared_by_value(written: str, answer: str, same: bool) -> None:
    assert same_number(written, answer) is same


def test_an_answer_without_a_number_is_refused() -> None:
    with pytest.raises(BadInput, match="'eight' holds no number"):
        same_number("8", "eight")


@pytest.mark.parametrize(
    ("text", "lang", "plain"),
    [
        ("The  “Carolina-Panthers”!", "eng_Latn", "carolinapanthers"),
        ("The Panthers", "deu_Latn", "the panthers"),
        ("Theater", "eng_Latn", "theater"),
        ("GROẞE Straße", "deu_Latn", "grosse strasse"),
        ("IŞIK İstanbul'da", "tur_Latn", "ışık istanbulda"),
        ("¿Qué?", "spa_Latn", "qué"),
        ("ＡＢＣ１２「中国」、", "zho_Hans", "abc12中国"),
        ("उत्तर।", "hin_Deva", "उत्तर"),
        ("الجواب؟", "arb_Arab", "الجواب"),
        ("می\u200cخواهم", "pes_Arab", "میخواهم"),
        ("Ελλάδας·", "ell_Grek", "ελλάδασ"),  # casefolding joins both small sigmas
        ("$5 + 3", "eng_Latn", "5 3"),
        ("ትክክል።", "amh_Ethi", "ትክክል"),
        ("\ufeffда,", "rus_Cyrl", "да"),
    ],
)
def test_answers_are_compared_without_what_means_nothing(text: str, lang: str, plain: str) -> None:
    assert answer_text(text, lang) == plain


@pytest.mark.parametrize(
    ("written", "answers", "lang", "share"),
    [
        ("the cat sat", ("a cat",), "eng_Latn", 2 / 3),  # 1 of 2 words, 1 of 1
        ("cat dog", ("bird", "dog cat"), "eng_Latn", 1.0),
        ("cat cat", ("cat",), "eng_Latn", 2 / 3),  # the second cat is none
        ("", ("cat",), "eng_Latn", 0.0),
        ("中国人", ("中国",), "zho_Hans", 4 / 5),
        ("แม่น้ำ", ("แม่",), "tha_Thai", 6 / 10),  # 3 of 7 signs, NFKC taking am apart, and 3 of 3
        ("река Волга", ("Волга",), "rus_Cyrl", 2 / 3),
        ("नदी", ("नदी।",), "hin_Deva", 1.0),
        ("يوم الجمعة", ("الجمعة",), "arb_Arab", 2 / 3),
        ("ποταμός", ("βουνό",), "ell_Grek", 0.0),
        ("2026年の東京", ("東京",), "jpn_Jpan", 4 / 7),  # 2026, 年, の, 東, 京
    ],
)
def test_overlap_of_words_by_hand(written: str, answers: tuple[str, ...], lang: str, share: float) -> None:
    assert f1(written, answers, lang) == pytest.approx(share)


def test_exact_means_the_same_words_in_order() -> None:
    assert exact("The Panthers.", ["panthers"], "eng_Latn")
    assert exact("中 国", ["中国"], "zho_Hans")
    assert exact("नदी", ["बड़ी", "नदी।"], "hin_Deva")
    assert not exact("dog cat", ["cat dog"], "eng_Latn")
    assert not exact("", ["%"])
    assert exact("%", ["%"])
    assert exact("the", ["The"], "eng_Latn")
    assert not exact("a", [])
    assert f1("a", []) == 0


def test_real_answers_are_right_against_themselves(shared_data: Path) -> None:
    sums = pq.read_table(shared_data / "msvamp" / "test.parquet", columns=["answer"])["answer"].to_pylist()
    assert len(sums) == 10_000
    for answer in set(sums):
        grouped = f"{int(float(answer)):,}"
        for mark in (",", ".", " ", "\u202f", "'", ""):
            assert same_number(f"= {grouped.replace(',', mark)} ฿.", answer), answer
    table = pq.read_table(shared_data / "xquad" / "test.parquet", columns=["flores", "answer"]).to_pylist()
    for row in table:
        answer, lang = row["answer"], row["flores"]
        other = answer if lang == "tur_Latn" else answer.swapcase()  # Python knows no Turkish capitals
        assert exact(f" «{other}».\u200b", [answer], lang), row
        assert f1(answer, [answer], lang) == 1, row
    assert len(table) == 14_280
