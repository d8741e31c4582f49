"""What every test gets: no network, one thread, a user cache of its own, and the shared real data."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

# Read once, when torch and huggingface_hub are imported: hence here, before any test module.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ.setdefault("OMP_NUM_THREADS", "1")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session", autouse=True)
def user_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The user's own cache is never read or written; one folder serves the whole session."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INTERLINGUA_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real multilingual data that lies beside the checkout, not in it."""
    if not SHARED_DATA.is_dir():
        pytest.skip("needs ../shared/data beside the checkout, which is not here")
    return SHARED_DATA
