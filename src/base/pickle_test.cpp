// Pickles that Python wrote, and programmes that it would run.
#include "base/check_error.hpp"

#include "base/pickle.hpp"

using namespace erngen;
using namespace std::string_view_literals;
using Kind = PickleValue::Kind;

namespace {

Pickle read(std::string_view bytes, const std::set<std::string>& names = {}) {
  return Pickle(bytes, names, "file", "the way out");
}

}  // namespace

TEST_CASE("one value in every protocol") {
  // {"a": [1, -2, 300, 70000, 2**40, 2**70], "b": (1.5, True, None), "c": "name", "d": {1}, "e": b"xy"}
  constexpr std::string_view pickles[] = {
      "(dp0\nVa\np1\n(lp2\nI1\naI-2\naI300\naI70000\naL1099511627776L\naL1180591620717411303424L\nasVb\n"
      "p3\n(F1.5\nI01\nNtp4\nsVc\np5\nVname\np6\nsVd\np7\nc__builtin__\nset\np8\n((lp9\nI1\natp10\nRp11\n"
      "sVe\np12\nc_codecs\nencode\np13\n(Vxy\np14\nVlatin1\np15\ntp16\nRp17\ns."sv,
      "}q\x00(X\x01\x00\x00\x00"
      "aq\x01]q\x02(K\x01J\xfe\xff\xff\xffM,"
      "\x01Jp\x11\x01\x00L1099511627776L\nL1180591620717411303424L\neX\x01\x00\x00\x00"
      "bq\x03(G?\xf8\x00\x00\x00\x00\x00\x00I01\nNtq\x04X\x01\x00\x00\x00"
      "cq\x05X\x04\x00\x00\x00nameq\x06X\x01\x00\x00\x00"
      "dq\x07"
      "c__builtin__\nset\nq\x08(]q\x09K\x01"
      "atq\nRq\x0bX\x01\x00\x00\x00"
      "eq\x0c"
      "c_codecs\nencode\nq\x0d(X\x02\x00\x00\x00xyq\x0eX\x06\x00\x00\x00latin1q\x0ftq\x10Rq\x11u."sv,
      "\x80\x02}q\x00(X\x01\x00\x00\x00"
      "aq\x01]q\x02(K\x01J\xfe\xff\xff\xffM,"
      "\x01Jp\x11\x01\x00\x8a\x06\x00\x00\x00\x00\x00\x01\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00@eX\x01\x00\x00\x00"
      "bq\x03G?\xf8\x00\x00\x00\x00\x00\x00\x88N\x87q\x04X\x01\x00\x00\x00"
      "cq\x05X\x04\x00\x00\x00nameq\x06X\x01\x00\x00\x00"
      "dq\x07"
      "c__builtin__\nset\nq\x08]q\x09K\x01"
      "a\x85q\nRq\x0bX\x01\x00\x00\x00"
      "eq\x0c"
      "c_codecs\nencode\nq\x0dX\x02\x00\x00\x00xyq\x0eX\x06\x00\x00\x00latin1q\x0f\x86q\x10Rq\x11u."sv,
      "\x80\x03}q\x00(X\x01\x00\x00\x00"
      "aq\x01]q\x02(K\x01J\xfe\xff\xff\xffM,"
      "\x01Jp\x11\x01\x00\x8a\x06\x00\x00\x00\x00\x00\x01\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00@eX\x01\x00\x00\x00"
      "bq\x03G?\xf8\x00\x00\x00\x00\x00\x00\x88N\x87q\x04X\x01\x00\x00\x00"
      "cq\x05X\x04\x00\x00\x00nameq\x06X\x01\x00\x00\x00"
      "dq\x07"
      "cbuiltins\nset\nq\x08]q\x09K\x01"
      "a\x85q\nRq\x0bX\x01\x00\x00\x00"
      "eq\x0c"
      "C\x02xyq\x0du."sv,
      "\x80\x04\x95^\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x01"
      "a\x94]\x94(K\x01J\xfe\xff\xff\xffM,"
      "\x01Jp\x11\x01\x00\x8a\x06\x00\x00\x00\x00\x00\x01\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00@e\x8c\x01"
      "b\x94G?\xf8\x00\x00\x00\x00\x00\x00\x88N\x87\x94\x8c\x01"
      "c\x94\x8c\x04name\x94\x8c\x01"
      "d\x94\x8f\x94(K\x01\x90\x8c\x01"
      "e\x94"
      "C\x02xy\x94u."sv,
      "\x80\x05\x95^\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x01"
      "a\x94]\x94(K\x01J\xfe\xff\xff\xffM,"
      "\x01Jp\x11\x01\x00\x8a\x06\x00\x00\x00\x00\x00\x01\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00@e\x8c\x01"
      "b\x94G?\xf8\x00\x00\x00\x00\x00\x00\x88N\x87\x94\x8c\x01"
      "c\x94\x8c\x04name\x94\x8c\x01"
      "d\x94\x8f\x94(K\x01\x90\x8c\x01"
      "e\x94"
      "C\x02xy\x94u."sv};
  for (const std::string_view bytes : pickles) {
    CAPTURE(bytes.size());
    const Pickle pickle = read(bytes, {"__builtin__ set", "builtins set", "_codecs encode"});
    CHECK(pickle.size() == bytes.size());
    const PickleValue& root = pickle.root();
    REQUIRE(root.is(Kind::dict));
    CHECK(root.items.size() == 10);
    const auto& a = root.find("a")->items;
    REQUIRE(a.size() == 6);
    const std::int64_t expected[] = {1, -2, 300, 70000, std::int64_t{1} << 40};
    for (size_t n = 0; n < 5; ++n) {
      CHECK(a[n]->is(Kind::integer));
      CHECK(a[n]->integer == expected[n]);
    }
    CHECK(a[5]->is(Kind::other));
    const PickleValue& b = *root.find("b");
    REQUIRE(b.is(Kind::tuple));
    CHECK(b.items[0]->real == 1.5);
    CHECK(b.items[1]->is(Kind::boolean));
    CHECK(b.items[1]->integer == 1);
    CHECK(b.items[2]->is(Kind::none));
    CHECK(root.find("c")->text == "name");
    CHECK(root.find("x") == nullptr);
    for (size_t length = 0; length < bytes.size(); ++length)
      CHECK_ERROR(read(bytes.substr(0, length), {"__builtin__ set", "builtins set", "_codecs encode"}),
                  ExitCode::bad_input, "file: is a damaged pickle");
  }
}

TEST_CASE("a pickle that calls anything is refused by the name of what it calls") {
  const std::pair<std::string_view, const char*> programmes[] = {
      {"cos\nsystem\n(Vecho\ntR."sv, "os.system"},
      {"(Vecho\nios\nsystem\n."sv, "os.system"},
      {"(S'echo'\nios\nsystem\n."sv, "os.system"},
      {"(cos\nsystem\nVecho\no."sv, "os.system"},
      {"\x80\x02"
       "cposix\nsystem\nq\x00X\x04\x00\x00\x00"
       "echoq\x01\x85q\x02Rq\x03."sv,
       "posix.system"},
      {"\x80\x04\x8c\x08"
       "builtins\x94\x8c\x04"
       "eval\x94\x93\x94\x8c\x03"
       "1+1\x94\x85\x94R\x94."sv,
       "builtins.eval"},
      {"\x80\x02"
       "c__builtin__\ngetattr\nq\x00."sv,
       "__builtin__.getattr"},
      {"\x80\x02"
       "ctorch.nn.modules.linear\nLinear\nq\x00)\x81q\x01}q\x02"
       "b."sv,
       "torch.nn.modules.linear.Linear"},
      {"\x80\x02"
       "ccollections\nOrderedDict.__init__\n."sv,
       "collections.OrderedDict.__init__"},
      {"\x80\x02\x82\x01."sv, "registry"}};
  for (const auto& [bytes, name] : programmes) {
    CHECK_ERROR(read(bytes, {"collections OrderedDict"}), ExitCode::unsupported, name);
    CHECK_ERROR(read(bytes, {"collections OrderedDict"}), ExitCode::unsupported, "way out: the way out");
  }
}

TEST_CASE("damaged pickles") {
  const std::set<std::string> names{"collections OrderedDict", "m f"};
  for (const std::string_view bytes : {""sv,
                                       "."sv,
                                       "0."sv,
                                       "(."sv,
                                       "t."sv,
                                       "h\x05."sv,
                                       "N)R."sv,
                                       "cm\nf\nNR."sv,
                                       "]N)e."sv,
                                       "Na."sv,
                                       "N}b."sv,
                                       "}(Nu."sv,
                                       "I1x\n."sv,
                                       "Fx\n."sv,
                                       "S'x\n."sv,
                                       "gx\n."sv,
                                       "\xff"sv,
                                       "X\xff\xff\xff\xff."sv,
                                       "\x8e\xff\xff\xff\xff\xff\xff\xff\xff."sv,
                                       "ccollections\nOrderedDict\nN\x85R."sv,
                                       "ccollections\nOrderedDict\n]N"
                                       "a\x85R."sv})
    CHECK_ERROR(read(bytes, names), ExitCode::bad_input, "file: is a damaged pickle");
  CHECK_ERROR(read("\x80\x06N."sv), ExitCode::unsupported, "protocol 6");
}

TEST_CASE("objects are records of their making") {
  const Pickle pickle = read("cm\nf\nK\x07\x85R}b."sv, {"m f"});
  CHECK(pickle.root().is(Kind::call));
  CHECK(pickle.root().items[0]->items[0]->integer == 7);
  CHECK(kind_text(pickle.root()) == "an object made by m.f");
  // A dict of pairs, with attributes; a list that holds itself.
  const Pickle dict = read(
      "ccollections\nOrderedDict\n]]Va\naK\x01"
      "aa\x85R}b."sv,
      {"collections OrderedDict"});
  REQUIRE(dict.root().find("a"));
  CHECK(dict.root().find("a")->integer == 1);
  const Pickle cycle = read(
      "]q\x00h\x00"
      "a."sv);
  CHECK(cycle.root().items[0] == &cycle.root());
  // A list of pairs that is used again and again does not grow beyond the pickle's size.
  std::string bomb("ccollections\nOrderedDict\nq\x00]"sv);
  for (int n = 0; n < 50; ++n)
    bomb +=
        "NN\x86"
        "a";
  bomb.insert(0, "\x80\x02");
  bomb += "\x85q\x01R";
  for (int n = 0; n < 50; ++n) bomb += std::string("h\0h\1R", 5);
  CHECK_ERROR(read(bomb + ".", {"collections OrderedDict"}), ExitCode::bad_input, "more pairs than bytes");
}
