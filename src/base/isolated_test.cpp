// Work in child processes: results, crashes, endless loops.
#include "base/isolated.hpp"

#include <csignal>
#include <stdexcept>

#include <doctest/doctest.h>

using namespace erngen;

TEST_CASE("work in a process of its own") {
  int changed = 0;
  const std::string large(1 << 20, 'x');  // more than a pipe holds
  CHECK(isolated(
            [&] {
              changed = 1;
              return large;
            },
            10) == large);
  CHECK(changed == 0);
  CHECK(isolated([] { return std::string(); }, 10) == "");
}

TEST_CASE("what crashes, throws or does not end gives nothing") {
  CHECK_FALSE(isolated(
      []() -> std::string {
        std::raise(SIGSEGV);
        return "x";
      },
      10));
  CHECK_FALSE(isolated([]() -> std::string { throw std::runtime_error("x"); }, 10));
  CHECK_FALSE(isolated(
      []() -> std::string {
        for (volatile int n = 0;;) n = 1 - n;
      },
      1));
}
