"""PCA: planted axes and shifts come back, signs do not jump, both models lie along the same axes."""

import json
import sys
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from interlingua.core.errors import BadInput, MissingResource, UnknownName
from interlingua.measures.pca import pca, umap_points


def spread(seed: int, sizes: tuple[float, ...], items: int = 60, layers: int = 1) -> np.ndarray:
    """Vectors (layer, item, d_model) whose dimensions have these standard deviations, without a mean."""
    own = np.random.default_rng(seed).normal(size=(layers, items, len(sizes))) * np.array(sizes)
    return (own - own.mean(1, keepdims=True)).astype(np.float32)


def test_four_corners_by_hand() -> None:
    """Corners at ±3 and ±1: nine tenths of the variance along the first axis."""
    corners = np.array([[[3.0, 1], [3, -1], [-3, 1], [-3, -1]]])
    (plane,) = pca({"eng_Latn": corners + 7})
    assert plane.explained == pytest.approx((0.9, 0.1))
    assert plane.shown == pytest.approx({"before": 1.0})
    np.testing.assert_allclose(plane.points["eng_Latn"]["before"], corners[0], atol=1e-12)


@pytest.mark.parametrize("width", [6, 300])
def test_planted_axes_come_back(width: int) -> None:
    """Turned into many dimensions; the larger case goes another way through the arithmetic."""
    sizes = (8.0, 4.0, *[0.5] * (width - 2))
    vectors = {lang: spread(at, sizes, 100) for at, lang in enumerate(("eng_Latn", "swh_Latn"))}
    turn, _ = np.linalg.qr(np.random.default_rng(9).normal(size=(width, width)))
    (plane,) = pca({lang: own @ turn for lang, own in vectors.items()})
    everything = np.concatenate([own[0] for own in vectors.values()])
    values = np.square(np.linalg.svd(everything - everything.mean(0), compute_uv=False))
    assert plane.explained == pytest.approx(tuple(values[:2] / values.sum()), rel=1e-4)
    assert plane.shown["before"] == pytest.approx(sum(plane.explained), rel=1e-4)
    for lang, own in vectors.items():
        for axis in (0, 1):
            assert abs(np.corrcoef(plane.points[lang]["before"][:, axis], own[0, :, axis])[0, 1]) > 0.98


def test_a_shift_between_models_is_seen_where_it_is() -> None:
    """One language moves by 6 along the axis that the pivot varies most on, the other stays."""
    before = {"eng_Latn": spread(0, (5, 2, 1)), "swh_Latn": spread(1, (5, 2, 1))}
    after = {"eng_Latn": before["eng_Latn"], "swh_Latn": before["swh_Latn"] + np.float32([6, 0, 0])}
    for fit in ("pivot", "all", "joint"):
        (plane,) = pca(before, after, fit=fit, pivot="eng_Latn")
        moved = {lang: own["after"].mean(0) - own["before"].mean(0) for lang, own in plane.points.items()}
        np.testing.assert_allclose(moved["eng_Latn"], 0, atol=1e-6)
        np.testing.assert_allclose(np.abs(moved["swh_Latn"]), (6, 0), atol=1.2)
        assert np.linalg.norm(moved["swh_Latn"]) <= 6 + 1e-6
    assert plane.points["swh_Latn"]["after"].shape == (60, 2)


def test_what_the_axes_are_fitted_on() -> None:
    """A shift along a new axis is only seen by axes that were fitted on both models."""
    before = {"eng_Latn": spread(0, (3, 2, 0.01)), "swh_Latn": spread(1, (0.1, 5, 0.01))}
    after = {lang: own + np.float32([0, 0, 50]) for lang, own in before.items()}
    planes = {fit: pca(before, after, fit=fit, pivot="eng_Latn")[0] for fit in ("pivot", "all", "joint")}
    assert planes["pivot"].explained[0] == pytest.approx(9 / 13, abs=0.15)
    assert planes["all"].explained[0] == pytest.approx(29 / 38, abs=0.1)
    assert planes["joint"].explained[0] > 0.95
    for fit, plane in planes.items():
        gap = plane.points["eng_Latn"]["after"] - plane.points["eng_Latn"]["before"]
        assert np.linalg.norm(gap.mean(0)) == pytest.approx(50 if fit == "joint" else 0, abs=2)
        assert plane.points["eng_Latn"]["before"].shape == (60, 2)
    assert pca(before, after)[0].explained == planes["joint"].explained
    assert pca(before)[0].explained == planes["all"].explained


def test_axes_do_not_turn_round_between_layers() -> None:
    """The same vectors with the sign of each layer thrown at random: pictures must not flip."""
    own = spread(3, (6, 3, 1), 40)[0]
    signs = np.random.default_rng(0).choice([-1, 1], size=(12, 1, 1))
    planes = pca({"eng_Latn": own[None] * np.abs(signs), "swh_Latn": own[None] * np.abs(signs) + 1})
    noisy = pca({"eng_Latn": own + 0.3 * spread(4, (1, 1, 1), 40, layers=12)})
    for run in (planes, noisy):
        for one, following in pairwise(run):
            for axis in (0, 1):
                assert np.dot(*(each.points["eng_Latn"]["before"][:, axis] for each in (one, following))) > 0
    first = planes[0].points["eng_Latn"]["before"]
    assert np.corrcoef(first[:, 0], own[:, 0])[0, 1] > 0.99  # the largest loading is positive


def test_the_same_call_gives_the_same_points() -> None:
    vectors = {"eng_Latn": spread(5, (1.0,) * 120, 200, layers=2)}
    one, two = (pca(vectors) for _ in range(2))
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a.points["eng_Latn"]["before"], b.points["eng_Latn"]["before"])


def test_layers_languages_of_other_lengths_and_plain_values() -> None:
    vectors = {"eng_Latn": spread(0, (3, 2, 1), 8, layers=4), "swh_Latn": spread(1, (3, 2, 1), 5, layers=4)}
    planes = pca(vectors, layers=[3, 1], components=3)
    assert [plane.layer for plane in planes] == [3, 1]
    assert sum(planes[0].explained) == pytest.approx(1)
    told = json.loads(json.dumps(planes[0].as_dict()))
    assert np.shape(told["points"]["swh_Latn"]["before"]) == (5, 3)
    assert told["explained"] == list(planes[0].explained)
    assert told["points"]["eng_Latn"]["before"][0][0] == pytest.approx(
        planes[0].points["eng_Latn"]["before"][0, 0], rel=1e-3
    )


def test_a_layer_without_variance_has_its_points_at_zero() -> None:
    """As the embeddings of the last token, which is the same in all prompts."""
    same = np.full((1, 9, 5), 0.1, np.float32)
    (plane,) = pca({"eng_Latn": same, "swh_Latn": same})
    assert (plane.explained, plane.shown) == ((0.0, 0.0), {"before": 0.0})
    assert not plane.points["swh_Latn"]["before"].any()


def test_bad_input_is_one_clear_line() -> None:
    own = {"eng_Latn": spread(0, (3, 2, 1), 4, layers=2)}
    bad = own["eng_Latn"].copy()
    bad[1, 2, 0] = np.nan
    for given, settings, kind, told in (
        ({}, {}, BadInput, "at least one language"),
        (own, {"fit": "joint"}, BadInput, "A joint PCA needs the vectors of both models"),
        (own, {"fit": "some"}, UnknownName, "No way to fit PCA called 'some'"),
        (own, {"fit": "pivot", "pivot": "deu_Latn"}, UnknownName, "No language called 'deu_Latn'"),
        (own, {"layers": [2]}, BadInput, "has the layers 0 to 1, got 2"),
        (own, {"components": 4}, BadInput, "PCA of 4 vectors of 3 numbers has 1 to 3 axes, not 4"),
        (own, {"after": {"eng_Latn": own["eng_Latn"][:, :3]}}, BadInput, "the same languages, sentences"),
        ({"eng_Latn": bad}, {}, BadInput, r"Vector 2 in eng_Latn \(layer 1\) is not finite"),
    ):
        with pytest.raises(kind, match=told) as error:
            pca(given, **settings)
        assert "\n" not in str(error.value)


def test_umap_where_it_is_not_installed(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "umap", None)
    with pytest.raises(MissingResource, match="UMAP is not installed: pip install umap-learn; or take PCA"):
        umap_points({"eng_Latn": spread(0, (1, 1, 1))[0]})


def test_umap_gets_all_vectors_at_once(monkeypatch) -> None:
    asked = {}

    class Umap:
        def __init__(self, **settings: object) -> None:
            asked.update(settings)

        def fit_transform(self, vectors: np.ndarray) -> np.ndarray:
            return vectors[:, :2]

    monkeypatch.setitem(sys.modules, "umap", SimpleNamespace(UMAP=Umap))
    vectors = {"eng_Latn": spread(0, (1, 1, 1), 10)[0], "swh_Latn": spread(1, (1, 1, 1), 8)[0]}
    found = umap_points(vectors, seed=3)
    assert {lang: own.shape for lang, own in found.items()} == {"eng_Latn": (10, 2), "swh_Latn": (8, 2)}
    np.testing.assert_array_equal(found["swh_Latn"], vectors["swh_Latn"][:, :2])
    assert (asked["random_state"], asked["n_neighbors"]) == (3, 15)
    with pytest.raises(BadInput, match="more vectors than neighbours, got 18 and 20"):
        umap_points(vectors, neighbours=20)
