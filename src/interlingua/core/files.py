"""Files that are either the old one or the new one, never half of it."""

import os
import secrets
from pathlib import Path

from interlingua.core.faults import translate


def write_atomic(path: Path | str, content: str | bytes) -> Path:
    """Write `content` (text as UTF-8) so that a reader, a kill or a full disk never sees half a file.

    Missing folders are made. Raises OutOfRoom on a full disk, BadInput where the place cannot be written.
    """
    path = Path(path)
    data = content.encode("utf-8") if isinstance(content, str) else content
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(draft, "xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        told = translate(error, path)
        if told is None:
            raise
        raise told from error
    return path
