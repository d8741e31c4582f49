"""Vectors by language: what belongs together is let through untouched, read layer by layer."""

import numpy as np
import pytest

from interlingua.core.errors import BadInput
from interlingua.measures.by_language import at_layer, checked, varies


def test_memory_maps_are_not_read_at_once(tmp_path) -> None:
    path = tmp_path / "states.npy"
    np.save(path, np.arange(24, dtype=np.float32).reshape(2, 3, 4))
    mapped = np.load(path, mmap_mode="r")
    found = checked("This", {"eng_Latn": mapped})
    assert np.shares_memory(found["eng_Latn"], mapped)
    layer = at_layer(found, 1)["eng_Latn"]
    assert layer.dtype == np.float64
    np.testing.assert_array_equal(layer, np.arange(12, 24).reshape(3, 4))


def test_languages_of_other_lengths_only_where_they_need_not_be_parallel() -> None:
    vectors = {"a": np.zeros((2, 3, 4)), "b": np.zeros((2, 5, 4))}
    assert list(checked("This", vectors, parallel=False)) == ["a", "b"]
    with pytest.raises(BadInput, match=r"This needs the same sentences in all languages: a has \(2, 3, 4\)"):
        checked("This", vectors)


@pytest.mark.parametrize("shape", [(3, 3, 4), (2, 3, 5), (2, 1, 4), (2, 3), (0, 3, 4), (2, 3, 0)])
def test_other_shapes_are_refused_in_one_line(shape: tuple[int, ...]) -> None:
    with pytest.raises(BadInput, match=r"^This needs ") as error:
        checked("This", {"a": np.zeros((2, 3, 4)), "b": np.zeros(shape)}, parallel=False)
    assert "\n" not in str(error.value)


def test_rounding_is_no_variance() -> None:
    values = np.full(1000, 0.1)
    assert not varies(float(np.square(values - values.mean()).sum()), float(np.square(values).sum()))
    assert varies(1e-12, 1.0)
