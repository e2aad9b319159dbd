#include "cli/timeline_svg.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "plan/overlap.hpp"

namespace erngen::cli {
namespace {

/// Measures of the drawing.
struct Page {
  static constexpr double left = 190, right = 20, top = 46, width = 1000;
  static constexpr double row = 26, array = 13, readout = 6;
};

const char* colour_of(Source source) {
  return source == Source::input ? "#1f4e79" : source == Source::state ? "#c0504d" : "#b8860b";
}

/// "layer 0, lstm: m0" with the stream where there are several, or the frame: "layer 1 (t - 1), lstm: m1".
std::string name_of(const QuantNetwork& network, int phase, int context, const EngineShape& shape,
                    const Overlap& overlap) {
  const auto& p = network.graph.phases[phase];
  const int lag = overlap.lag(phase);
  const std::string stream = shape.contexts > 1 ? fmt::format("stream {}, ", context) : "",
                    frame = shape.frames == 1 ? ""
                            : lag == 0        ? " (t)"
                                              : fmt::format(" (t - {})", lag);
  return fmt::format("{}layer {}{}, {}: {}", stream, p.layer, frame, p.operation().name,
                     network.graph.vectors[p.output].name);
}

class Drawing {
 public:
  Drawing(int cycles, int rows)
      : scale_((Page::width - Page::left - Page::right) / cycles), bottom_(Page::top + rows * Page::row) {
    const double rough = cycles / 10.0, power = std::pow(10.0, std::floor(std::log10(rough)));
    const int step = std::max(1, static_cast<int>(power * (rough / power > 5 ? 10 : rough / power > 2 ? 5 : 2)));
    for (int cycle = 0; cycle <= cycles; cycle += step)
      body_ += fmt::format(
          "<line x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2:.1f}\" stroke=\"#ddd\"/>\n"
          "<text x=\"{0:.1f}\" y=\"{3:.1f}\" text-anchor=\"middle\">{4}</text>\n",
          at(cycle), Page::top, bottom_, bottom_ + 15, cycle);
  }

  double at(double cycle) const { return Page::left + cycle * scale_; }
  void bar(double from, double cycles, double y, double height, const char* colour) {
    body_ += fmt::format("<rect x=\"{:.2f}\" y=\"{:.1f}\" width=\"{:.2f}\" height=\"{}\" fill=\"{}\"/>\n", at(from), y,
                         std::max(0.5, cycles * scale_ - 0.3), height, colour);
  }
  void text(double x, double y, const char* anchor, const std::string& text) {
    body_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor, text);
  }
  void run_end(int cycle) {
    body_ += fmt::format(
        "<line x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2:.1f}\" stroke=\"#000\" stroke-dasharray=\"4 3\"/>\n",
        at(cycle), Page::top - 6, bottom_);
  }
  double bottom() const { return bottom_; }
  const std::string& body() const { return body_; }

 private:
  double scale_, bottom_;
  std::string body_;
};

}  // namespace

std::string timeline_svg(const QuantNetwork& network, const Plan& plan) {
  const Program& program = plan.program;
  const int contexts = plan.shape.contexts, phases = static_cast<int>(network.graph.phases.size());
  const int rows = contexts * phases + 1;
  const auto row_of = [&](int phase, int context) { return Page::top + (context * phases + phase) * Page::row; };
  const int first = program.segments.front().start;
  const Overlap overlap(network.graph, plan.shape);
  // The output is that of the oldest frame in the run.
  const int output_shift = first + overlap.vector_lag(network.graph.output_vector()) * program.run_cycles;
  int end = program.run_cycles;
  for (const Segment& s : program.segments) end = std::max(end, s.start - first + s.steps + s.stages);
  for (const int cycle : program.output_blocks.front()) end = std::max(end, cycle - output_shift + 1);

  Drawing drawing(end, rows);
  const auto draw_run = [&](int shift, bool pale) {
    for (const Segment& s : program.segments) {
      const Pass& pass = program.passes[s.pass];
      const double y = row_of(pass.phase, pass.context);
      const int start = s.start - first + shift;
      if (start >= end) continue;
      drawing.bar(start, std::min(s.steps, end - start), y + 2, Page::array, pale ? "#cccccc" : colour_of(s.source));
      const int last = start + s.steps - 1;
      if (s.last && last < end)
        drawing.bar(last, std::min(s.stages, end - last), y + 3 + Page::array, Page::readout,
                    pale ? "#dddddd" : "#4f8a4f");
    }
  };
  draw_run(program.run_cycles, true);
  draw_run(0, false);
  for (int context = 0; context < contexts; ++context)
    for (int phase = 0; phase < phases; ++phase)
      drawing.text(Page::left - 8, row_of(phase, context) + 15, "end",
                   name_of(network, phase, context, plan.shape, overlap));
  const double outputs = Page::top + (rows - 1) * Page::row;
  drawing.text(Page::left - 8, outputs + 15, "end", contexts > 1 ? "output of stream 0" : "output");
  for (const int cycle : program.output_blocks.front())
    drawing.bar(cycle - output_shift, 1, outputs + 2, Page::array, "#333333");
  drawing.run_end(program.run_cycles);
  drawing.text(
      (Page::left + Page::width - Page::right) / 2, drawing.bottom() + 32, "middle",
      fmt::format("cycles since the run's first step; a run has {}, the array is busy in {} of them ({:.0f} %)",
                  program.run_cycles, program.busy_cycles, 100.0 * program.busy_cycles / program.run_cycles));
  std::string legend;
  double x = Page::left;
  for (const auto& [colour, what] : {std::pair{"#1f4e79", "reads the input"},
                                     {"#c0504d", "reads a state"},
                                     {"#b8860b", "a state at its second block size"},
                                     {"#4f8a4f", "readout"},
                                     {"#cccccc", "the next run"}}) {
    legend += fmt::format(
        "<rect x=\"{:.0f}\" y=\"14\" width=\"12\" height=\"12\" fill=\"{}\"/><text x=\"{:.0f}\" y=\"24\">{}</text>\n",
        x, colour, x + 17, what);
    x += 40 + 6.2 * static_cast<double>(std::string(what).size());
  }
  const double height = drawing.bottom() + 46;
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1:.0f}\" viewBox=\"0 0 {0} {1:.0f}\" "
      "font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" "
      "fill=\"white\"/>\n{2}{3}</svg>\n",
      Page::width, height, legend, drawing.body());
}

}  // namespace erngen::cli
