"""Words of texts in scripts with and without spaces."""

from interlingua.languages.segmentation import spans, words


def test_words_of_scripts() -> None:
    assert words("der Mann schläft.") == ["der", "Mann", "schläft."]
    assert words("他睡 了 ok") == ["他", "睡", "了", "ok"]
    assert words("सोता है") == ["सोता", "है"]
    assert len(words("ผู้ชาย")) == 6
    assert words("scha\u0308tze") == words("sch\u00e4tze")
    assert words(" \n") == []
    assert words("བོད་ཡིག ok") == [*"བོད་ཡིག", "ok"]
    assert words("ភាសា") == [*"ភាសា"]


def test_spans_leave_out_punctuation_and_keep_marks() -> None:
    text = "¿Mia's (dog)! — कुत्ता। 小狗，3."
    assert [text[a:b] for a, b in spans(text)] == ["Mia's", "dog", "कुत्ता", "小", "狗", "3"]
    assert list(spans(" ... ")) == []
