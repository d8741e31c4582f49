"""The calls behind the commands, as `import interlingua` offers them."""

import subprocess
import sys

import pytest

import interlingua


def test_every_call_is_there_and_documented() -> None:
    calls = [name for name in dir(interlingua) if not name.startswith("_")]
    assert calls == ["align", "compare", "demo", "explain", "measure", "run_recipe"]
    assert all(getattr(interlingua, name).__doc__ for name in calls)


def test_importing_loads_no_torch() -> None:
    code = "import sys, interlingua, interlingua.cli.main; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_other_names_are_refused_as_python_does() -> None:
    with pytest.raises(AttributeError, match="no attribute 'mesure'"):
        _ = interlingua.mesure
