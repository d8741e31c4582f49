"""The named worlds."""

from interlingua.lab.named import WORLDS


def test_every_world_is_listed(run, run_json) -> None:
    found = {entry["name"]: entry for entry in run_json("lab", "list")["worlds"]}
    assert list(found) == list(WORLDS)
    tiny = found["lab:tiny"]
    counts = {
        "languages": 4,
        "scripts": 4,
        "families": 1,
        "without_bilingual_text": 0,
        "seed": WORLDS["lab:tiny"].seed,
    }
    assert tiny.items() >= counts.items()
    assert found["lab:standard"]["languages"] >= 12
    shown = run("lab", "list").stdout
    assert all(name in shown for name in WORLDS)
