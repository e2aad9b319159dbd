#include "cli/svg_chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace erngen::cli {
namespace {

constexpr double chart_width = 720, chart_height = 260, left = 70, right = 20, top = 16, bottom = 48;
constexpr std::array<const char*, 5> colours{"#1f4e79", "#c0504d", "#4f8a4f", "#8064a2", "#b8860b"};

std::string escaped(const std::string& text) {
  std::string result;
  for (char c : text) result += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
  return result;
}

/// An axis from low to high in `units` (the values, or their logarithms) onto drawing coordinates.
struct Axis {
  double low = 0, high = 1;
  double from = 0, to = 1;
  bool log = false;

  double at(double value) const {
    return from + ((log ? std::log10(value) : value) - low) / (high - low) * (to - from);
  }

  /// About five round values within the axis.
  std::vector<double> ticks() const {
    std::vector<double> result;
    if (log) {
      const double step = std::max(1.0, std::ceil((high - low) / 6));
      for (double e = std::ceil(low); e <= high + 1e-9; e += step) result.push_back(std::pow(10.0, e));
      return result;
    }
    const double rough = (high - low) / 5, scale = std::pow(10.0, std::floor(std::log10(rough)));
    const double step = scale * (rough / scale > 5 ? 10 : rough / scale > 2 ? 5 : rough / scale > 1 ? 2 : 1);
    for (double n = std::ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n += 1) result.push_back(n * step);
    return result;
  }
};

Axis make_axis(double low, double high, bool log, double from, double to) {
  if (log) {
    low = std::log10(low);
    high = std::log10(high);
  }
  const double margin = high > low ? 0.05 * (high - low) : std::max(0.5, std::abs(high) * 0.1);
  return {low - margin, high + margin, from, to, log};
}

void draw_frame(std::string& svg, const Chart& chart, const Axis& x, const Axis& y) {
  svg += fmt::format("<rect x=\"{}\" y=\"{:.1f}\" width=\"{}\" height=\"{:.1f}\" fill=\"none\" stroke=\"#888\"/>\n",
                     left, y.to, chart_width - left - right, y.from - y.to);
  for (double v : x.ticks())
    svg += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{:g}</text>\n", x.at(v), y.from + 16, v);
  for (double v : y.ticks())
    svg += fmt::format(
        "<line x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#ddd\"/>\n"
        "<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{:g}</text>\n",
        left, chart_width - right, y.at(v), y.at(v), left - 6, y.at(v) + 4, v);
  svg += fmt::format("<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n", (left + chart_width - right) / 2,
                     y.from + 34, escaped(chart.x_title));
  svg += fmt::format("<text transform=\"translate(16 {:.1f}) rotate(-90)\" text-anchor=\"middle\">{}</text>\n",
                     (y.from + y.to) / 2, escaped(chart.y_title));
}

void draw_series(std::string& svg, const Chart& chart, size_t number, const Axis& x, const Axis& y) {
  const Series& s = chart.series[number];
  const char* colour = colours[number % colours.size()];
  std::string line;
  for (size_t n = 0; n < s.points.size(); ++n) {
    const auto [px, py] = s.points[n];
    if (chart.log_y && py <= 0) continue;
    line += fmt::format("{:.1f},{:.1f} ", x.at(px), y.at(py));
    if (s.labels.empty()) continue;
    svg += fmt::format(
        "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\" fill=\"{}\"/>\n<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n",
        x.at(px), y.at(py), colour, x.at(px) + 7, y.at(py) - 6, escaped(s.labels[n]));
  }
  if (s.labels.empty())
    svg += fmt::format("<polyline fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\" points=\"{}\"/>\n", colour, line);
  if (!s.name.empty())
    svg +=
        fmt::format("<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\" fill=\"{}\">{}</text>\n", chart_width - right - 8,
                    y.to + 16 + 15.0 * static_cast<double>(number), colour, escaped(s.name));
}

}  // namespace

std::string svg_charts(const std::vector<Chart>& charts) {
  std::string body;
  double offset = 0;
  for (const Chart& chart : charts) {
    std::vector<double> xs, ys;
    for (const Series& s : chart.series) {
      for (const auto& [px, py] : s.points) {
        if (chart.log_y && py <= 0) continue;
        xs.push_back(px);
        ys.push_back(py);
      }
    }
    if (xs.empty()) continue;
    if (chart.y_limit != 0) ys.push_back(chart.y_limit);
    const Axis x = make_axis(*std::min_element(xs.begin(), xs.end()), *std::max_element(xs.begin(), xs.end()), false,
                             left, chart_width - right);
    const Axis y = make_axis(*std::min_element(ys.begin(), ys.end()), *std::max_element(ys.begin(), ys.end()),
                             chart.log_y, offset + chart_height - bottom, offset + top);
    draw_frame(body, chart, x, y);
    if (chart.y_limit != 0)
      body += fmt::format(
          "<line x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#c00\" stroke-dasharray=\"5 4\"/>\n", left,
          chart_width - right, y.at(chart.y_limit), y.at(chart.y_limit));
    for (size_t n = 0; n < chart.series.size(); ++n) draw_series(body, chart, n, x, y);
    offset += chart_height;
  }
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{:.0f}\" font-family=\"sans-serif\" "
      "font-size=\"12\">\n"
      "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n{}</svg>\n",
      chart_width, std::max(offset, 1.0), body);
}

}  // namespace erngen::cli
