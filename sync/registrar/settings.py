"""Settings of a registrar: a TOML file, and above it variables `LIANDONG_DIRECTORY_…` of the environment."""

from pathlib import Path
from typing import Annotated

import msgspec

PREFIX = "LIANDONG_DIRECTORY_"
_Seconds = Annotated[float, msgspec.Meta(gt=0)]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """One registrar. A relative path is meant from the configuration file's folder."""

    folder: Path = Path("registry")
    """Where the registrar keeps its keys, its ledger and what it signs; readable by its owner only, and backed up.
    Example: `"/var/lib/liandong/registry"`."""
    directory: Path = Path("directory.jws")
    """Where the whole directory is written; the hub's setting `directory` names the same file.
    Example: `"/etc/liandong/directory.jws"`."""
    resign_seconds: _Seconds = 3_600.0
    """So often `liandong directory keep` signs it anew. Example: `900.0`."""
