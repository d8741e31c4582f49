"""Curve: every step once, also after an interruption."""

import pytest

from interlingua.core.errors import RunFolderError
from interlingua.training.curve import Curve


def test_figures_are_kept_in_the_order_of_steps():
    curve = Curve("next")
    for step, value in enumerate([3.0, 2.0, 1.0]):
        curve(step, {"next": value, "loss": 9.0})
    assert curve.values(3) == [3.0, 2.0, 1.0]
    assert curve.at([2, 0]) == [1.0, 3.0]
    with pytest.raises(RunFolderError, match="1 of 2 steps"):
        curve.at([7, 0])
    with pytest.raises(RunFolderError, match="1 of 4 steps"):
        curve.values(4)


def test_an_interrupted_training_goes_on_with_the_whole_curve(tmp_path):
    first = Curve(folder=tmp_path / "stage")
    for step in range(5):
        first(step, {"loss": step / 3})
    with (tmp_path / "stage.loss.txt").open("a") as file:
        file.write("5 1.")  # killed while it wrote
    again = Curve(folder=tmp_path / "stage")
    for step in (3, 4, 5):  # the checkpoint was older than the curve
        again(step, {"loss": 10.0 + step})
    assert Curve(folder=tmp_path / "stage").values(6)[:3] == [0.0, 1 / 3, 2 / 3]
    assert again.values(6) == [0.0, 1 / 3, 2 / 3, 13.0, 14.0, 15.0]
