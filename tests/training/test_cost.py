"""Cost: stages of different kinds are summed, and nothing costs nothing."""

from dataclasses import dataclass

from interlingua.training.cost import cost_of


@dataclass(frozen=True)
class Done:
    """A stage of training."""

    steps: int
    label_tokens: int
    tokens: int


def test_stages_are_summed_by_hand() -> None:
    assert cost_of(Done(2, 30, 400), Done(1, 5, 6)) == {"steps": 3.0, "label_tokens": 35.0, "tokens": 406.0}
    assert cost_of() == {"steps": 0.0, "label_tokens": 0.0, "tokens": 0.0}
    assert all(type(value) is float for value in cost_of(Done(1, 1, 1)).values())
