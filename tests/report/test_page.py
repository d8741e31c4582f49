"""The page: one offline file, escaped, complete, and alive in a browser where one is installed."""

import re
from pathlib import Path
from typing import Any

import pytest

from interlingua.core.errors import BadInput
from interlingua.report.page import page, write_page


def test_page_is_one_small_well_formed_file_that_loads_nothing(
    result: dict[str, Any], tmp_path: Path, checker: Any
) -> None:
    path = write_page(result, tmp_path / "report.html")
    assert path.stat().st_size < 2_000_000
    text = path.read_text(encoding="utf-8")
    tags = checker(text).tags
    loads = [a for _, attrs in tags for a in attrs if a in ("src", "srcset", "action", "data", "poster")]
    assert loads == []
    assert {tag for tag, _ in tags}.isdisjoint({"link", "iframe", "img", "object", "base"})
    links = [attrs["href"] for _, attrs in tags if "href" in attrs]
    anchors = {f"#{attrs['id']}" for _, attrs in tags if "id" in attrs}
    assert len(links) == 7
    assert anchors.issuperset(link for link in links if link)
    assert not re.search(r"https?://|@import|url\(", text)
    policy = next(attrs["content"] for tag, attrs in tags if tag == "meta" and "http-equiv" in attrs)
    assert (
        policy == "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
    )


def test_foreign_text_is_escaped_everywhere(result: dict[str, Any], checker: Any) -> None:
    bad = "<script>alert(1)</script>\"'&"
    result["samples"][0] |= {"question": bad, "reference": bad, "base": bad, "tuned": bad, "task": bad}
    result |= {
        "world": bad,
        "model": bad,
        "unit": bad,
        "command": bad,
        "seeds": {bad: bad},
        "versions": {bad: bad},
    }
    result["tasks"][0] |= {"name": bad, "reason": bad}
    result["knobs"][0] |= {"name": bad, "value": bad, "paper": bad, "reason": bad}
    result["verdicts"] = {"restate": bad, "direct": bad}
    result["languages"]["qac_Grek"] |= {"name": bad, "script": bad, "family": bad}
    result["languages"]["qac_Grek"]["controls"][bad] = {"restate": 0.5}
    result["pivot_change"] = {bad: {"mean": 0.1, "low": 0.0, "high": 0.2}}
    text = page(result)
    assert sum(tag == "script" for tag, _ in checker(text).tags) == 1
    assert "<script>alert" not in text
    assert text.count("&lt;script&gt;alert(1)") > 20


def test_samples_let_each_script_run_its_own_way(result: dict[str, Any], checker: Any) -> None:
    cells = [attrs for tag, attrs in checker(page(result)).tags if tag == "dd" and "dir" in attrs]
    assert len(cells) == 12
    assert {attrs["dir"] for attrs in cells} == {"auto"}
    assert [attrs["lang"] for attrs in cells if attrs["class"] == "question"] == [
        "qae-Arab",
        "qag-Ethi",
        "qad-Deva",
    ]
    assert result["samples"][0]["question"] in page(result)


def test_every_figure_has_its_numbers(result: dict[str, Any]) -> None:
    text = page(result)
    assert text.count("<figure>") == 6
    assert text.count("Numbers behind this chart") == 6
    assert text.count('class="figure wide"') == text.count('class="figure narrow"') == 6


@pytest.mark.parametrize(
    ("key", "heading", "says"),
    [
        ("alignment", "Alignment", "Alignment: not in this result."),
        ("samples", "Restated questions", "Sample restatements: not in this result."),
        ("command", "Do it again", "Command: not in this result."),
        ("knobs", None, "Settings: not in this result."),
        ("pivot_change", None, "Change in the pivot: not in this result."),
    ],
)
def test_a_missing_part_is_left_out_and_named(
    result: dict[str, Any], checker: Any, key: str, heading: str | None, says: str
) -> None:
    if heading:
        assert f"<h2>{heading}</h2>" in page(result)
    del result[key]
    text = page(result)
    checker(text)
    assert says in text
    assert f"<h2>{heading}</h2>" not in text


def test_bare_result_still_makes_a_page_without_invented_numbers(checker: Any) -> None:
    text = page(
        {"languages": {"qac_Grek": {"seen": False, "base": {"direct": 0.4}, "tuned": {"direct": 0.5}}}}
    )
    checker(text)
    assert "40.0 → 50.0" in text
    assert not re.search(r"\bnan\b", text, re.IGNORECASE)
    assert "None" not in text


def test_an_empty_result_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no languages"):
        write_page({"world": "lab:tiny", "languages": {}}, tmp_path / "report.html")
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_is_named(result: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"Cannot use .*choose another place"):
        write_page(result, tmp_path)
    assert not list(tmp_path.iterdir())


CHECK = """
  const tabs = [...document.querySelectorAll("[role=tab]")];
  const open = () => [...document.querySelectorAll(".panel")].filter((p) => !p.hidden).map((p) => p.id);
  const seen = [open()];
  tabs[1].click();
  seen.push(open());
  for (const key of ["ArrowRight", "ArrowRight", "End", "ArrowLeft", "Home"]) {
    document.activeElement.matches("[role=tab]") || tabs[1].focus();
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    seen.push(open());
  }
  say("tabs", seen.map((ids) => ids.join()));
  say("focusable", tabs.filter((tab) => tab.tabIndex === 0).length);
  const table = document.querySelector("#numbers table.sortable");
  const heads = [...table.tHead.rows[1].cells];
  const column = (n) => [...table.tBodies[0].rows].map((row) => row.cells[n].textContent);
  const sorted = (n) => {
    heads[n].querySelector("button").click();
    return [heads[n].ariaSort, ...column(n)];
  };
  say("names", [sorted(0), sorted(0)]);
  say("shares", [sorted(6), sorted(6)]);
  say("sort-marks", table.querySelectorAll("[aria-sort]").length);
  say("wide", document.documentElement.scrollWidth <= window.innerWidth);
  say("rtl", getComputedStyle(document.querySelector("dd[lang=qae-Arab]")).direction);
"""


def test_page_in_a_browser(result: dict[str, Any], opened: Any) -> None:
    found = opened(page(result), CHECK)
    assert found["loads"] == []
    assert found["tabs"] == [
        "mode-restate", "mode-direct", "mode-own_answers", "mode-restate", "mode-own_answers", "mode-direct",
        "mode-restate",
    ]  # fmt: skip
    assert found["focusable"] == 1
    up, down = found["names"]
    assert up == ["ascending", *sorted(up[1:])]
    assert down == ["descending", *sorted(down[1:], reverse=True)]
    most, least = found["shares"]
    assert most[:3] == ["descending", "0.21%", "0.18%"]
    assert least[:4] == ["ascending", "none", "none", "0.030%"]
    assert most[-1] == least[-1] == "–"
    assert found["sort-marks"] == 1
    assert found["wide"] is True
    assert found["rtl"] == "rtl"
