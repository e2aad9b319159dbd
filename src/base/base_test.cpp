// Random numbers, strict JSON and bit helpers.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "base/check_error.hpp"

#include <cmath>

#include "base/bits.hpp"
#include "base/json.hpp"
#include "base/random.hpp"

using namespace erngen;

TEST_CASE("xoshiro256** follows its published recurrence") {
  // An independent statement of splitmix64 seeding and of one step for seed 0. The first splitmix64 outputs
  // of seed 0 are published test values.
  const std::uint64_t s0 = 0xe220a8397b1dcdafu, s1 = 0x6e789e6aa1b965f4u;
  const std::uint64_t s2 = 0x06c45d188009454fu, s3 = 0xf88bb8a8724c81ecu;
  Rng rng(0);
  CHECK(rng.next() == std::rotl(s1 * 5, 7) * 9);
  const std::uint64_t next_s1 = s1 ^ s2 ^ s0;
  CHECK(rng.next() == std::rotl(next_s1 * 5, 7) * 9);
  (void)s3;
}

TEST_CASE("random draws have the promised ranges and moments") {
  Rng rng(7);
  double sum = 0, squares = 0, uniform_sum = 0;
  const int draws = 100000;
  std::array<int, 7> bins{};
  for (int n = 0; n < draws; ++n) {
    const double x = rng.normal();
    sum += x;
    squares += x * x;
    const double u = rng.uniform();
    REQUIRE(u >= 0);
    REQUIRE(u < 1);
    uniform_sum += u;
    ++bins[rng.below(7)];
    const auto integer = rng.between(-3, 3);
    REQUIRE(integer >= -3);
    REQUIRE(integer <= 3);
  }
  CHECK(std::fabs(sum / draws) < 0.015);
  CHECK(std::fabs(squares / draws - 1) < 0.02);
  CHECK(std::fabs(uniform_sum / draws - 0.5) < 0.005);
  for (const int count : bins) CHECK(std::abs(count - draws / 7) < 600);
}

TEST_CASE("a seed gives the same draws again, another seed others") {
  Rng a(1), b(1), c(2);
  for (int n = 0; n < 100; ++n) CHECK(a.next() == b.next());
  CHECK(a.next() != c.next());
}

TEST_CASE("strict JSON keeps the order and refuses what is ambiguous") {
  const Json json = parse_json(R"({"b": 1, "a": {"x": [1, 2.5]}})", "test");
  CHECK(json.dump() == R"({"b":1,"a":{"x":[1,2.5]}})");
  CHECK_ERROR(parse_json(R"({"a": 1, "a": 2})", "net"), ExitCode::bad_input, "net: the key 'a' occurs twice");
  CHECK_ERROR(parse_json(R"([{"a": {"b": 1, "c": 2, "b": 3}}])", "net"), ExitCode::bad_input, "'b' occurs twice");
  CHECK_NOTHROW(parse_json(R"([{"a": 1}, {"a": 1}])", "net"));
  CHECK_ERROR(parse_json("{", "net"), ExitCode::bad_input, "not valid JSON");
  CHECK_ERROR(parse_json("", "net"), ExitCode::bad_input, "not valid JSON");
  CHECK_ERROR(parse_json("{} x", "net"), ExitCode::bad_input, "not valid JSON");
  CHECK_ERROR(parse_json("\"\xff\"", "net"), ExitCode::bad_input, "not valid JSON");
  CHECK_ERROR(parse_json(std::string(100000, '['), "net"), ExitCode::bad_input, "nested deeper");
  CHECK_ERROR(require_known_keys(json, {"a"}, "net"), ExitCode::bad_input, "unknown key 'b'");
}

TEST_CASE("bit helpers") {
  CHECK(is_power_of_two(1));
  CHECK(is_power_of_two(64));
  CHECK_FALSE(is_power_of_two(0));
  CHECK_FALSE(is_power_of_two(-8));
  CHECK_FALSE(is_power_of_two(12));
  CHECK(ceil_div(153, 8) == 20);
  CHECK(ceil_log2(1) == 0);
  CHECK(ceil_log2(5) == 3);
  CHECK(ceil_log2(8) == 3);
  CHECK(log2_exact(64) == 6);
}
