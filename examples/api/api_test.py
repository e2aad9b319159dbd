#!/usr/bin/env python3
"""The installed library alone: installs into an empty directory, builds examples/api against it - by pkg-config with the shared and the
static library, and by CMake where there is one - and runs it. api_test.py BUILD_DIRECTORY MESON ERNGEN"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILD, MESON, ERNGEN = sys.argv[1], sys.argv[2:-1], sys.argv[-1]
HERE = pathlib.Path(__file__).resolve().parent


def run(*command, cwd=None, **variables):
    done = subprocess.run([str(c) for c in command], cwd=cwd, capture_output=True, text=True, env={**os.environ, **variables})
    assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = pathlib.Path(cls.folder.name)
        run(*MESON, "install", "-C", BUILD, "--no-rebuild", "--destdir", cls.path / "stage", "--quiet")
        cls.prefix = next((cls.path / "stage").rglob("include/erngen")).parent.parent
        cls.libraries = next(cls.prefix.rglob("erngen.pc")).parent.parent
        package = cls.libraries / "pkgconfig/erngen.pc"  # as if the stage were where it was to be installed
        package.write_text("".join(f"prefix={cls.prefix}\n" if line.startswith("prefix=") else line
                                   for line in package.read_text().splitlines(keepends=True)))
        # The example reads nothing of the checkout: it is built from a copy, with the checkout out of sight.
        shutil.copytree(HERE, cls.path / "api")
        run(ERNGEN, "new", "--cell", "gru", "--input", "5", "--hidden", "16", "--dense", "3", "--block", "4", "-o", cls.path / "a.net")
        header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (20, 5), }"
        header += b" " * ((-len(header) - 11) % 64) + b"\n"
        values = b"".join(int(n * 37 % 256 << 16 | 0x3f000000).to_bytes(4, "little") for n in range(100))
        (cls.path / "x.npy").write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + values)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def check(self, program, name):
        said = run(program, "a.net", "x.npy", name, cwd=self.path, LD_LIBRARY_PATH=str(self.libraries))
        self.assertIn("60 words compared, 0 mismatches", said)
        self.assertEqual(len(list((self.path / name / "rtl").glob("*_lane.v"))), 1)
        wrong = subprocess.run([program, "none.net", "x.npy", name], cwd=self.path, capture_output=True, text=True,
                               env={**os.environ, "LD_LIBRARY_PATH": str(self.libraries)})
        self.assertEqual(wrong.returncode, 3)
        self.assertIn("none.net", wrong.stderr)

    def pkg_config(self, *arguments):
        return run("pkg-config", *arguments, "erngen", PKG_CONFIG_PATH=str(self.libraries / "pkgconfig")).split()

    def compile(self, *libraries):
        compiler = os.environ.get("CXX", "c++").split()
        run(*compiler, self.path / "api/design.cpp", *self.pkg_config("--cflags"), *libraries, "-o", self.path / "design")
        return self.path / "design"

    def test_shared_library_by_pkg_config(self):
        self.check(self.compile(*self.pkg_config("--libs")), "shared")

    def test_static_library(self):
        external = [flag for flag in self.pkg_config("--libs", "--static") if flag != "-lerngen"]
        self.check(self.compile(self.libraries / "liberngen.a", *external), "static")

    @unittest.skipUnless(shutil.which("cmake"), "cmake is not installed")
    def test_cmake_package(self):
        run("cmake", "-S", self.path / "api", "-B", self.path / "made", f"-DCMAKE_PREFIX_PATH={self.prefix}")
        run("cmake", "--build", self.path / "made")
        self.check(self.path / "made/design", "cmake")

    def test_the_shared_library_shows_nothing_else(self):
        names = run("nm", "-DC", "--defined-only", next(self.libraries.glob("liberngen.so.*.*.*")))
        shown = [line for line in names.splitlines() if "fmt::" in line or "nlohmann" in line]
        self.assertEqual(shown, [])

    def test_public_headers_have_no_json(self):
        for header in (self.prefix / "include/erngen").iterdir():
            self.assertNotIn("nlohmann", header.read_text(), header)

    def test_templates_are_in_share(self):
        self.assertTrue((self.prefix / "share/erngen/templates/ern_lane.v").exists())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
