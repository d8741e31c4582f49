"""A study over worlds is written as JSON, Markdown and two figures, and all of them say the same."""

import json
import random
import re
from copy import deepcopy
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from interlingua.core.errors import BadInput
from interlingua.report import study_figures, study_numbers
from interlingua.report.reading import MODES, percent, points
from interlingua.report.study import rounded, write_study
from interlingua.report.study_markdown import markdown
from interlingua.studies.judging import by_language, over_worlds

SVG = "{http://www.w3.org/2000/svg}"


def one_world(result: dict[str, Any], number: int) -> dict[str, Any]:
    """The full result as another world would give it: every score moved, gains made again from the scores."""
    world, rng = deepcopy(result), random.Random(number)
    world.update(world=f"lab:judge-{number}", seeds={"world": 100 + number, "tuning": 0, "items": 0})
    for rank, (code, entry) in enumerate(world["languages"].items()):
        if code == world["pivot"]:
            continue
        entry["order"] = rng.choice(("SVO", "SOV", "VSO"))
        entry["bilingual_share"] = 0.0 if number > 3 and rank % 2 and not entry["seen"] else 0.068 / rank**0.5
        for side in (entry["base"], entry["tuned"], *entry["controls"].values()):
            side.update(
                {key: min(1.0, max(0.0, value + rng.uniform(-0.08, 0.08))) for key, value in side.items()}
            )
        if entry["bilingual_share"] == 0:
            entry["tuned"]["restate"] = rng.uniform(0.4, 0.65)

    def over(mode: str, side: str, *path: str) -> dict[str, float]:
        codes = [
            c for c, e in world["languages"].items() if c != world["pivot"] and e["seen"] is (side == "seen")
        ]
        gains = []
        for code in codes:
            before: Any = world["languages"][code]
            for key in path:
                before = before[key]
            gains.append(world["languages"][code]["tuned"][mode] - before)
        mean = sum(gains) / len(gains)
        return {"mean": mean, "low": mean - 0.04, "high": mean + 0.04}

    for mode in MODES.values():
        world["gain_unseen"][mode.name] = over(mode.name, "unseen", *mode.before)
        world["gain_seen"][mode.name] = over(mode.name, "seen", *mode.before)
        for arm in world["over_controls"][mode.name]:
            world["over_controls"][mode.name][arm] = over(mode.name, "unseen", "controls", arm, mode.name)
    for change in world["pivot_change"].values():
        change["mean"] += rng.uniform(-0.01, 0.01)
    world["cost"] = {
        "base": {"seconds": 40.0 + number},
        "question_translation": {
            "steps": 400.0,
            "label_tokens": 124479.0,
            "tokens": 369810.0,
            "seconds": 61.0,
        },
    }
    return world


def recorded(worlds: list[dict[str, Any]]) -> dict[str, Any]:
    """The record of these worlds, as the benchmark assembles it."""
    dropped = ("samples", "report", "versions", "knobs")
    return {
        "study": "main_job",
        "summary": over_worlds(worlds) if len(worlds) > 1 else {},
        "languages": by_language(worlds),
        "worlds": [{key: value for key, value in world.items() if key not in dropped} for world in worlds],
        "bases": {world["world"]: {"layers": 4, "width": 128, "steps": 4500} for world in worlds},
        "knobs": {"question_translation": worlds[0]["knobs"]},
        "commit": "0123abc",
        "versions": worlds[0]["versions"],
        "machine": "x86_64, Linux, 2 processes",
        "seconds": 1800,
    }


@pytest.fixture
def record(result: dict[str, Any]) -> dict[str, Any]:
    return recorded([one_world(result, number) for number in range(1, 6)])


def test_it_writes_four_files_and_names_them(record: dict[str, Any], tmp_path: Path) -> None:
    written = write_study(record, tmp_path / "docs" / "main.job")
    names = ["main.job.json", "main.job.md", "main.job.svg", "main.job-law.svg"]
    assert written == [tmp_path / "docs" / name for name in names]
    assert sorted(path.name for path in (tmp_path / "docs").iterdir()) == sorted(names)
    page = written[1].read_text(encoding="utf-8")
    assert re.findall(r"!\[.*?\]\((.*?)\)", page) == names[2:]


def test_the_json_is_the_record_in_its_order_and_the_same_every_time(
    record: dict[str, Any], tmp_path: Path
) -> None:
    first, again = (write_study(record, tmp_path / name)[0].read_bytes() for name in ("a", "b"))
    assert first == again
    read = json.loads(first)
    assert list(read) == list(record)
    assert list(read["worlds"][0]["languages"]) == list(record["worlds"][0]["languages"])
    assert read["summary"]["gain_unseen"]["restate"]["mean"] == pytest.approx(
        record["summary"]["gain_unseen"]["restate"]["mean"], abs=5e-5
    )


def test_rounding_keeps_small_shares_drops_dust_and_writes_no_nan() -> None:
    found = rounded({"a": 0.123456, "b": (0.0004216789, -1e-17), "c": float("nan"), "d": [True, 7, None]})
    assert found == {"a": 0.1235, "b": [0.0004217, 0.0], "c": None, "d": [True, 7, None]}
    assert found["d"][0] is True


def test_verdict_lines_hold_mean_interval_worlds_and_the_least_lead(record: dict[str, Any]) -> None:
    found = record["summary"]["gain_unseen"]["restate"]
    over = record["summary"]["over_controls"]["restate"]
    least = min(over, key=lambda arm: over[arm]["mean"])
    line = next(n for n in markdown(record, "x").split("\n") if n.startswith("- **Restated answers"))
    assert f"Restated answers: {record['summary']['verdicts']['restate']}." in line
    assert f"{points(found['mean'])} points over the base" in line
    assert f"95% t-interval over 5 worlds {points(found['low'])} to {points(found['high'])}" in line
    assert f"Least lead over a control: {points(over[least]['mean'])}" in line


def test_tables_are_whole_and_means_are_means_of_worlds(record: dict[str, Any]) -> None:
    page = markdown(record, "x")
    for block in re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}) == 1
    base = [study_numbers.accuracy(world, MODES["restate"], "base", "unseen") for world in record["worlds"]]
    part = page.split("### Restated answers")[1].split("###")[0]
    bottom = next(line for line in part.splitlines() if line.startswith("| **mean**"))
    assert bottom.split(" | ")[1] == f"**{percent(sum(filter(None, base)) / 5)}**"


def test_the_law_splits_languages_by_bilingual_text_and_kinship(record: dict[str, Any]) -> None:
    groups = study_numbers.law_groups(record)
    assert sum(len(group.rows) for group in groups) == 5 * 9
    assert [(group.bilingual, group.related) for group in groups] == [
        (True, True), (True, False), (False, True), (False, False),
    ]  # fmt: skip
    assert all(row["world"] in ("lab:judge-4", "lab:judge-5") for g in groups[2:] for row in g.rows)
    cells = [f"| none | yes | {len(groups[2].rows)} |", f"| none | no | {len(groups[3].rows)} |"]
    assert all(cell in markdown(record, "x") for cell in cells)


def test_left_out_tasks_compute_knobs_seeds_and_commands_are_told(record: dict[str, Any]) -> None:
    record["knobs"]["question_translation"].append(
        {"name": "template", "value": "{question} = ", "paper": "{question}\na|b", "reason": ""}
    )
    page = markdown(record, "x")
    assert "- lab:judge-3, paraphrase: the pivot itself has not learned it: 76.0% is below 90%." in page
    assert "| `question_translation` | 400 | 124,479 | – | 369,810 | 61 |" in page
    assert r"| `template` | `{question} = ` | `{question}\na\|b` | – |" in page
    assert "| lab:judge-2 | `lab:standard` | 102 | 0 | 0 |" in page
    assert "layers 4, width 128, steps 4500." in page
    assert "- commit: 0123abc" in page
    assert page.count("interlingua demo --seed 0 --device cpu") == 5
    record["command"] = "python benchmarks/main_job.py"
    assert "```\npython benchmarks/main_job.py\n```" in markdown(record, "x")


def test_an_oracle_is_shown_for_reference_only(record: dict[str, Any]) -> None:
    for world in record["worlds"]:
        for entry in world["languages"].values():
            entry["controls"]["own_answers_gold"] = {"own_answers": 0.875}
    page = markdown(record, "x")
    part = page.split("### Own answers")[1]
    assert "oracle: gold answers (reference)" in part
    assert "87.5" in part
    assert "gold" not in page.split("## Worlds")[0]


def test_figures_stand_alone_and_stay_inside_their_box(record: dict[str, Any], tmp_path: Path) -> None:
    for path in write_study(record, tmp_path / "x")[2:]:
        drawn = path.read_text(encoding="utf-8")
        root = ElementTree.fromstring(drawn)
        assert root.tag == f"{SVG}svg"
        assert not re.search(r"(href|url\(|@import)", drawn)
        assert "--tuned" in (root.findtext(f"{SVG}style") or "")
        left, top, width, height = map(float, root.attrib["viewBox"].split())
        for names, low, size in (
            (("x", "cx", "x1", "x2"), left, width),
            (("y", "cy", "y1", "y2"), top, height),
        ):
            places = [float(e.attrib[name]) for e in root.iter() for name in names if name in e.attrib]
            assert low <= min(places)
            assert max(places) <= low + size


def test_the_forest_has_a_dot_per_world_on_every_line(record: dict[str, Any]) -> None:
    root = ElementTree.fromstring(study_figures.forest(record))
    lines = [g for g in root.iter(f"{SVG}g") if g.find(f"{SVG}title") is not None]
    assert len(lines) == len(study_numbers.compared(record)) == 3 * 2 + 4 + 3 + 1 + 2
    assert all(len([c for c in g.iter(f"{SVG}circle") if c.attrib["class"] == "world"]) == 5 for g in lines)


def test_the_law_has_a_dot_per_language_and_a_band_for_none(record: dict[str, Any]) -> None:
    drawn = study_figures.law(record)
    assert drawn is not None
    root = ElementTree.fromstring(drawn)
    told = [g.findtext(f"{SVG}title") or "" for g in root.iter(f"{SVG}g")]
    assert len(told) == 45
    numbers = [text.text for text in root.iter(f"{SVG}text") if text.attrib["class"] == "inside"]
    assert sorted(map(int, filter(None, numbers))) == sorted([1, 2, 3, 4, 5] * 9)
    band = next(rect for rect in root.iter(f"{SVG}rect") if rect.get("class") == "band")
    edges = (float(band.attrib["x"]), float(band.attrib["x"]) + float(band.attrib["width"]))
    for group in root.iter(f"{SVG}g"):
        place = float(next(t for t in group.iter(f"{SVG}text")).attrib["x"])
        inside = edges[0] <= place <= edges[1]
        assert inside is (group.findtext(f"{SVG}title") or "").endswith("bilingual text none")


def test_without_known_shares_there_is_no_law_and_the_page_says_so(
    record: dict[str, Any], tmp_path: Path
) -> None:
    for row in record["languages"]:
        row["bilingual_share"] = None
    assert [path.suffix for path in write_study(record, tmp_path / "x")] == [".json", ".md", ".svg"]
    page = (tmp_path / "x.md").read_text(encoding="utf-8")
    assert "no law can be shown" in page
    assert "x-law.svg" not in page


@pytest.mark.parametrize("shares", [[0.0] * 9, [0.03] * 9, [0.000021 * 2**n for n in range(9)]])
def test_the_law_takes_any_range_of_shares(result: dict[str, Any], shares: list[float]) -> None:
    record = recorded([one_world(result, 1)])
    for row, value in zip(record["languages"], shares, strict=True):
        row["bilingual_share"] = value
    drawn = study_figures.law(record)
    assert drawn is not None
    assert drawn.count('class="inside"') == 9
    assert "nan" not in drawn


def test_one_world_is_told_as_one_world(result: dict[str, Any], tmp_path: Path) -> None:
    record = recorded([one_world(result, 1)])
    _, page, forest, _ = (path.read_text(encoding="utf-8") for path in write_study(record, tmp_path / "x"))
    assert "One world only" in page
    assert "t-interval" not in page
    assert "95% bootstrap interval" in page
    assert 'class="world"' not in forest


def test_a_record_without_worlds_or_summary_is_refused(record: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="holds no worlds"):
        write_study({"study": "main_job"}, tmp_path / "x")
    with pytest.raises(BadInput, match="5 worlds and no `summary`"):
        write_study({**record, "summary": {}}, tmp_path / "x")
    assert not list(tmp_path.iterdir())
