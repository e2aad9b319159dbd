// Phase I's decisions, ledger, bounds and charts, with trainings that are made up.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <fstream>
#include <map>

#include "base/check_error.hpp"
#include "base/test_directory.hpp"
#include "cli/phase1_bounds.hpp"
#include "cli/phase1_jobs.hpp"
#include "cli/phase1_ledger.hpp"
#include "cli/phase1_search.hpp"
#include "cli/svg_chart.hpp"
#include "cli/training_plot.hpp"

using namespace erngen;
using namespace erngen::cli;

namespace {

/// A world in which error and cycles are functions of the candidate; counts trainings.
struct World {
  std::map<int, double> lstm{{1, 0.10}, {4, 0.101}, {8, 0.103}, {16, 0.108}, {32, 0.13}};
  double gru_more = 0.001, outer_more = 0.001;
  double gru_cycles = 0.8, outer_cycles = 0.9;
  int trainings = 0;

  Trial operator()(const Variant& c) {
    ++trainings;
    Trial t{c, lstm.at(c.block) + (c.cell == CellKind::gru ? gru_more : 0) + (c.outer != c.block ? outer_more : 0), {}};
    if (c.block > 1)
      t.cycles =
          1000.0 / c.block * (c.cell == CellKind::gru ? gru_cycles : 1) * (c.outer != c.block ? outer_cycles : 1);
    return t;
  }
};

Phase1Result search(World& world, double loss, int most = 5, std::optional<double> error = {}) {
  Requirement r;
  r.loss = loss;
  r.error = error;
  return search_phase1({4, 8, 16, 32}, r, most, [&](const Variant& c) { return world(c); });
}

std::string chosen(const Phase1Result& r) { return r.chosen ? r.trials[*r.chosen].candidate.name() : ""; }

}  // namespace

TEST_CASE("the largest block size that meets the requirement, then a GRU, then larger outer blocks") {
  World world;
  const Phase1Result r = search(world, 0.006, 6);
  CHECK(chosen(r) == "GRU k=8, input and output 16");
  CHECK(world.trainings == 5);  // dense, 16, 8, GRU 8, outer
  CHECK(r.trials[1].candidate.block == 16);
  CHECK(r.trials.back().candidate.start() == std::optional<Variant>(Variant{CellKind::gru, 8, 8}));
  CHECK(r.reasons.size() == 5);
}

TEST_CASE("every limit between the errors chooses the block size below it") {
  for (const auto& [loss, block] : std::map<double, int>{{0.0011, 4}, {0.0031, 8}, {0.0081, 16}, {0.0301, 32}}) {
    World world;
    world.gru_more = world.outer_more = 1;
    const Phase1Result r = search(world, loss, 10);
    REQUIRE(r.chosen);
    CHECK(r.trials[*r.chosen].candidate == Variant{CellKind::lstm, block, block});
    CHECK(r.limit == doctest::Approx(0.1 + loss));
  }
}

TEST_CASE("a slower GRU and slower outer blocks are not taken") {
  World world;
  world.gru_cycles = 1.2;
  world.outer_cycles = 1.0;
  CHECK(chosen(search(world, 0.02, 9)) == "LSTM k=16");
}

TEST_CASE("the number of trainings is kept, and what is left out is said") {
  World world;
  const Phase1Result r = search(world, 0.006, 3);
  CHECK(world.trainings == 3);
  CHECK(chosen(r) == "LSTM k=8");
  CHECK(r.reasons.back().find("is not tried: 3 trainings are done") != std::string::npos);
}

TEST_CASE("a requirement that nothing meets: the best is shown") {
  World world;
  Phase1Result r = search(world, 0, 9, 0.05);
  CHECK(!r.chosen);
  CHECK(world.trainings == 1);  // not even the dense network: no more trainings
  CHECK(r.trials[r.best].candidate == Variant{});
  World second;
  r = search(second, 0, 9, 0.1005);  // the dense network does, none of the others
  CHECK(!r.chosen);
  CHECK(r.trials[r.best].candidate == Variant{CellKind::lstm, 4, 4});
}

TEST_CASE("the bounds: what fits the block RAM, and where multiplications stop falling") {
  NetworkShape shape;
  shape.input = 153;
  shape.hidden = 1024;
  shape.dense = 24;
  const Bounds large = block_bounds(shape, 12, {"part", Family::series7, 2760, 1080, 331680, 663360});
  CHECK(large.table.size() == 7);
  CHECK(!large.table[0].fits);  // 4.8 million weights of 12 bits are 1568 block RAMs
  CHECK(large.table[0].weight_bram36 == doctest::Approx((4.0 * 1024 * (153 + 1024) + 24 * 1024) * 12 / 36864));
  CHECK(large.blocks.front() == 2);
  for (size_t n = 1; n < large.table.size(); ++n) {
    const double more = static_cast<double>(large.table[n - 1].multiplications),
                 fewer = static_cast<double>(large.table[n].multiplications);
    CHECK(large.table[n].gain == doctest::Approx(more / fewer));
  }
  shape.hidden = 64;
  shape.input = 39;
  const Bounds small = block_bounds(shape, 12, {"part", Family::series7, 2760, 1080, 331680, 663360});
  CHECK(small.table[0].fits);
  CHECK(small.blocks.back() < large.blocks.back() + 1);
  CHECK_ERROR(block_bounds(shape, 12, {"none", Family::series7, 10, 0.01, 1000, 1000}), ExitCode::capacity,
              "block RAMs");
}

TEST_CASE("trainings side by side lead to the same search, in fewer rounds") {
  const std::vector<int> blocks{4, 8, 16, 32};
  for (const double loss : {0.0, 0.0011, 0.0031, 0.006, 0.02, 0.1})
    for (const int most : {2, 3, 5, 9}) {
      World world, serial;
      Requirement requirement;
      requirement.loss = loss;
      const Phase1Result expected = search(serial, loss, most);
      for (const size_t count : {1, 2, 4, 64}) {
        std::map<Variant, Trial> done;
        const auto known = [&](const Variant& c) {
          const auto place = done.find(c);
          return place == done.end() ? std::nullopt : std::optional(place->second);
        };
        int rounds = 0;
        for (std::vector<Variant> next;; ++rounds) {
          next = next_trainings(blocks, requirement, most, known, count);
          if (next.empty()) break;
          CHECK(next.size() <= count);
          for (const Variant& c : next) {
            CHECK(!known(c));
            if (c.start()) CHECK(known(*c.start()));
          }
          for (const Variant& c : next) done.emplace(c, world(c));
        }
        const Phase1Result r = search_phase1(blocks, requirement, most, [&](const Variant& c) { return *known(c); });
        CHECK(r.reasons == expected.reasons);
        CHECK(chosen(r) == chosen(expected));
        CHECK(rounds <= static_cast<int>(expected.trials.size()));
        if (count == 1) CHECK(done.size() == expected.trials.size());
        if (count == 64 && expected.trials.size() == 5) CHECK(rounds <= 3);  // dense LSTM and GRUs, LSTMs, outer blocks
      }
    }
}

TEST_CASE("two block sizes and the other cell are trained at once") {
  std::map<Variant, Trial> done;
  const auto known = [&](const Variant& c) {
    const auto place = done.find(c);
    return place == done.end() ? std::nullopt : std::optional(place->second);
  };
  const auto names = [&](size_t count) {
    std::string text;
    for (const Variant& c : next_trainings({4, 8, 16, 32}, {}, 5, known, count)) text += c.name() + "; ";
    return text;
  };
  CHECK(names(1) == "LSTM dense; ");
  CHECK(names(2) == "LSTM dense; GRU k=32; ");  // all others start from the dense LSTM
  done.emplace(Variant{}, Trial{{}, 0.1, {}});
  CHECK(names(3) == "LSTM k=16; LSTM k=32; LSTM k=8; ");
  done.emplace(Variant{CellKind::lstm, 16, 16}, Trial{{CellKind::lstm, 16, 16}, 0.1, 60.0});
  CHECK(names(2) == "LSTM k=32; GRU k=32; ");
  CHECK(variant_of("GRU k=8, input and output 16") == Variant{CellKind::gru, 8, 16});
  CHECK_ERROR(variant_of("GRU k=3"), ExitCode::usage, "no candidate is called 'GRU k=3'");
}

TEST_CASE("places of jobs") {
  CHECK(job_place("local:3").count == 3);
  CHECK(job_place("slurm").kind == JobPlace::Kind::slurm);
  CHECK(job_place("slurm:16").count == 16);
  for (const char* text :
       {"", "local", "local:", "local:0", "local:257", "local:2x", "local:-1", "pbs:2", "slurm:", "here"})
    CHECK_ERROR(job_place(text), ExitCode::usage, "give local:N or slurm:N");
}

TEST_CASE("the ledger survives, and knows only what is there") {
  const TestDirectory directory;
  {
    const Ledger ledger(directory.path(), Ledger::Use::search);
    CHECK(!ledger.find("a", "a.net"));
    std::ofstream(directory / "a.net") << "network";
    const Ledger part(directory.path(), Ledger::Use::training);  // beside the search
    part.add({"a", "LSTM dense", 0.25, "a.net"});
    part.add({"b", "LSTM k=8", 0.5, "b.net"});
    CHECK(ledger.find("a", "a.net")->error == 0.25);
    CHECK_ERROR(Ledger(directory.path(), Ledger::Use::search), ExitCode::output, "another erngen is at work in it");
  }
  {
    const Ledger again(directory.path(), Ledger::Use::search);
    CHECK(again.find("a", "a.net")->error == 0.25);
    CHECK(!again.find("b", "b.net"));  // its network is gone
    CHECK(!again.find("c", "a.net"));  // another training has taken the place
    again.write({*again.find("a", "a.net")});
  }
  std::filesystem::remove(directory / "a.training.json");
  CHECK(Ledger(directory.path(), Ledger::Use::search).find("a", "a.net")->name == "LSTM dense");  // from the list
  std::ofstream(directory / "a.training.json") << "{\"key\": \"a\"}";
  CHECK_ERROR(Ledger(directory.path(), Ledger::Use::search).find("a", "a.net"), ExitCode::bad_input, "a.training.json");
  const auto open = [&] { return Ledger(directory.path(), Ledger::Use::search); };
  std::ofstream(directory / "ledger.json") << "{\"format\": \"erngen-ledger\", \"trainings\": [{\"key\": \"a\"}]}";
  CHECK_ERROR(open(), ExitCode::bad_input, "ledger.json");
  std::ofstream(directory / "ledger.json") << "{}";
  CHECK_ERROR(open(), ExitCode::bad_input, "is not a ledger");
}

TEST_CASE("charts hold their points and titles") {
  Chart chart{"cycles", "error <%>", {{"", {{100, 2}, {200, 3}}, {"A", "B & C"}}}};
  chart.y_limit = 2.5;
  const std::string svg =
      svg_charts({chart, {"x", "empty", {{"", {}}}}, {"x", "log", {{"s", {{1, 0}, {2, 10}, {3, 1000}}}}, true}});
  CHECK(svg.starts_with("<svg"));
  CHECK(svg.find("B &amp; C") != std::string::npos);
  CHECK(svg.find("error &lt;%&gt;") != std::string::npos);
  CHECK(svg.find("empty") == std::string::npos);
  CHECK(svg.find("polyline") != std::string::npos);
  CHECK(svg.find("nan") == std::string::npos);
  CHECK(svg.find("inf") == std::string::npos);
}

TEST_CASE("a training log becomes three panels; a damaged line is named") {
  const TestDirectory directory;
  const std::string log = (directory / "log").string();
  std::ofstream(log)
      << "{\"stage\": \"admm\", \"step\": 1, \"loss\": 2.0, \"primal_residual\": 0.5, \"dual_residual\": 0.1}\n"
         "{\"stage\": \"retrain\", \"step\": 2, \"loss\": 1.0, \"error_rate\": 0.25}\n";
  const std::string svg = training_plot(log);
  CHECK(svg.find("retrain") != std::string::npos);
  CHECK(svg.find("validation error") != std::string::npos);
  CHECK(svg.find("dual residual") != std::string::npos);
  std::ofstream(log, std::ios::app) << "{\"stage\": ";
  CHECK_ERROR(training_plot(log), ExitCode::bad_input, "line 3");
}
