"""The page that explains a model: one offline file, escaped, complete, alive in a browser, small."""

import copy
import re
from pathlib import Path
from typing import Any

import pytest

from interlingua.core.errors import BadInput
from interlingua.report import explained as module
from interlingua.report.explained import absent, figure_tables, page, write_explained

BAD = "<script>alert(1)</script>\"'&"
SECTIONS = [
    "accuracy",
    "gains",
    "languages",
    "alignment",
    "lens",
    "geometry",
    "probes",
    "tokenizer",
    "changed",
    "run",
]


def alone(result: dict[str, Any]) -> dict[str, Any]:
    """The same result for one model, as `explain` writes it without a second."""
    one = copy.deepcopy(result)
    one |= {"after": None, "tuned_languages": [], "changed": []}
    for mode in one["accuracy"].values():
        for group in ("gain_seen", "gain_unseen", "gain_joint"):
            del mode[group]
        for told in mode["languages"].values():
            told |= {"after": None, "gain": None}
    for told in one["languages"].values():
        told["seen"] = False
    places = [*one["alignment"]["languages"].values(), *one["lens"]["languages"].values()]
    places += [own for layer in one["geometry"]["layers"].values() for own in layer["points"].values()]
    places += [*one["geometry"]["probes"].values(), *one["geometry"]["centroids"].values()]
    places.append(one["geometry"]["variance_share"])
    for place in places:
        del place["after"]
    return one


def anchors(text: str) -> list[str]:
    return re.findall(r'<section id="(\w+)">', text)


def test_page_is_one_well_formed_file_that_loads_nothing(
    explained: dict[str, Any], tmp_path: Path, checker: Any
) -> None:
    path = write_explained(explained, tmp_path / "deep" / "report.html")
    text = path.read_text(encoding="utf-8")
    tags = checker(text).tags
    assert [a for _, attrs in tags for a in attrs if a in ("src", "srcset", "action", "data", "poster")] == []
    assert {tag for tag, _ in tags}.isdisjoint({"link", "iframe", "img", "object", "base"})
    assert not re.search(r"https?://|@import|url\(", text)
    assert anchors(text) == SECTIONS
    assert [attrs["href"] for _, attrs in tags if "href" in attrs] == [f"#{name}" for name in SECTIONS]


def test_foreign_text_is_escaped_everywhere(explained: dict[str, Any], checker: Any) -> None:
    explained |= {"model": BAD, "source": BAD, "command": BAD, "seeds": {BAD: BAD}, "versions": {BAD: BAD}}
    explained |= {"settings": {BAD: {BAD: BAD}}, "commit": BAD, "folder": BAD, "cut": {BAD: BAD}}
    explained["before"] = {"name": BAD, "fingerprint": BAD}
    explained["languages"]["swh_Latn"] |= {"name": BAD, "family": BAD, "script": BAD}
    explained["lens"] |= {"task": BAD, "english": [BAD]}
    explained["lens"]["grid"][0] |= {"text": BAD, "lang": BAD, "tokens": [BAD]}
    explained["lens"]["grid"][0]["cells"] = [[{"top": [[BAD, 0.5]]}]]
    explained["tokenizer"] = {BAD: explained["tokenizer"]["small-7b"]}
    explained["accuracy"][BAD] = explained["accuracy"].pop("direct")
    explained["changed"][0] |= dict.fromkeys(
        ("task", "id", "lang", "question", "gold", "before", "after"), BAD
    )
    explained["geometry"]["layers"]["4"]["points"][BAD] = {"before": [[0, 0]], "after": [[0, 0]]}
    text = page(explained)
    assert sum(tag == "script" for tag, _ in checker(text).tags) == 2  # the page's own, and the points
    assert "<script>alert" not in text
    assert text.count("&lt;script&gt;alert(1)") > 30
    assert "\\u003cscript>alert" in text


@pytest.mark.parametrize(
    ("path", "anchor", "says"),
    [
        (("accuracy",), "accuracy", "Accuracy: no task was scored."),
        (("alignment",), "alignment", "Alignment: not run."),
        (("lens", "languages"), None, "Logit lens: not run."),
        (("lens", "grid"), None, "Token-by-layer grid: not run."),
        (("lens",), "lens", "Logit lens: not run."),
        (("geometry",), "geometry", "PCA: not run."),
        (("geometry", "layers"), None, "PCA: not run."),
        (("geometry", "centroids"), None, "Distance between languages: not run."),
        (("geometry", "probes"), None, "Probes: not run."),
        (("geometry", "variance_share"), None, "Share of variance: not run."),
        (("tokenizer",), "tokenizer", "Tokenizer: not run."),
        (("changed",), "changed", "Answers that changed: not run."),
        (("command",), None, "Command: not in this result."),
        (("settings",), None, "Settings: not in this result."),
    ],
)
def test_a_missing_part_is_named_and_leaves_no_frame(
    explained_of: Any, checker: Any, path: tuple[str, ...], anchor: str | None, says: str
) -> None:
    held = explained_of(count=9, depth=4, points=2, changed=9)
    assert says not in absent(held)
    holder = held
    for key in path[:-1]:
        holder = holder[key]
    del holder[path[-1]]
    text = page(held)
    checker(text)
    assert f"<li>{says}</li>" in text
    assert "<figure></figure>" not in text
    if anchor:
        assert anchor not in anchors(text)
        assert f'href="#{anchor}"' not in text


def test_bare_result_still_makes_a_page_without_invented_numbers(checker: Any) -> None:
    bare = {"languages": {"swh_Latn": {}, "eng_Latn": {}}, "pivot": "eng_Latn"}
    text = page(bare)
    checker(text)
    assert anchors(text) == ["languages", "run"]
    assert len(absent(bare)) == 13
    assert not re.search(r">\s*(nan|None)\b", text)


def test_an_empty_result_is_refused(tmp_path: Path) -> None:
    for bad in ({}, {"languages": {}}):
        with pytest.raises(BadInput, match="no languages"):
            write_explained(bad, tmp_path / "report.html")
        with pytest.raises(BadInput, match="no languages"):
            figure_tables(bad)
    assert not list(tmp_path.iterdir())


def test_one_model_by_itself(explained: dict[str, Any], checker: Any) -> None:
    one = alone(explained)
    text = page(one)
    checker(text)
    assert anchors(text) == [name for name in SECTIONS if name not in ("gains", "changed")]
    assert absent(one) == []
    assert not re.search(r">(after|Tuned on|Never tuned on)<", text)
    assert "models/small-7b is right in" in text


def test_every_figure_has_its_numbers(explained: dict[str, Any]) -> None:
    text = page(explained)
    assert text.count('class="figure wide"') == text.count('class="figure narrow"') == 10
    assert text.count("Numbers behind this chart") == 10
    assert text.count('class="figure plane"') == 2
    assert text.count("Middles of the languages at every layer") == 1
    assert text.count('<figure class="tokens"') == text.count("Likeliest tokens of every cell") == 3


def test_figure_tables_hold_the_numbers_of_the_result(explained: dict[str, Any]) -> None:
    found = figure_tables(explained)
    assert {"languages", "accuracy_restate", "gains_direct", "alignment", "alignment_accuracy", "lens",
            "lens_lead", "token_grid_3", "pca", "pca_points", "centroids", "probes", "tokenizer",
            "changed"} <= set(found)  # fmt: skip
    for table in found.values():
        assert table.rows
        assert {len(row) for row in table.rows} == {len(table.columns)}
    told = explained["accuracy"]["restate"]["languages"]["swh_Latn"]
    row = next(row for row in found["accuracy_restate"].rows if row[1] == "swh_Latn")
    assert row[3:] == tuple(
        told[side][key] for side in ("before", "after") for key in ("mean", "low", "high")
    )
    assert len(found["pca_points"].rows) == 20 * 12 * 2 * len(explained["geometry"]["layers"])
    lens = [row for row in found["lens"].rows if row[1] == "amh_Ethi"]
    assert [row[3] for row in lens] == [
        v[0] for v in explained["lens"]["languages"]["amh_Ethi"]["before"]["english"]
    ]
    last = found["token_grid_1"].rows[0]
    first = explained["lens"]["grid"][0]["cells"][0][-1]["top"][0]
    assert last[5] == first[1]


def test_a_page_of_full_size_stays_below_six_megabytes(explained_of: Any) -> None:
    full = explained_of(count=60, depth=33, points=100, changed=3000)
    text = page(full)
    assert len(text.encode("utf-8")) < 6_000_000
    assert "Here are" not in text  # the curves of every language
    assert "drawn evenly" not in text  # every point
    assert re.search(r"\d+ of them are here, evenly over the languages", text)


def test_what_does_not_fit_is_thinned_and_says_so(
    explained: dict[str, Any], monkeypatch: pytest.MonkeyPatch, checker: Any
) -> None:
    monkeypatch.setattr(module, "LIMIT", 10)
    text = page(explained)
    checker(text)
    assert "Here are 4 of 20 languages; all are in result.json." in text
    assert len(text) < len(module._page(explained, 1.0))


ASK = """
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const one = (selector, inside = document) => inside.querySelector(selector);
  const pressed = (name) => new KeyboardEvent("keydown", { key: name, bubbles: true });
  const key = (target, name) => target.dispatchEvent(pressed(name));
  const table = one("#languages table.sortable");
  const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
  const tokens = heads.findIndex((head) => head.textContent.startsWith("Tokens"));
  const sorted = () => {
    heads[tokens].querySelector("button").click();
    const cells = [...table.tBodies[0].rows].map((row) => Number(row.cells[tokens].textContent));
    return [heads[tokens].ariaSort, ...cells];
  };
  say("sorts", [sorted(), sorted()]);

  const lens = one("#lens .layered");
  const picker = one("select", lens);
  const keys = (groups) => [...new Set(groups.map((group) => group.dataset.key))].join();
  const shown = (box) => keys(all("g[data-key]:not([hidden])", box));
  const before = shown(lens);
  picker.value = "arb_Arab";
  picker.dispatchEvent(new Event("change"));
  say("picked", [before, picker.options.length, shown(lens), shown(one("#alignment .layered")),
    all("tbody", lens).filter((body) => !body.hidden).map((body) => body.dataset.key).join()]);
  const svg = one("svg.wide", lens);
  svg.focus();
  ["ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"].forEach((name) => key(svg, name));
  say("walked", [document.activeElement === svg, one(".readout", lens).textContent]);

  const planes = one(".planes");
  const drawings = all("svg.plane", planes);
  const marks = () => one(".lang[data-code=swh_Latn] .marks", drawings[0]).getAttribute("d");
  const title = () => one("text.strong", drawings[0]).textContent;
  const state = () => [drawings.map((each) => !each.hasAttribute("hidden")), title()];
  const start = [state(), marks()];
  one("input[value=after]", planes).click();
  const after = [state(), marks()];
  const same = marks() === one(".lang[data-code=swh_Latn] .marks", drawings[1]).getAttribute("d");
  one("input[value=before]", planes).click();
  const back = [state(), marks()];
  say("switch", [start[0], after[0], back[0], start[1] !== after[1], same, start[1] === back[1]]);
  const slider = one("input[type=range]", planes);
  slider.value = 0;
  slider.dispatchEvent(new Event("input"));
  const caption = one("figcaption", planes).textContent.slice(0, 12);
  say("slider", [slider.getAttribute("aria-valuetext"), marks() !== back[1], caption]);
  one(".legend [data-code=swh_Latn]").click();
  const bright = all(".plots .lang:not(.dimmed)").map((group) => group.dataset.code);
  say("lit", [all(".plots .lang.dimmed").length, bright]);

  const grid = one(".tokens");
  const cell = one(".grid td[tabindex='0']", grid);
  cell.focus();
  const told = one(".told", grid).textContent;
  key(cell, "ArrowDown");
  key(document.activeElement, "ArrowLeft");
  say("grid", [told, one(".told", grid).textContent, all(".grid td[tabindex='0']", grid).length]);
  say("mirrored", getComputedStyle(all("table.grid")[1]).direction);

  const cards = all(".browse .sample");
  const visible = () => cards.filter((card) => !card.hidden);
  const selects = all(".browse select");
  const choose = (select, value) => { select.value = value; select.dispatchEvent(new Event("change")); };
  const first = visible().length;
  one(".browse > button.plain").click();
  const more = visible().length;
  choose(selects[0], "arb_Arab");
  const arabic = visible();
  const card = arabic.find((each) => !one(".badge", each).textContent.includes("worse")) ?? arabic[0];
  const langs = [...new Set(arabic.map((each) => each.dataset.lang))];
  say("browse", [first, more, langs, one(".matching").textContent]);
  say("rtl", [one(".question", card).textContent, getComputedStyle(one(".question", card)).direction]);
  choose(selects[0], "");
  choose(selects[2], "worse");
  say("worse", [...new Set(visible().map((each) => each.dataset.way))]);
  choose(selects[2], "");
  const search = one(".browse input[type=search]");
  search.value = "ALERT(";
  search.dispatchEvent(new Event("input"));
  say("search", visible().map((each) => one(".question", each).textContent));
  search.value = "nowhere at all";
  search.dispatchEvent(new Event("input"));
  say("nothing", [visible().length, one(".matching").textContent]);
  say("wide", document.documentElement.scrollWidth <= window.innerWidth);
"""


def test_page_in_a_browser(explained: dict[str, Any], opened: Any) -> None:
    explained["changed"][3]["question"] = BAD
    found = opened(page(explained), ASK)
    assert found["loads"] == []
    assert found["wide"] is True
    (up, *most), (down, *least) = found["sorts"]
    assert (up, most) == ("descending", sorted(most, reverse=True))
    assert (down, least) == ("ascending", sorted(least))
    assert found["picked"] == ["", 21, "arb_Arab", "arb_Arab", "arb_Arab"]
    focused, words = found["walked"]
    assert focused
    assert re.match(r"Layer 1 · English, before: [\d.]+ \([\d.]+ to [\d.]+\)", words)
    assert found["switch"] == [
        [[True, True], "Before"], [[True, False], "After"], [[True, False], "Before"], True, True, True,
    ]  # fmt: skip
    assert found["slider"] == ["layer 0", True, "Layer 0 of 8"]
    dimmed, bright = found["lit"]
    assert dimmed == 2 * 19
    assert set(bright) == {"swh_Latn"}
    told, moved, stops = found["grid"]
    assert told.startswith("Layer 8, after langweilig.")
    assert moved.startswith("Layer 7, after war")
    assert stops == 1
    assert found["mirrored"] == "rtl"
    assert found["browse"][:3] == [12, 24, ["arb_Arab"]]
    assert re.fullmatch(r"Showing \d+ of \d+\.", found["browse"][3])
    question, direction = found["rtl"]
    assert direction == "rtl"
    assert question.startswith("كان الفيلم")
    assert found["worse"] == ["worse"]
    assert found["search"] == [BAD]
    assert found["nothing"] == [0, "No answer fits."]


def test_the_browser_test_would_see_a_request_and_the_page_refuses_it(
    explained: dict[str, Any], opened: Any
) -> None:
    text = page(alone(explained)).replace(
        "<footer>", '<footer><img src="https://example.invalid/a.png" alt="">'
    )
    with pytest.raises(AssertionError, match="Content Security Policy"):
        opened(text, "")


def test_page_fits_a_phone(explained: dict[str, Any], opened: Any) -> None:
    ask = """
      const drawn = (svg) => svg.getBoundingClientRect().width > 0;
      say("wide", document.documentElement.scrollWidth <= window.innerWidth);
      say("drawn", [...document.querySelectorAll("svg.narrow")].filter(drawn).length);
    """
    found = opened(page(explained), ask, width=500)
    assert found["wide"] is True
    assert found["drawn"] == 8  # those behind the other tabs are hidden
