"""What commands print."""

import json

from interlingua.cli.output import say_json, stdout_kept


def test_one_object_in_the_letters_of_its_languages(capsys) -> None:
    say_json({"own_name": "हिन्दी"})
    out = capsys.readouterr().out
    assert "हिन्दी" in out
    assert json.loads(out) == {"own_name": "हिन्दी"}


def test_chatter_goes_to_stderr(capsys) -> None:
    with stdout_kept():
        print("a library says")
    print("the result")
    assert capsys.readouterr() == ("the result\n", "a library says\n")
