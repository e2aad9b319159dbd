// ern_cell_lstm, ern_cell_gru_before, ern_cell_gru_after, ern_linear and ern_nonlinear against the steps of src/ops.
// With LATTICE_FEW one case in four, for the mutants in Icarus.
#include <algorithm>
#include <deque>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "cell_bench.hpp"
#include "ops/gru_after.hpp"
#include "ops/gru_before.hpp"
#include "ops/linear.hpp"
#include "ops/lstm.hpp"
#include "ops/nonlinear.hpp"
#include "units/cell.hpp"

namespace erngen::lattice {
namespace {

class Lstm : public Cell {
 public:
  Lstm(const Point& point, bool peephole, const std::vector<Activation>& candidates,
       const std::vector<Activation>& squashes = {Nonlinearity::tanh})
      : Cell("ern_cell_lstm", point), peephole_(peephole), fractions_(point.fractions(2 * g() - 3)) {
    candidates_ = repeated(candidates, fractions_.size());
    squashes_ = repeated(squashes, fractions_.size());
    const CellFormats& f = point.formats;
    set_activations();
    set("CW", f.cell_width);
    set("F_C", f.cell_fraction);
    set("W", f.weight_width);
    set("F_Q", f.peephole_fraction);
    set("PEEPHOLE", peephole);
    set("OPEN", f.open_bits);
    set_functions("CANDIDATE", candidates_);
    set_functions("OUTPUT", squashes_);
    set_shifts("SHIFTS", "SHIFT_LIST", shifts_of(2 * g() - 2, fractions_));
    const int z = n() * point.sum_width, p = n() * f.weight_width;
    inputs = {{"valid_i", 1}, {"tag_i", tag_width}, {"keep_i", n()}, {"z_i_i", z},
              {"z_f_i", z},   {"z_g_i", z},         {"z_o_i", z},    {"c_prev_i", n() * f.cell_width},
              {"p_i_i", p},   {"p_f_i", p},         {"p_o_i", p},    {"select_i", select_bits(fractions_.size())}};
    outputs = {{"c_valid_o", 1}, {"c_tag_o", tag_width}, {"c_o", n() * f.cell_width},
               {"valid_o", 1},   {"tag_o", tag_width},   {"m_o", n() * a()}};
    latency = lstm_cell_latency(peephole, point.act(), point.sums());
    after_ = lstm_latency(peephole, point.act(), point.sums()) - latency;
  }

  void cycle(Rng& rng, Cycle& now) override {
    const CellFormats& f = point_.formats;
    Result result;
    result.control = control(rng, now, 0);
    const Wide z[] = {draw_sums(rng), draw_sums(rng), draw_sums(rng), draw_sums(rng)};
    for (int g = 0; g < 4; ++g) drive_all(now, 3 + g, point_.sum_width, z[g]);
    Raw c = draw_raw(rng, f.cell_width);
    const Raw p[] = {draw_raw(rng, f.weight_width), draw_raw(rng, f.weight_width), draw_raw(rng, f.weight_width)};
    drive_all(now, 7, f.cell_width, c);
    for (int g = 0; g < 3; ++g) drive_all(now, 8 + g, f.weight_width, p[g]);
    const size_t number = select(rng, now, 11, fractions_.size());
    const int fraction = fractions_[number];

    result.m.resize(n());
    Peepholes peepholes;
    if (peephole_) peepholes = {p[0], p[1], p[2]};
    lstm_step(units_, candidates_[number], squashes_[number], z[0], z[1], z[2], z[3], peepholes, c, fraction, result.m,
              saturations_);
    now.expect(0, 0, 1, result.control.valid);
    if (result.control.valid) {
      now.expect(1, 0, tag_width, result.control.tag);
      expect_all(now, 2, f.cell_width, c, keep_all);
    }
    // m leaves `after_` cycles later than c of the same block: what comes out beside this c is an earlier m.
    waiting_.push_back(result);
    if (static_cast<int>(waiting_.size()) <= after_) return;
    const Result due = waiting_.front();
    waiting_.pop_front();
    now.expect(3, 0, 1, due.control.valid);
    if (!due.control.valid) return;
    now.expect(4, 0, tag_width, due.control.tag);
    expect_all(now, 5, a(), due.m, due.control.keep);
  }

 private:
  struct Result {
    Control control;
    Raw m;
  };
  bool peephole_;
  std::vector<Activation> candidates_, squashes_;
  std::vector<int> fractions_;
  int after_ = 0;
  std::deque<Result> waiting_;
};

class GruBefore : public Cell {
 public:
  explicit GruBefore(const Point& point, const std::vector<Activation>& candidates = {Nonlinearity::tanh})
      : Cell("ern_cell_gru_before", point),
        reset_fractions_(point.fractions(g() + point.formats.state_fraction() - 2)),
        fractions_(point.fractions(point.formats.state_fraction())),
        candidates_(repeated(candidates, fractions_.size())) {
    set("OPEN", point.formats.open_bits);
    set_functions("CANDIDATE", candidates_);
    set_activations();
    set("HW", hw());
    set_shifts("RESET_SHIFTS", "RESET_SHIFT_LIST",
               shifts_of(g() - 1 + point.formats.state_fraction(), reset_fractions_));
    set_shifts("SHIFTS", "SHIFT_LIST", shifts_of(point.formats.state_fraction(), fractions_));
    const int z = n() * point.sum_width, h = n() * a(), q = n() * g(), state = n() * hw();
    inputs = {{"gates_valid_i", 1},
              {"gates_tag_i", tag_width},
              {"gates_keep_i", n()},
              {"gates_select_i", select_bits(reset_fractions_.size())},
              {"z_r_i", z},
              {"z_z_i", z},
              {"gates_state_i", state},
              {"output_valid_i", 1},
              {"output_tag_i", tag_width},
              {"output_keep_i", n()},
              {"output_select_i", select_bits(fractions_.size())},
              {"z_n_i", z},
              {"q_i", q},
              {"output_state_i", state}};
    outputs = {{"gates_valid_o", 1},  {"gates_tag_o", tag_width},  {"s_o", h},         {"q_o", q},
               {"output_valid_o", 1}, {"output_tag_o", tag_width}, {"state_o", state}, {"h_o", h}};
    latency = gru_before_gates_latency(point.act(), point.sums());
    static_assert(gru_before_gates_latency(3) == gru_before_output_latency(3));
  }

  void cycle(Rng& rng, Cycle& now) override {
    const Control gates = control(rng, now, 0);
    const int reset_fraction = reset_fractions_[select(rng, now, 3, reset_fractions_.size())];
    const Wide z_r = draw_sums(rng), z_z = draw_sums(rng), z_n = draw_sums(rng);
    const Raw gates_state = draw_raw(rng, hw());
    Raw state = draw_raw(rng, hw());
    drive_all(now, 4, point_.sum_width, z_r);
    drive_all(now, 5, point_.sum_width, z_z);
    drive_all(now, 6, hw(), gates_state);
    const Control output = control(rng, now, 7);
    const size_t number = select(rng, now, 10, fractions_.size());
    const int fraction = fractions_[number];
    Raw q_in = draw_raw(rng, g());  // a sigmoid's value
    for (auto& value : q_in) value = value < 0 ? ~value : value;
    drive_all(now, 11, point_.sum_width, z_n);
    drive_all(now, 12, g(), q_in);
    drive_all(now, 13, hw(), state);

    Raw s(n()), q(n()), h(n());
    gru_before_gates(units_, z_r, z_z, gates_state, reset_fraction, s, q, saturations_);
    gru_before_output(units_, candidates_[number], z_n, q_in, state, fraction, h, saturations_);
    now.expect(0, 0, 1, gates.valid);
    if (gates.valid) {
      now.expect(1, 0, tag_width, gates.tag);
      expect_all(now, 2, a(), s, gates.keep);
      expect_all(now, 3, g(), q, keep_all);
    }
    now.expect(4, 0, 1, output.valid);
    if (output.valid) {
      now.expect(5, 0, tag_width, output.tag);
      expect_kept(now, 6, hw(), state, output.keep);
      expect_all(now, 7, a(), h, output.keep);
    }
  }

 private:
  std::vector<int> reset_fractions_, fractions_;
  std::vector<Activation> candidates_;
};

class GruAfter : public Cell {
 public:
  explicit GruAfter(const Point& point, const std::vector<Activation>& candidates = {Nonlinearity::tanh})
      : Cell("ern_cell_gru_after", point),
        fractions_(point.fractions(point.formats.state_fraction())),
        candidates_(repeated(candidates, fractions_.size())) {
    set("OPEN", point.formats.open_bits);
    set_functions("CANDIDATE", candidates_);
    set_activations();
    set("HW", hw());
    set("V", point.formats.candidate_width);
    set("F_V", point.formats.candidate_fraction);
    set_shifts("SHIFTS", "SHIFT_LIST", shifts_of(point.formats.state_fraction(), fractions_));
    const int z = n() * point.sum_width, state = n() * hw();
    inputs = {{"valid_i", 1},    {"tag_i", tag_width}, {"keep_i", n()}, {"select_i", select_bits(fractions_.size())},
              {"z_r_i", z},      {"z_z_i", z},         {"z_nx_i", z},   {"z_nh_i", z},
              {"state_i", state}};
    outputs = {{"valid_o", 1}, {"tag_o", tag_width}, {"state_o", state}, {"h_o", n() * a()}};
    latency = gru_after_latency(point.act(), point.sums());
  }

  void cycle(Rng& rng, Cycle& now) override {
    const Control c = control(rng, now, 0);
    const size_t number = select(rng, now, 3, fractions_.size());
    const int fraction = fractions_[number];
    const Wide z[] = {draw_sums(rng), draw_sums(rng), draw_sums(rng), draw_sums(rng)};
    for (int g = 0; g < 4; ++g) drive_all(now, 4 + g, point_.sum_width, z[g]);
    Raw state = draw_raw(rng, hw());
    drive_all(now, 8, hw(), state);
    Raw h(n());
    gru_after_step(units_, candidates_[number], z[0], z[1], z[2], z[3], state, fraction, h, saturations_);
    now.expect(0, 0, 1, c.valid);
    if (!c.valid) return;
    now.expect(1, 0, tag_width, c.tag);
    expect_kept(now, 2, hw(), state, c.keep);
    expect_all(now, 3, a(), h, c.keep);
  }

 private:
  std::vector<int> fractions_;
  std::vector<Activation> candidates_;
};

class Linear : public Cell {
 public:
  /// `limits`: for each shift, or none.
  Linear(const Point& point, std::vector<int> shifts, std::vector<Limits> limits = {})
      : Cell("ern_linear", point), shifts_(std::move(shifts)), limits_(std::move(limits)) {
    set_shifts("SHIFT_COUNT", "SHIFTS", shifts_);
    if (!limits_.empty()) {
      set("LIMITED", 1);
      set_words("LOWS", [](const Limits& l) { return l.low; });
      set_words("HIGHS", [](const Limits& l) { return l.high; });
    }
    inputs = {{"valid_i", 1},
              {"tag_i", tag_width},
              {"keep_i", n()},
              {"select_i", select_bits(shifts_.size())},
              {"z_i", n() * point.sum_width}};
    outputs = {{"valid_o", 1}, {"tag_o", tag_width}, {"y_o", n() * a()}};
    latency = linear_latency(static_cast<int>(shifts_.size()), point.sums());
  }

  void cycle(Rng& rng, Cycle& now) override {
    const Control c = control(rng, now, 0);
    const size_t chosen = select(rng, now, 3, shifts_.size());
    const Wide z = draw_sums(rng);
    drive_all(now, 4, point_.sum_width, z);
    Raw y(n());
    const Format format{a(), 0};
    const Limits whole{static_cast<std::int32_t>(format.min()), static_cast<std::int32_t>(format.max())};
    linear_step(point_.formats, shifts_[chosen], limits_.empty() ? whole : limits_[chosen], z, y, saturations_);
    now.expect(0, 0, 1, c.valid);
    if (!c.valid) return;
    now.expect(1, 0, tag_width, c.tag);
    expect_all(now, 2, a(), y, c.keep);
  }

 private:
  template <class Of>
  void set_words(const std::string& name, Of&& of) {
    std::string text;
    for (size_t i = limits_.size(); i-- > 0;)
      text += fmt::format("{}'h{:x}{}", a(), of(limits_[i]) & ((1 << a()) - 1), i ? ", " : "");
    parameters.emplace_back(name, "{" + text + "}");
  }

  std::vector<int> shifts_;
  std::vector<Limits> limits_;
};

class Nonlinear : public Cell {
 public:
  /// `tanh`: for each fraction of the point.
  Nonlinear(const Point& point, const std::string& tanh)
      : Cell("ern_nonlinear", point), tanh_(tanh), fractions_(point.fractions(g() - 1)) {
    set_activations();
    std::erase_if(parameters, [](const auto& p) { return p.first == "PRODUCT_DSP"; });
    set_shifts("SHIFTS", "SHIFT_LIST", shifts_of(g() - 1, fractions_));
    parameters.emplace_back("TANH_LIST", fmt::format("{}'b{}", tanh.size(), std::string(tanh.rbegin(), tanh.rend())));
    inputs = {{"valid_i", 1},
              {"tag_i", tag_width},
              {"keep_i", n()},
              {"select_i", select_bits(fractions_.size())},
              {"z_i", n() * point.sum_width}};
    outputs = {{"valid_o", 1}, {"tag_o", tag_width}, {"y_o", n() * a()}};
    latency = nonlinear_latency(point.act(), point.sums());
  }

  void cycle(Rng& rng, Cycle& now) override {
    const Control c = control(rng, now, 0);
    const size_t chosen = select(rng, now, 3, fractions_.size());
    const Wide z = draw_sums(rng);
    drive_all(now, 4, point_.sum_width, z);
    Raw y(n());
    nonlinear_step(units_, tanh_[chosen] == '1' ? Nonlinearity::tanh : Nonlinearity::sigmoid, z, fractions_[chosen], y,
                   saturations_);
    now.expect(0, 0, 1, c.valid);
    if (!c.valid) return;
    now.expect(1, 0, tag_width, c.tag);
    expect_all(now, 2, a(), y, c.keep);
  }

 private:
  std::string tanh_;
  std::vector<int> fractions_;
};

/// Formats that suit activations of A bits, all gate values and states among them.
Point usual(int a, int cell_width, int cell_fraction, int weight_fraction, int candidate_fraction) {
  Point point;
  CellFormats& f = point.formats;
  f.activation_width = f.weight_width = f.gate_width = f.state_width = a;
  f.preactivation_width = std::min(a + 2, 18);
  f.preactivation_fraction = f.preactivation_width - 4;
  f.sum_fraction = std::max(f.preactivation_fraction, a - 1) + 1 + 3;
  f.cell_width = cell_width;
  f.cell_fraction = cell_fraction;
  f.peephole_fraction = weight_fraction;
  f.candidate_fraction = candidate_fraction;
  point.sum_width = f.sum_fraction + 11;
  return point;
}

}  // namespace

Cases make_cases() {
  std::vector<Point> points = {
      usual(4, 8, 4, 3, 6),  // fractions of products below and at the sum's
      usual(8, 12, 8, 7, 10),    usual(12, 16, 11, 11, 13), usual(12, 18, 13, 9, 11), usual(16, 22, 17, 14, 14),
      usual(18, 25, 18, 16, 15), usual(10, 10, 9, 8, 9),  // a cell state that saturates within the activations' range
      usual(6, 9, 5, 1, 1),                               // coarse weights: products end above the sum's lsb
  };
  points[1].kind = KindChoice::table;
  points[2].dsp = true;
  points[3].extra_stage = true;
  points[4].extra_stage = points[4].dsp = true;
  points[2].elements = 4;
  for (const int p : {0, 3, 5, 6}) points[p].lut_products = true;
  points[7].sum_width = 40;
  points[7].formats.sum_fraction = 24;
  points.push_back(usual(12, 16, 11, 11, 13));
  points.back().formats.sum_fraction = 10;  // nothing to round before the activations
  points.push_back(usual(12, 20, 11, 11, 13));
  points.back().formats.preactivation_fraction = 13;  // finer than the cell state, range [-1/2, 1/2)
  points.back().kind = KindChoice::piecewise;

  // Finer gates and states, wider pre-activations and candidates, several fractions.
  const auto finer = [&](int a, int g, int hw, int p, int v, std::vector<int> bits) {
    Point point = usual(a, std::max(16, g + 3), std::max(11, g - 1), 9, 10);
    CellFormats& f = point.formats;
    f.gate_width = g;
    f.state_width = hw;
    f.preactivation_width = p;
    f.preactivation_fraction = p - 5;
    f.candidate_width = v;
    f.sum_fraction = std::max(f.sum_fraction, p - 3);
    point.sum_width = f.sum_fraction + 12;
    point.finer = std::move(bits);
    points.push_back(point);
    return &points.back();
  };
  finer(12, 13, 13, 16, 20, {0});
  finer(12, 14, 18, 18, 22, {0})->lut_products = true;  // results round up to one beyond A bits
  finer(12, 12, 16, 14, 18, {0});
  finer(8, 9, 25, 12, 25, {0, 3, 1, 20});  // more bits of the state below the candidate than the candidate has
  finer(14, 18, 25, 22, 16, {2, 0, 5})->dsp = true;
  finer(4, 4, 9, 8, 12, {1});
  finer(16, 16, 16, 20, 24, {3, 0})->extra_stage = true;

  // Every unit at most points; what does not differ between points (both peephole settings, both candidates, one or
  // several shifts) at some.
  Cases cases;
  for (size_t p = 0; p < points.size(); ++p) {
    const Point& point = points[p];
    const Activation candidate = p % 4 == 1 ? Nonlinearity::sigmoid : Nonlinearity::tanh;
    cases.push_back(std::make_unique<Lstm>(point, p % 2 == 0 || p > 6, Functions{candidate}));
    if (p % 2 == 0) cases.push_back(std::make_unique<GruBefore>(point));
    if (p % 3 != 1) cases.push_back(std::make_unique<GruAfter>(point));
    const int shift = point.formats.sum_fraction - point.formats.activation_width + 1;
    if (p % 2 == 0) cases.push_back(std::make_unique<Linear>(point, std::vector<int>{shift}));
    if (p % 2 == 1) cases.push_back(std::make_unique<Linear>(point, std::vector<int>{shift + 2, 0, shift - 1, -3, 1}));
  }
  for (const size_t p : {0, 1, 3, 4, 5}) {
    const Point& point = points[p];
    const int shift = point.formats.sum_fraction - point.formats.activation_width + 1;
    const Format whole{point.formats.activation_width, 0};
    const auto low = static_cast<std::int32_t>(whole.min()), high = static_cast<std::int32_t>(whole.max());
    cases.push_back(std::make_unique<Linear>(point, std::vector<int>{shift}, std::vector<Limits>{{0, high}}));
    cases.push_back(std::make_unique<Linear>(point, std::vector<int>{shift, shift, shift + 1},
                                             std::vector<Limits>{{low, high}, {0, high / 2}, {-high / 3, high - 1}}));
  }
  for (const size_t p : {0, 1, 2, 3, 4, 6}) {
    cases.push_back(std::make_unique<Nonlinear>(points[p], "0"));
    cases.push_back(std::make_unique<Nonlinear>(points[p], "1"));
  }
  cases.push_back(std::make_unique<Nonlinear>(points[13], "0101"));  // 8, 9, 25: fractions 0, 3, 1, 20
  cases.push_back(std::make_unique<Nonlinear>(points[14], "110"));
  cases.push_back(std::make_unique<Nonlinear>(points[16], "10"));
  cases.push_back(std::make_unique<Lstm>(points[2], false, Functions{Nonlinearity::sigmoid}));
  cases.push_back(std::make_unique<Linear>(points[2], std::vector<int>{-2}));
  cases.push_back(std::make_unique<Linear>(points[2], std::vector<int>{4, 6}));

  // Without registers behind sums: every unit, with and without peepholes, one and several shifts.
  for (const size_t p : {1, 2, 13, 14}) {
    Point shallow = points[p];
    shallow.shallow = true;
    shallow.extra_stage = false;
    const int shift = shallow.formats.sum_fraction - shallow.formats.activation_width + 1;
    for (const bool peephole : {false, true})
      cases.push_back(std::make_unique<Lstm>(shallow, peephole, Functions{Nonlinearity::tanh}));
    cases.push_back(std::make_unique<GruBefore>(shallow));
    cases.push_back(std::make_unique<GruAfter>(shallow));
    cases.push_back(std::make_unique<Linear>(shallow, std::vector<int>{shift}));
    cases.push_back(std::make_unique<Linear>(shallow, std::vector<int>{shift + 2, 0, shift - 1, -3, 1}));
    cases.push_back(std::make_unique<Nonlinear>(shallow, p == 13 ? "0101" : p == 14 ? "110" : "1"));
  }

  // Functions without a table: values beyond 1, several functions by number.
  const Activation relu = Nonlinearity::relu, none, six(Nonlinearity::clip, 0, 6), hard(Nonlinearity::clip, -1, 1);
  const Functions every{Nonlinearity::tanh, relu, none, Nonlinearity::sigmoid, six};
  Point open = points[14];  // gates of 14, states of 18 + 3
  open.formats.open_bits = 3;
  open.formats.state_width = 21;
  open.finer = {0, -3, -1, -2, 2};
  cases.push_back(std::make_unique<Lstm>(open, false, every, Functions{Nonlinearity::tanh, none, relu, hard, six}));
  cases.push_back(std::make_unique<Lstm>(open, true, Functions{relu}, Functions{relu}));
  cases.push_back(std::make_unique<GruBefore>(open, every));
  cases.push_back(std::make_unique<GruAfter>(open, every));
  open.shallow = true;
  cases.push_back(std::make_unique<Lstm>(open, false, every, Functions{Nonlinearity::tanh, none, relu, hard, six}));
  cases.push_back(std::make_unique<GruBefore>(open, every));
  cases.push_back(std::make_unique<GruAfter>(open, every));
  Point plain = points[3];  // of A bits, and one function
  plain.formats.open_bits = 1;
  plain.formats.state_width = plain.formats.gate_width + 1;
  plain.finer = {-1};
  cases.push_back(std::make_unique<Lstm>(plain, false, Functions{none}, Functions{hard}));
  cases.push_back(std::make_unique<GruBefore>(plain, Functions{relu}));
  cases.push_back(std::make_unique<GruAfter>(plain, Functions{none}));
  plain.formats.preactivation_fraction = plain.formats.sum_fraction;  // finer than the gates
  plain.formats.preactivation_width = 22;
  cases.push_back(std::make_unique<GruAfter>(plain, Functions{hard}));

  // A state with more bits below the candidate than the candidate has, with registers behind sums; sums of fewer bits
  // than the activations read.
  cases.push_back(std::make_unique<GruBefore>(points[13]));
  cases.push_back(std::make_unique<GruAfter>(points[13]));
  Point narrow = points[10];
  narrow.sum_width = narrow.formats.sum_fraction + 2;
  cases.push_back(std::make_unique<Lstm>(narrow, true, Functions{Nonlinearity::tanh}));
  cases.push_back(std::make_unique<GruBefore>(narrow));

#ifdef LATTICE_FEW
  Cases few;  // beginning with the fourth: without it two of the mutants are not found
  for (size_t n = 3; n < cases.size(); n += 4) few.push_back(std::move(cases[n]));
  return few;
#endif

  // One wrong constant or ROM bit must be seen.
  const Point& point = points[2];
  const auto mutant = [&]<class Unit>(std::unique_ptr<Unit> unit, auto&& fault) {
    fault(*unit);
    cases.push_back(std::move(unit));
  };
  const auto image = [](int file) { return [file](Cell& cell) { cell.corrupt_image(file); }; };
  const auto parameter = [](const char* name, int value) {
    return [=](Cell& cell) { cell.corrupt(name, std::to_string(value)); };
  };
  const auto lstm = [&] { return std::make_unique<Lstm>(point, true, Functions{Nonlinearity::tanh}); };
  mutant(lstm(), image(0));
  mutant(lstm(), image(1));
  mutant(lstm(), parameter("F_Q", point.formats.peephole_fraction + 1));
  mutant(lstm(), parameter("CANDIDATES", 0));
  mutant(lstm(), parameter("ACT_LATENCY", 4));
  const Point& fine = points[14];  // 14, 18, 25
  const auto text = [](const char* name, const char* value) { return [=](Cell& cell) { cell.corrupt(name, value); }; };
  mutant(std::make_unique<Lstm>(fine, false, Functions{Nonlinearity::tanh}),
         text("SHIFT_LIST", "{8'd16, 8'd20, 8'd19}"));
  mutant(std::make_unique<GruBefore>(fine), text("RESET_SHIFT_LIST", "{8'd23, 8'd28, 8'd27}"));
  mutant(std::make_unique<GruBefore>(fine), text("SHIFT_LIST", "{8'd6, 8'd12, 8'd9}"));
  mutant(std::make_unique<GruAfter>(fine), text("SHIFT_LIST", "{8'd6, 8'd11, 8'd10}"));
  mutant(std::make_unique<GruAfter>(fine), parameter("V", 17));
  mutant(std::make_unique<GruBefore>(point), image(1));
  mutant(std::make_unique<GruAfter>(point), parameter("F_V", point.formats.candidate_fraction - 1));
  mutant(std::make_unique<GruAfter>(point), image(0));
  mutant(std::make_unique<Nonlinear>(point, "0"), image(0));
  mutant(std::make_unique<Nonlinear>(fine, "110"), text("TANH_LIST", "3'b111"));
  mutant(std::make_unique<Nonlinear>(fine, "110"), text("SHIFT_LIST", "{8'd0, 8'd3, 8'd2}"));
  mutant(std::make_unique<Linear>(point, std::vector<int>{5}, std::vector<Limits>{{0, 2047}}), text("LOWS", "12'hfff"));
  mutant(std::make_unique<Linear>(point, std::vector<int>{5}), [](Cell& cell) { cell.corrupt("SHIFTS", "8'd4"); });
  return cases;
}

}  // namespace erngen::lattice
