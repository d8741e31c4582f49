"""What columns are, told from names and values."""


def test_roles(sheet) -> None:
    texts = {
        lang: [f"{lang} question number {at} of many" for at in range(60)] for lang in ("en", "sw", "hi")
    }
    english = {lang: texts["en"] for lang in texts}
    table = sheet(
        question=texts,
        question_en=english,
        label={lang: ["a", "b"] * 30 for lang in texts},
        kind={lang: ["cause", "effect", "cause"] * 20 for lang in texts},
        equation={lang: [f"{at} + {at * 3}" for at in range(60)] for lang in texts},
        choices={lang: [["x one", "y two"]] * 60 for lang in texts},
        candidates={lang: [["x", "y"]] * 60 for lang in texts},
        url={lang: [f"https://example.org/{at}" for at in range(60)] for lang in texts},
        scores={lang: [at / 7 for at in range(60)] for lang in texts},
    )
    roles = table.roles
    assert roles.texts == ("question", "question_en", "choices") or roles.texts == ("question", "choices")
    assert roles.labels == ("label",)
    assert roles.categories == ("kind",)
    assert roles.lists == ("choices", "candidates")
    assert "equation" in roles.shared


def test_grid_and_pivot(sheet) -> None:
    table = sheet(
        ids={"sw": ["b", "c"], "en": ["a", "b", "c"]},
        text={"sw": ["mbili", "tatu"], "en": ["one", "two", "three"]},
    )
    assert table.pivot == "en"
    assert table.grid is not None
    assert table.grid.ids == ["a", "b", "c"]
    assert table.grid.rows.tolist() == [[-1, 2], [0, 3], [1, 4]]
    assert table.blocks == {"sw": range(2), "en": range(2, 5)}


def test_no_grid_without_shared_ids(sheet) -> None:
    assert (
        sheet(ids={"en": ["1", "2"], "sw": ["3", "4"]}, text={"en": ["a", "b"], "sw": ["c", "d"]}).grid
        is None
    )
