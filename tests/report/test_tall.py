"""Long tables: a body per language, every cell escaped, and HTML that closes what it must."""

import re
from typing import Any

from interlingua.report.tables import Column, Table
from interlingua.report.tall import tall

TABLE = Table(
    "By <layer>",
    (
        Column("Language"),
        Column("Code", "code"),
        Column("layer", "count"),
        Column("p", "percent", "<before>"),
    ),
    (("Mean", "", 0.0, 0.5), ("<b>", "swh_Latn", 0.0, 0.25), ("<b>", "swh_Latn", 1.0, None)),
)


def test_a_body_per_language_with_its_name_and_rows(checker: Any) -> None:
    text = tall(TABLE)
    tags = checker(text).tags
    assert [attrs["data-key"] for tag, attrs in tags if tag == "tbody"] == ["", "swh_Latn"]
    assert [attrs["colspan"] for tag, attrs in tags if attrs.get("scope") == "rowgroup"] == ["2", "2"]
    assert re.findall(r'<th scope="row">(\d+)<td>([^<]*)', text) == [("0", "50.0"), ("0", "25.0"), ("1", "–")]
    assert "&lt;b&gt; <code>swh_Latn</code>" in text
    assert "<b>" not in text
    assert "&lt;before&gt;" in text
