"""Ledger: rows come back as they went in, and survive kills, full disks and other writers."""

import sqlite3
from dataclasses import fields, replace

import numpy as np
import pytest

from interlingua.core.errors import RunFolderError, UnknownName
from interlingua.core.ledger import Ledger
from interlingua.core.rows import Row

ROW = Row(
    model="base", task="topic", split="test", id="7", group="g7", cluster="c7", lang="qab_Cyrl",
    mode="restate", prediction=1, gold=0, scores=(-0.125, -3.5, float("-inf")),
    question="о чём это? 'да'\n", options=("a", "б", "ค"), tokens=31, seed=2,
    extra={"restated": "what is this about?", "word_accuracy": 0.25},
)  # fmt: skip

MAKE_ROWS = """
import sys
from interlingua.core.ledger import Ledger
from interlingua.core.rows import Row

def row(number):
    return Row(model="base", task="topic", split="test", id=str(number), group="g", cluster="c",
               lang="qaa_Latn", mode="direct", prediction=0, gold=0, scores=(0.0,), question="?" * 500,
               options=("a",))
"""


@pytest.fixture(params=["file", "memory"])
def ledger(request, tmp_path):
    with Ledger(tmp_path / "ledger.sqlite" if request.param == "file" else None) as opened:
        yield opened


def rows_of(*changes):
    return [replace(ROW, **change) for change in changes]


def test_a_row_comes_back_as_it_was(ledger):
    ledger.put("k", ROW)
    assert ledger.get_many(["k", "unknown"]) == {"k": ROW}
    assert ledger.rows() == [ROW]
    assert isinstance(ledger.rows()[0].options, tuple)


def test_numpy_numbers_are_stored_as_numbers(ledger):
    row = replace(
        ROW, prediction=np.int64(1), scores=tuple(np.float32([-0.125, -3.5])), extra={"w": np.float32(0.25)}
    )
    ledger.put("k", row)
    assert ledger.rows(prediction=1) == [replace(ROW, scores=(-0.125, -3.5), extra={"w": 0.25})]


def test_a_key_put_twice_keeps_the_later_row(ledger):
    ledger.put("k", ROW)
    ledger.put("k", replace(ROW, prediction=0))
    assert len(ledger) == 1
    assert ledger.get_many(["k"])["k"].prediction == 0


def test_many_keys_at_once(ledger):
    rows = rows_of(*({"id": str(number)} for number in range(1234)))
    ledger.put_many((f"key {row.id}", row) for row in rows)
    keys = [f"key {number}" for number in range(1300)] * 2
    assert ledger.get_many(keys) == {f"key {row.id}": row for row in rows}
    assert ledger.get_many([]) == {}


def test_filters_take_one_value_or_several_and_any_column(ledger):
    a, b, c = rows_of({"lang": "qaa_Latn"}, {"model": "tuned"}, {"lang": "qac_Thai", "seed": 5})
    ledger.put_many([("a", a), ("b", b), ("c", c)])
    assert ledger.rows(lang=["qaa_Latn", "qac_Thai"]) == [a, c]
    assert ledger.rows(arm="tuned") == ledger.rows(model="tuned") == [b]
    assert ledger.rows(lang="qac_Thai", seed=5, group="g7") == [c]
    assert ledger.rows(lang=[]) == ledger.rows(lang="qac_Thai", seed=2) == []
    with pytest.raises(UnknownName, match=r"No column called 'langs'\. Did you mean lang\?"):
        ledger.rows(langs="qaa_Latn")


def test_order_does_not_depend_on_who_wrote_first(ledger):
    rows = rows_of({"id": "1"}, {"id": "2"}, {"id": "2", "lang": "qaa_Latn"}, {"task": "a"})
    ledger.put_many((str(number), row) for number, row in enumerate(rows))
    first = ledger.rows()
    ledger.clear()
    assert len(ledger) == 0
    ledger.put_many((str(number), row) for number, row in reversed(list(enumerate(rows))))
    assert ledger.rows() == first


def test_rows_come_with_their_keys_too(ledger):
    a, b = rows_of({"lang": "qaa_Latn"}, {"lang": "qac_Thai"})
    ledger.put_many([("kb", b), ("ka", a)])
    assert ledger.items() == [("ka", a), ("kb", b)]
    assert ledger.items(lang="qac_Thai") == [("kb", b)]


def test_ledgers_of_shards_end_in_one(tmp_path):
    paths, rows = (
        [tmp_path / name for name in "abc"],
        rows_of(*({"id": str(number)} for number in range(1500))),
    )
    for start, path in enumerate(paths):
        with Ledger(path) as shard:
            shard.put_many((f"key {row.id}", row) for row in rows[start::3])
    with Ledger(tmp_path / "whole") as one, Ledger(tmp_path / "merged") as merged:
        one.put_many((f"key {row.id}", row) for row in rows)
        assert [merged.merge(path) for path in paths] == [500, 500, 500]
        assert merged.items() == one.items()
        assert [merged.merge(path) for path in paths] == [0, 0, 0], "a shard merged twice changes nothing"
        assert merged.items() == one.items()


def test_a_merged_row_that_is_known_stays_as_it_is(ledger):
    ledger.put("k", ROW)
    rounded = replace(ROW, scores=(-0.12501, -3.5, float("-inf")), tokens=99)
    assert ledger.merge([("k", rounded), ("new", ROW), ("new", rounded)]) == 1
    assert dict(ledger.items()) == {"k": ROW, "new": ROW}


def test_another_content_under_one_key_is_refused_and_nothing_is_merged(ledger):
    ledger.put("k", ROW)
    other = replace(ROW, prediction=0)
    told = r"another row for item 7 of topic in qab_Cyrl: prediction is 1, not 0\. Use another run folder\.$"
    for arrived in ([("new", ROW), ("k", other)], [("new", ROW), ("new", other)]):
        with pytest.raises(RunFolderError, match=told):
            ledger.merge(arrived)
        assert ledger.items() == [("k", ROW)]


def test_a_ledger_that_is_not_there_is_not_made(tmp_path, ledger):
    with pytest.raises(RunFolderError, match=r"There is no ledger at .*shard\.sqlite to merge"):
        ledger.merge(tmp_path / "shard.sqlite")
    assert not (tmp_path / "shard.sqlite").exists()


def test_a_failing_iterable_keeps_nothing_and_leaves_the_ledger_usable(ledger):
    def half():
        yield "a", ROW
        raise KeyError("scoring broke")

    with pytest.raises(KeyError):
        ledger.put_many(half())
    assert len(ledger) == 0
    ledger.put("a", ROW)
    assert len(ledger) == 1


def test_the_file_can_be_queried_with_sql(tmp_path):
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.put("k", ROW)
    with sqlite3.connect(tmp_path / "ledger.sqlite") as other:
        query = "SELECT arm, lang, prediction = gold, json_extract(extra, '$.word_accuracy') FROM rows"
        assert other.execute(query).fetchall() == [("base", "qab_Cyrl", 0, 0.25)]
        columns = {name for _, name, *_ in other.execute("PRAGMA table_info(rows)")}
    other.close()
    assert columns == {field.name for field in fields(Row)} | {"key"}


def test_kill_9_loses_no_committed_row(tmp_path, start):
    path = tmp_path / "ledger.sqlite"
    code = """
ledger = Ledger(sys.argv[1])
for number in range(10**9):
    ledger.put(str(number), row(number))
    print(number, flush=True)
"""
    writer = start(MAKE_ROWS + code, path)
    for _ in range(50):
        assert writer.stdout.readline()
    writer.kill()
    committed = 50 + writer.stdout.read().count("\n")
    with Ledger(path) as ledger:
        assert len(ledger.get_many(map(str, range(committed)))) == committed
        assert committed <= len(ledger) <= committed + 1


def test_several_processes_write_to_one_new_file(tmp_path, start):
    path = tmp_path / "ledger.sqlite"
    code = """
sys.stdin.readline()
for number in range(60):
    with Ledger(sys.argv[1]) as ledger:
        ledger.put_many([(f"{sys.argv[2]} {number}", row(number)), (f"shared {number}", row(number))])
"""
    writers = [start(MAKE_ROWS + code, path, name) for name in "abcd"]
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        _, told = writer.communicate(timeout=120)
        assert writer.returncode == 0, told
    with Ledger(path) as ledger:
        assert len(ledger) == 5 * 60


def test_kill_9_of_one_writer_leaves_the_other_at_work(tmp_path, start):
    path = tmp_path / "ledger.sqlite"
    code = """
ledger = Ledger(sys.argv[1])
for number in range(10**9):
    ledger.put_many((f"{sys.argv[2]} {number} {part}", row(number)) for part in range(20))
    print(number, flush=True)
"""
    dies, stays = (start(MAKE_ROWS + code, path, name) for name in ("dies", "stays"))
    for _ in range(20):
        assert dies.stdout.readline()
        assert stays.stdout.readline()
    dies.kill()
    committed = {"dies": 20 + dies.stdout.read().count("\n")}
    dies.wait(timeout=60)
    for _ in range(20):
        assert stays.stdout.readline(), "the other writer stopped"
    stays.kill()
    committed["stays"] = 40 + stays.stdout.read().count("\n")
    with Ledger(path) as ledger:
        keys = [key for key, _ in ledger.items()]
        for name, batches in committed.items():
            done = {int(key.split()[1]) for key in keys if key.startswith(name)}
            assert done >= set(range(batches)), "a row that was told to be on disk is lost"
            assert sum(key.startswith(name) for key in keys) == 20 * len(done), "half a batch"
            assert len(done) <= batches + 1
        ledger.put("after", ROW)


def test_a_full_disk_is_told_and_keeps_what_was_committed(tmp_path, run):
    path = tmp_path / "ledger.sqlite"
    code = """
import resource
from interlingua.core.errors import OutOfRoom
ledger = Ledger(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    for number in range(10_000):
        ledger.put(str(number), row(number))
except OutOfRoom as error:
    print(number, error)
"""
    committed, _, told = run(MAKE_ROWS + code, path).partition(" ")
    assert told.startswith(f"No disk space left for {path}.")
    with Ledger(path) as ledger:
        assert len(ledger) == int(committed) > 5
        ledger.put("after room was made", ROW)


@pytest.mark.parametrize("damage", ["text", "header", "pages", "another database", "another version"])
def test_a_damaged_ledger_is_one_clear_line(tmp_path, damage):
    path = tmp_path / "ledger.sqlite"
    with Ledger(path) as ledger:
        ledger.put_many((str(number), ROW) for number in range(200))
    content = bytearray(path.read_bytes())
    if damage == "text":
        path.write_text("not a database, but long enough to be taken for one" * 100)
    elif damage == "header":
        path.write_bytes(b"\x00" * 4096 + content[4096:])
    elif damage == "pages":
        path.write_bytes(content[:4096] + b"\xff" * 20_000 + content[24_096:])
    else:
        path.unlink()
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE rows (x)")
            other.execute(f"PRAGMA user_version = {9 if damage == 'another version' else 0}")
        other.close()
    with pytest.raises(RunFolderError, match=r"ledger\.sqlite is (damaged|no ledger)") as error:
        Ledger(path)
    assert "\n" not in str(error.value)


def test_a_place_that_cannot_hold_a_file_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RunFolderError, match=r"Cannot write .*file/ledger\.sqlite"):
        Ledger(tmp_path / "file" / "ledger.sqlite")
    with pytest.raises(RunFolderError, match="Cannot write"):
        Ledger(tmp_path)


def test_a_writer_that_waits_too_long_says_who_holds_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr("interlingua.core.ledger._PATIENCE", 0.01)
    path = tmp_path / "ledger.sqlite"
    with Ledger(path) as ledger:
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(RunFolderError, match="Another process holds"):
            ledger.put("k", ROW)
        holder.execute("ROLLBACK")
        holder.close()
        ledger.put("k", ROW)
        assert len(ledger) == 1
