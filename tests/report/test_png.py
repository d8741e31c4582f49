"""Figures as pictures: the size that the figure has, or one clear line."""

import struct
from pathlib import Path

import pytest

from interlingua.core.errors import BadInput, MissingResource
from interlingua.report import png

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" width="640" height="320">'
    '<rect width="40" height="20" fill="red"/></svg>'
)


def test_a_picture_has_two_dots_per_pixel(tmp_path: Path) -> None:
    if png.browser() is None:
        pytest.skip("no Chromium on this machine: no picture can be drawn")
    data = png.write_png(SVG, tmp_path / "deep" / "x.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    assert struct.unpack(">II", data[16:24]) == (1280, 640)


def test_without_a_browser_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(png, "browser", lambda: None)
    with pytest.raises(MissingResource, match=r"install one .*or write x\.svg instead"):
        png.write_png(SVG, tmp_path / "x.png")
    assert not list(tmp_path.iterdir())


def test_a_browser_that_draws_nothing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(png, "browser", lambda: "/bin/false")
    with pytest.raises(MissingResource, match=r"/bin/false drew no picture .* write an \.svg instead"):
        png.write_png(SVG, tmp_path / "x.png")
    with pytest.raises(BadInput, match="does not say how wide"):
        png.write_png("<svg/>", tmp_path / "x.png")
