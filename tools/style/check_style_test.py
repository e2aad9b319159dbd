#!/usr/bin/env python3
# Every rule of check_style.py must be able to fail: python3 check_style_test.py
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True  # leave no cache in the source tree
import check_links  # noqa: E402
import check_style  # noqa: E402

GOOD_HEADER = "// What it is.\n#pragma once\n"
GOOD_TEMPLATE = """// ern_x: nothing.
//
// Purpose:    none.
// Parameters: none.
// Latency:    0.
// Rounding:   none.
// Overflow:   none.
`default_nettype none
module ern_x (
    input  wire       clk,
    input  wire [3:0] data_i,
    output wire [3:0] data_o
);
  genvar n;
  generate
    for (n = 0; n < 4; n = n + 1) begin : g_bit
      assign data_o[n] = data_i[n];
    end
  endgenerate
endmodule
`default_nettype wire
"""


class Rules(unittest.TestCase):
    def check(self, files):
        """The problems of a tree of these files, one string."""
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                path = pathlib.Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text if isinstance(text, bytes) else text.encode())
            return "\n".join(check_style.check_tree(pathlib.Path(folder))[0])

    def accepts(self, name, text):
        self.assertEqual(self.check({name: text}), "")

    def refuses(self, rule, name, text):
        self.assertIn(rule, self.check({name: text}))

    def test_good_files(self):
        self.accepts("src/base/a.hpp", GOOD_HEADER)
        self.accepts("templates/ern_x.v", GOOD_TEMPLATE)
        self.accepts("src/rtl/a.hpp", GOOD_HEADER + '#include "ops/graph.hpp"\n#include "rtl/b.hpp"\n#include "base/c.hpp"\n')
        self.accepts("src/cli/a.hpp", GOOD_HEADER + '#include "speech/a.hpp"\nvoid f() { printf("x"); }\n')
        self.accepts("src/network/a_test.cpp", '// A test.\n#include "circulant/a.hpp"\n')
        self.accepts("src/base/a.hpp", GOOD_HEADER + 'const char* makefile = R"(all:\n\techo\n)";\n')
        self.accepts("src/base/a.hpp", GOOD_HEADER + "int n = snprintf(a, b); // printf( in a comment\n")

    def test_layers(self):
        rule = "layers point downwards"
        for name, include in {"base": "fixed", "network": "circulant", "import": "circulant", "cell": "rtl", "plan": "cli",
                              "rtl": "simulate", "simulate": "train", "speech": "circulant", "rtl2": "speech"}.items():
            library = name.rstrip("2")
            self.refuses(rule, f"src/{library}/a.hpp", GOOD_HEADER + f'#include "{include}/x.hpp"\n')
        self.refuses("must not compute with", "src/rtl/a.hpp", GOOD_HEADER + '#include "cell/fixed_model.hpp"\n')
        self.refuses("has no place in the layers", "src/novelty/a.hpp", GOOD_HEADER)
        self.refuses("relative to src", "src/base/a.hpp", GOOD_HEADER + '#include "b.hpp"\n')
        self.refuses("is for tests", "src/base/a.hpp", GOOD_HEADER + '#include "base/test_directory.hpp"\n')
        two = {"src/base/a.hpp": GOOD_HEADER, "src/base/a.cpp": '#include <vector>\n#include "base/b.hpp"\n'}
        self.assertIn("own header first", self.check(two))

    def test_top_level(self):
        self.refuses("does not belong at the top level", "cell_0.hex", "00\n")
        self.refuses("does not belong at the top level", "scratch/a.py", "pass\n")
        self.accepts("tools/a.sh", "#!/bin/sh\nset -eu\n")

    def test_cpp(self):
        self.refuses("must begin with a comment", "src/base/a.hpp", "#pragma once\n")
        self.refuses("must begin with a comment", "src/base/a.cpp", "int x;\n")
        self.refuses("#pragma once", "src/base/a.hpp", "// What it is.\n")
        self.refuses("using namespace std", "src/base/a.hpp", GOOD_HEADER + "using namespace std;\n")
        for loud in ['std::cout << 1;', 'printf("x");', 'fmt::print("x");', "std::exit(1);", "abort();", "#include <iostream>"]:
            self.refuses("never prints", "src/base/a.hpp", GOOD_HEADER + loud + "\n")
        for unsteady in ["std::normal_distribution<> d;", "std::unordered_map<int, int> m;", "time(nullptr);", "int x = rand();"]:
            self.refuses("may differ", "src/base/a.hpp", GOOD_HEADER + unsteady + "\n")

    def test_text(self):
        self.refuses("trailing whitespace", "docs/a.md", "x \n")
        self.refuses("exactly one newline", "docs/a.md", "x")
        self.refuses("exactly one newline", "docs/a.md", "x\n\n")
        self.refuses("tab", "tools/a.py", "\tx\n")
        self.refuses("carriage", "docs/a.md", "x\r\n")
        self.refuses("UTF-8", "docs/a.md", b"\xff\n")
        self.refuses("one machine", "docs/a.md", "see /" + "home/me/x\n")
        self.refuses("columns", "tools/a.py", "#" * 151 + "\n")
        self.refuses("split it", "tools/a.py", "#\n" * 601)
        self.assertIn("no files", self.check({}))  # nothing checked is not success

    def test_templates(self):
        self.refuses("exactly one module", "templates/ern_y.v", GOOD_TEMPLATE)
        self.refuses("without Rounding", "templates/ern_x.v", GOOD_TEMPLATE.replace("Rounding", "Wrongness"))
        self.refuses("default_nettype", "templates/ern_x.v", GOOD_TEMPLATE.replace("`default_nettype wire\n", ""))
        self.refuses("must end in _i", "templates/ern_x.v", GOOD_TEMPLATE.replace("data_i", "data"))
        self.refuses("must end in _o", "templates/ern_x.v", GOOD_TEMPLATE.replace("data_o", "data"))
        self.refuses("without a name", "templates/ern_x.v", GOOD_TEMPLATE.replace(" : g_bit", ""))


class Links(unittest.TestCase):
    def problems(self, text):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder).resolve()
            (root / "docs").mkdir()
            (root / "README.md").write_text("# A tool\n\n## Your own `model`\n\n[page](docs/page.md)\n")
            (root / "docs/page.md").write_text(text)
            return check_links.problems(root)

    def test_links(self):
        good = "# Page\n[top](../README.md#your-own-model) [here](#page) [out](https://example.org/x#y)\n```\n[x](none.md)\n```\n"
        self.assertEqual(self.problems(good), [])
        self.assertEqual(self.problems("`docs/page.md`, `sh tools/none.sh 60`"), ["docs/page.md:1: tools/none.sh is not there"])
        self.assertEqual(self.problems("a\n[x](none.md)\n"), ["docs/page.md:2: none.md leads nowhere"])
        self.assertEqual(self.problems("[x](../README.md#my-model)"), ["docs/page.md:1: ../README.md#my-model: there is no such heading"])


if __name__ == "__main__":
    unittest.main()
