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
