"""Variance share: planted parts come back, the control is the mean of real shuffles."""

import numpy as np
import pytest

from interlingua.core.errors import BadInput
from interlingua.measures.variance_share import variance_share

LANGS = ("eng_Latn", "swh_Latn", "tha_Thai", "urd_Arab")


def planted(language: float, meaning: float, rest: float, items: int = 200, width: int = 30, seed: int = 0):
    """Vectors `(1, item, d_model)` by language, of parts with these variances."""
    rng = np.random.default_rng(seed)
    said = rng.normal(size=(items, width)) * meaning**0.5
    return {
        lang: (said + rng.normal(size=width) * language**0.5 + rng.normal(size=said.shape) * rest**0.5)[None]
        for lang in LANGS
    }


def test_planted_parts_come_back() -> None:
    found = variance_share(planted(3, 5, 2, width=400))
    # Four languages: three quarters of a language's variance are left around their mean, and of the rest.
    total = 3 * 0.75 + 5 + 2
    assert found.language[0] == pytest.approx(3 * 0.75 / total, abs=0.02)
    assert found.meaning[0] == pytest.approx((5 + 2 / 4) / total, abs=0.02)
    assert found.rest[0] == pytest.approx(2 * 0.75 / total, abs=0.02)
    assert found.language[0] + found.meaning[0] + found.rest[0] == pytest.approx(1)


def test_the_control_is_the_mean_over_shuffles() -> None:
    vectors = planted(0.5, 1, 2, items=6, width=3)
    rng = np.random.default_rng(1)
    stacked = np.stack([own[0] for own in vectors.values()])
    drawn = []
    for _ in range(3000):
        mixed = np.stack([stacked[rng.permutation(4), item] for item in range(6)], axis=1)
        drawn.append(
            variance_share({lang: own[None] for lang, own in zip(LANGS, mixed, strict=True)}).language[0]
        )
    assert variance_share(vectors).control[0] == pytest.approx(np.mean(drawn), abs=0.003)


def test_without_language_it_is_near_its_control() -> None:
    found = variance_share(planted(0, 1, 1, width=2000))
    assert found.language[0] == pytest.approx(found.control[0], rel=0.1)


def test_copies_of_a_language_have_no_language_in_them() -> None:
    one = planted(1, 1, 1)["eng_Latn"]
    found = variance_share(dict.fromkeys(LANGS, one))
    assert (found.language, found.meaning, found.rest, found.control) == ((0.0,), (1.0,), (0.0,), (0.0,))


def test_languages_that_say_one_thing_are_all_language() -> None:
    rng = np.random.default_rng(2)
    found = variance_share({lang: np.repeat(rng.normal(size=(1, 1, 5)), 9, axis=1) for lang in LANGS})
    assert (found.language, found.meaning, found.rest) == ((1.0,), (0.0,), (0.0,))
    assert found.control == pytest.approx((1 / 9,))


def test_layers_are_taken_one_by_one_and_a_still_one_has_nothing() -> None:
    vectors = planted(1, 2, 3)
    both = {
        lang: np.concatenate([own, np.full_like(own, 0.1)]).astype(np.float32)
        for lang, own in vectors.items()
    }
    found = variance_share(both)
    assert found.language[0] == pytest.approx(variance_share(vectors).language[0], abs=1e-6)
    assert (found.language[1], found.meaning[1], found.rest[1], found.control[1]) == (0, 0, 0, 0)
    assert found.as_dict()["language"] == list(found.language)
    assert found.n == 200


def test_bad_input_is_one_clear_line() -> None:
    vectors = planted(1, 1, 1)
    bad = vectors["tha_Thai"].copy()
    bad[0, 7, 0] = np.inf
    for given, told in (
        ({}, "at least one language"),
        ({"eng_Latn": vectors["eng_Latn"]}, "needs 2 languages or more, got eng_Latn"),
        (vectors | {"tha_Thai": vectors["tha_Thai"][:, :9]}, "the same sentences in all languages"),
        (vectors | {"tha_Thai": vectors["tha_Thai"][0]}, "tha_Thai has .200, 30."),
        (vectors | {"tha_Thai": bad}, r"Vector 7 in tha_Thai \(layer 0\) is not finite"),
    ):
        with pytest.raises(BadInput, match=told) as error:
            variance_share(given)
        assert "\n" not in str(error.value)
