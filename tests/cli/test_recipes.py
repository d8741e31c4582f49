"""The catalogue."""

from interlingua.recipes.recipe import RECIPES


def test_the_list_names_every_recipe(run, run_json) -> None:
    shown = run("recipes").stdout
    found = run_json("recipes")["recipes"]
    assert [entry["name"] for entry in found] == RECIPES.names()
    for entry in found:
        assert entry["name"] in shown
        assert entry["blurb"] in shown


def test_the_page_of_one_has_method_knobs_controls_and_claims(run) -> None:
    shown = run("recipes", "question_translation").stdout
    assert "arXiv:2405.13816" in shown
    assert "Method   1. take task questions" in shown
    rows = {line.split()[0]: line for line in shown.splitlines() if line.split()}
    small = RECIPES.get("question_translation").presets["small"]
    assert rows["lr"].split()[1:3] == ["5e-05", str(small.lr)]
    assert rows["rank"].split()[1] == "8"
    assert "shuffled: signal=shuffled" in shown
    assert "direct answers, the pivot: as in the base (ours)" in shown
    assert "direct answers, never tuned on: higher than the base (paper: " in shown
    assert "{question}\\nTranslate" in shown


def test_the_page_as_json(run_json) -> None:
    page = run_json("recipes", "question_translation")
    knobs = {knob["name"]: knob for knob in page["knobs"]}
    assert knobs["lr"]["default"] == 5e-05
    assert knobs["targets"]["default"] == ["q_proj", "v_proj"]
    assert all(knob["source"] for knob in knobs.values())
    assert page["presets"]["small"]["lr"] == RECIPES.get("question_translation").presets["small"].lr
    assert "warmup" not in page["presets"]["small"]
    assert page["controls"]["reverse"] == {"signal": "reverse"}
    assert page["expects"][0]["direction"] == "rises"
