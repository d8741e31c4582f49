"""Ray cluster: the right one is chosen, and what cannot be had is one clear line, at once."""

import socket
import sys

import pytest

from interlingua.core.engine import map_jobs
from interlingua.core.errors import MissingResource
from interlingua.core.ray_cluster import _address


def test_without_ray_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.setenv("RAY_ADDRESS", "local")
    with pytest.raises(MissingResource, match=r"^Ray is not installed: pip install '.\[ray\]'"):
        map_jobs(str, ["own"], engine="ray")


def test_the_cluster_is_the_one_given_else_the_one_that_runs_here_else_a_new_one(tmp_path, monkeypatch):
    monkeypatch.setenv("RAY_TMPDIR", str(tmp_path))
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    assert _address() == "local"
    (tmp_path / "ray").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = "127.0.0.1:{1}".format(*server.getsockname())
        (tmp_path / "ray" / "ray_current_cluster").write_text(address + "\n")
        assert _address() == address
        monkeypatch.setenv("RAY_ADDRESS", "ray://" + address)
        assert _address() == "ray://" + address
        monkeypatch.setenv("RAY_ADDRESS", "local")
        assert _address() == "local"
    monkeypatch.delenv("RAY_ADDRESS")
    assert _address() == "local", "a cluster that was stopped is not waited for"
    for given, why in [(address, "refused"), ("head", "HOST:PORT"), ("127.0.0.1:x", "HOST:PORT")]:
        monkeypatch.setenv("RAY_ADDRESS", given)
        with pytest.raises(
            MissingResource, match=rf"^No Ray cluster at {given} \(.*{why}.*\)\. Start it with"
        ):
            map_jobs(str, ["own"], engine="ray")
