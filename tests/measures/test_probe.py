"""Probes: they find what was planted, nothing in copies and random labels, and never see a test sentence."""

import json

import numpy as np
import pytest

from interlingua.core.errors import BadInput, UnknownName
from interlingua.measures.probe import language_probe, probe, task_probe

LANGS = ("eng_Latn", "swh_Latn", "tha_Thai", "urd_Arab")


def sentences(seed: int, items: int = 60, width: int = 40, layers: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(layers, items, width)).astype(np.float32)


def parallel(shift: float, noise: float = 0.3, **shape: int) -> dict[str, np.ndarray]:
    """The same sentences in four languages, each moved its own way by `shift` times what sentences vary."""
    said = sentences(0, **shape)
    rng = np.random.default_rng(1)
    return {
        lang: (said + noise * rng.normal(size=said.shape) + shift * rng.normal(size=said.shape[-1])).astype(
            np.float32
        )
        for lang in LANGS
    }


def test_a_planted_language_is_found() -> None:
    found = language_probe(parallel(3.0, layers=2))
    assert found.accuracy == (1.0, 1.0)
    assert all(0.1 < control < 0.4 for control in found.control)
    assert found.selectivity == pytest.approx([1 - control for control in found.control])
    assert found.parts == dict.fromkeys(LANGS, (1.0, 1.0))
    assert (found.chance, found.rows, found.groups) == (0.25, 240, 60)
    assert found.balance == dict.fromkeys(LANGS, 0.25)


def test_no_probe_can_tell_an_identical_copy_from_the_pivot() -> None:
    vectors = parallel(3.0, layers=3)
    copied = {"eng_Latn": vectors["eng_Latn"], "copy": vectors["eng_Latn"].copy()}
    found = language_probe(copied)
    assert found.accuracy == (0.5, 0.5, 0.5)
    assert found.chance == 0.5
    three = language_probe(copied | {"tha_Thai": vectors["tha_Thai"]})
    assert three.accuracy == pytest.approx((2 / 3,) * 3)
    assert three.parts["tha_Thai"] == (1.0, 1.0, 1.0)
    for one, other in zip(three.parts["eng_Latn"], three.parts["copy"], strict=True):
        assert one + other == pytest.approx(1)


@pytest.mark.parametrize("width", [40, 200])
def test_random_labels_have_no_selectivity(width: int) -> None:
    """Labels drawn by chance, and languages that differ by chance only; in few and in many dimensions."""
    rng = np.random.default_rng(2)
    said = sentences(3, 100, width)
    tasks, tongues = [], []
    for seed in range(8):
        labels = rng.permutation([0, 1] * 50).tolist()
        tasks.append(task_probe({"eng_Latn": said, "swh_Latn": said + 0.1}, labels, seed=seed, draws=2))
        drawn = {lang: sentences(10 * seed + at, 60, width) for at, lang in enumerate(LANGS)}
        tongues.append(language_probe(drawn, seed=seed))
    for found, chance in ((tasks, 0.5), (tongues, 0.25)):
        assert np.mean([one.selectivity[0] for one in found]) == pytest.approx(0, abs=0.05)
        assert np.mean([one.accuracy[0] for one in found]) == pytest.approx(chance, abs=0.05)
        assert np.mean([one.control[0] for one in found]) == pytest.approx(chance, abs=0.05)


def test_parallel_sentences_never_sit_in_training_and_testing() -> None:
    """Labels that depend on nothing but the sentence: only a reader that saw it in another language knows."""
    rng = np.random.default_rng(4)
    said = 5 * sentences(5, 50, 200)
    vectors = {lang: said + 0.01 * sentences(6 + at, 50, 200) for at, lang in enumerate(LANGS)}
    labels = rng.permutation([0, 1] * 25).tolist()
    grouped = task_probe(vectors, labels, axes=200, c=100)
    leaking = probe(
        [np.concatenate([own[0] for own in vectors.values()])], labels * 4, list(range(200)), axes=200, c=100
    )
    assert leaking.accuracy[0] > 0.95
    assert abs(grouped.accuracy[0] - 0.5) < 0.15


def test_items_of_a_group_stay_together() -> None:
    """Two items of a passage are one sentence twice, with the label of the passage."""
    rng = np.random.default_rng(7)
    said = np.repeat(5 * sentences(8, 30, 200), 2, axis=1)
    labels = np.repeat(rng.permutation([0, 1] * 15), 2).tolist()
    groups = np.repeat(np.arange(30), 2).tolist()
    assert task_probe({"eng_Latn": said}, labels, axes=200, c=100).accuracy[0] > 0.8
    found = task_probe({"eng_Latn": said}, labels, groups=groups, axes=200, c=100)
    assert abs(found.accuracy[0] - 0.5) < 0.25
    assert (found.groups, found.rows) == (30, 60)


def test_a_planted_answer_is_found_where_it_is() -> None:
    """Layer 1 holds the answer along one direction, layer 0 does not; the fourth language has it reversed."""
    labels = ["yes", "no", "no"] * 20
    side = np.array([1.0 if label == "yes" else -1.0 for label in labels], np.float32)
    vectors = parallel(1.0, layers=2)
    for at, own in enumerate(vectors.values()):
        own[1, :, 7:15] += 3 * side[:, None] * (-1 if at == 3 else 1)
    kept = {lang: vectors[lang] for lang in LANGS[:3]}
    found = task_probe(kept, labels)
    assert found.accuracy[1] > 0.95
    assert found.selectivity[1] > 0.3
    assert found.accuracy[0] < 0.75
    assert found.chance == pytest.approx(2 / 3)
    assert found.balance == pytest.approx({"yes": 1 / 3, "no": 2 / 3})
    other = task_probe(vectors, labels, train_on=["eng_Latn"])
    assert other.parts["eng_Latn"][1] > 0.95
    assert other.parts["swh_Latn"][1] > 0.95
    assert other.parts["urd_Arab"][1] < 0.2


def test_one_huge_dimension_does_not_hide_the_rest() -> None:
    vectors = parallel(2.0)
    plain = language_probe(vectors)
    for own in vectors.values():
        own[:, :, 3] *= 1e4
    assert language_probe(vectors).accuracy == plain.accuracy == (1.0,)


def test_a_layer_in_which_nothing_varies_gives_chance() -> None:
    same = np.full((1, 20, 5), 0.1, np.float32)
    found = language_probe({"eng_Latn": same, "swh_Latn": same})
    assert found.accuracy == (0.5,)


def test_the_same_call_gives_the_same_numbers_as_plain_values() -> None:
    vectors = parallel(0.2)
    found = language_probe(vectors, draws=2)
    assert found == language_probe(vectors, draws=2)
    assert 0.3 < found.accuracy[0] < 1
    told = json.loads(json.dumps(found.as_dict()))
    assert told["layers"] == [
        {
            "layer": 0,
            "accuracy": found.accuracy[0],
            "control": found.control[0],
            "selectivity": found.selectivity[0],
        }
    ]
    assert (told["chance"], told["parts"]["eng_Latn"]) == (0.25, list(found.parts["eng_Latn"]))


def test_bad_input_is_one_clear_line() -> None:
    own = {"eng_Latn": sentences(0, 10)}
    two = own | {"swh_Latn": sentences(1, 10)}
    bad = {"eng_Latn": sentences(0, 10), "swh_Latn": sentences(1, 10)}
    bad["swh_Latn"][0, 4, 0] = np.inf
    half = [0, 1] * 5
    for call, kind, told in (
        (lambda: language_probe(own), BadInput, "needs 2 languages or more, got eng_Latn"),
        (
            lambda: language_probe(own | {"b": sentences(1, 9)}),
            BadInput,
            "the same sentences in all languages",
        ),
        (lambda: language_probe(two, folds=11), BadInput, "in 11 folds needs as many groups, got 10"),
        (lambda: language_probe(two, folds=1), BadInput, "folds of 2 or more"),
        (lambda: language_probe(two, draws=0), BadInput, "got 5, 64, 0, 1.0"),
        (lambda: language_probe(two, groups=[1]), BadInput, "10 items, 1 groups"),
        (lambda: language_probe(bad), BadInput, r"Vector 4 in swh_Latn \(layer 0\) is not finite"),
        (lambda: task_probe(own, [1] * 10), BadInput, "2 labels or more to tell apart, got 1"),
        (lambda: task_probe(own, half[:9]), BadInput, "10 items, 9 labels"),
        (lambda: task_probe(own, ["no"] * 9 + ["yes"]), BadInput, "Label 'yes' is in 1 group to learn from"),
        (lambda: task_probe(own, half, train_on=["deu"]), UnknownName, "No language called 'deu'"),
        (lambda: probe([], half, half[::-1] * 1), BadInput, "in 5 folds needs as many groups, got 2"),
        (lambda: probe([], half, range(10)), BadInput, "vectors of at least one layer"),
        (lambda: probe([own["eng_Latn"]], half, range(10)), BadInput, "10 rows, layer 0 has"),
        (
            lambda: probe([np.full((10, 2), np.nan)], half, range(10)),
            BadInput,
            r"Vector 0 \(layer 0\) is not",
        ),
        (lambda: probe([], half, range(9)), BadInput, "10 labels, 9 groups"),
    ):
        with pytest.raises(kind, match=told) as error:
            call()
        assert "\n" not in str(error.value)
