"""Builds the styles, scripts and icons into the package before hatchling packs it."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontendHook(BuildHookInterface[Any]):
    """Runs the asset build, unless what is there is newer than every source of it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  hatchling's signature
        """Leave ``recruiter/static/dist`` complete, or raise with what to do about it."""
        root = Path(self.root)
        manifest = root / "recruiter/static/dist/manifest.json"
        if manifest.exists() and _is_newer(manifest, root / "frontend"):
            return
        npm = shutil.which("npm")
        if npm is None:
            if manifest.exists():
                return  # a source distribution carries the built files and its times mean nothing
            msg = "recruiter/static/dist is missing: install Node.js 20 or later with npm, then build again."
            raise RuntimeError(msg)
        subprocess.run([npm, "ci", "--ignore-scripts"], cwd=root / "frontend", check=True)
        subprocess.run([npm, "run", "build"], cwd=root / "frontend", check=True)


def _is_newer(manifest: Path, sources: Path) -> bool:
    made = manifest.stat().st_mtime
    files = (path for path in sources.rglob("*") if "node_modules" not in path.parts and path.is_file())
    return all(path.stat().st_mtime <= made for path in files)
