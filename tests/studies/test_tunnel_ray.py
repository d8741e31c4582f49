"""The tunnel over a Ray cluster: the numbers of this machine, job by job."""

from pathlib import Path
from typing import Any

import pytest

from interlingua.models.lm import LM
from interlingua.studies.tunnel import tunnel


def test_a_cluster_gives_the_numbers_of_this_machine(tiny_base: LM, tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="needs the extra ray")
    changes = {"steps": 2, "batch_size": 4, "limit": 20, "sentences": 8}

    def numbers(engine: str) -> Any:
        found = tunnel(
            ["language_ranker", "code_switched_sft"], ["lab:tiny"], items=6, changes=changes, engine=engine,
            workers=1 if engine == "local" else 2, device="cpu", root=tmp_path / engine,
        )  # fmt: skip
        assert not found["failed"]
        return [
            (job["recipe"], name, arm["values"], arm["facts"], arm["pivot_accuracy"])
            for job in found["jobs"]
            for name, arm in job["arms"].items()
        ]

    here = numbers("local")
    assert len(here) == 2 + 3  # method and control; with a baseline
    assert numbers("ray") == here


def test_a_base_that_cannot_be_made_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ray", reason="needs the extra ray")
    (tmp_path / "cache" / "bases").mkdir(parents=True)
    (tmp_path / "cache" / "bases" / "letter.txt").write_text("not ours")
    monkeypatch.setenv("INTERLINGUA_CACHE", str(tmp_path / "cache"))
    told = tunnel(
        ["language_ranker"], ["lab:tiny"], items=6, engine="ray", workers=1, device="cpu",
        root=tmp_path / "runs",
    )  # fmt: skip
    [failed] = told["failed"]
    assert (failed["recipe"], failed["world"]) == ("language_ranker", "lab:tiny")
    assert failed["message"].endswith("bases is no cache of ours; set INTERLINGUA_CACHE to another folder.")
    assert Path(told["report"]).is_file()
