// Phase II's results as one HTML page without any other file: charts are SVG that a few lines of script draw.
#include "explore/phase2.hpp"

#include <fmt/format.h>

namespace erngen {
namespace {

const char* const page_head = R"page(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { font: 15px/1.45 system-ui, sans-serif; color: #1d2733; margin: 2em auto; max-width: 1100px; padding: 0 1em; }
h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin-top: 1.6em; }
.charts { display: flex; flex-wrap: wrap; gap: 18px; }
svg { background: #fbfcfd; border: 1px solid #d5dde5; border-radius: 4px; }
svg text { font: 11px system-ui, sans-serif; fill: #44515f; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px; }
th, td { padding: 3px 9px; border-bottom: 1px solid #e2e8ee; text-align: right; }
th { cursor: pointer; background: #f1f4f7; position: sticky; top: 0; }
tr.chosen td { background: #fdeccb; }
.scroll { max-height: 520px; overflow: auto; border: 1px solid #d5dde5; }
.key span { display: inline-block; width: 10px; height: 10px; border-radius: 5px; margin: 0 5px 0 14px; }
</style>
)page";

const char* const page_script = R"page(<script>
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const columns = ["rows", "columns", "readout", "ports", "streams", "frames_in_flight", "weight_bits",
  "activation_bits", ...(data.front.some(d => d.lane_form) ? ["lane_form", "spectrum_bits"] : []),
  "activation_unit", "admission", "latency_us", "frames_per_second", "cycles_per_frame",
  "dsp", "bram36", "lut", "ff"];
const names = {latency_us: "latency, us", frames_per_second: "frames per second", dsp: "DSP blocks", lut: "LUTs",
  bram36: "block RAM, 36 kbit"};
const same = (a, b) => columns.every(c => a[c] === b[c]);
const make = (tag, attributes, parent, text) => {
  const e = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
  if (text !== undefined) e.textContent = text;
  parent.appendChild(e);
  return e;
};
const short = v => v >= 1e6 ? +(v / 1e6).toPrecision(3) + "M" : v >= 1e4 ? +(v / 1e3).toPrecision(3) + "k"
  : +v.toPrecision(3);

function chart(x, y) {
  const W = 520, H = 330, L = 62, B = 44, T = 14, R = 14;
  const svg = make("svg", {width: W, height: H, role: "img", "aria-label": names[y] + " against " + names[x]},
    document.getElementById("charts"));
  const points = data.front;
  const span = k => {
    const v = points.map(p => p[k]).filter(n => n > 0);
    const low = Math.min(...v), high = Math.max(...v);
    return high > low ? [Math.log(low) - 0.05, Math.log(high) + 0.05] : [Math.log(low) - 0.5, Math.log(low) + 0.5];
  };
  const [x0, x1] = span(x), [y0, y1] = span(y);
  const px = v => L + (Math.log(Math.max(v, 1e-9)) - x0) / (x1 - x0) * (W - L - R);
  const py = v => H - B - (Math.log(Math.max(v, 1e-9)) - y0) / (y1 - y0) * (H - T - B);
  for (let n = 0; n <= 4; ++n) {
    const vx = Math.exp(x0 + (x1 - x0) * n / 4), vy = Math.exp(y0 + (y1 - y0) * n / 4);
    make("line", {x1: px(vx), x2: px(vx), y1: T, y2: H - B, stroke: "#e3e9ef"}, svg);
    make("line", {x1: L, x2: W - R, y1: py(vy), y2: py(vy), stroke: "#e3e9ef"}, svg);
    make("text", {x: px(vx), y: H - B + 16, "text-anchor": "middle"}, svg, short(vx));
    make("text", {x: L - 6, y: py(vy) + 4, "text-anchor": "end"}, svg, short(vy));
  }
  make("text", {x: (L + W - R) / 2, y: H - 8, "text-anchor": "middle"}, svg, names[x]);
  const middle = (T + H - B) / 2;
  make("text", {x: 14, y: middle, "text-anchor": "middle", transform: `rotate(-90 14 ${middle})`}, svg, names[y]);
  const streams = [...new Set(points.map(p => p.streams))].sort((a, b) => a - b);
  const colours = ["#2a6fb0", "#3a9a5b", "#8a5bb5", "#b5523a", "#6b7785", "#a08a1d"];
  for (const p of points) {
    const fill = colours[streams.indexOf(p.streams) % colours.length];
    const dot = make("circle", {cx: px(p[x]), cy: py(p[y]), r: 3, fill: fill, "fill-opacity": 0.65}, svg);
    make("title", {}, dot, columns.map(c => `${c}: ${p[c]}`).join("\n"));
  }
  if (data.chosen)
    make("circle", {cx: px(data.chosen[x]), cy: py(data.chosen[y]), r: 7, fill: "none", stroke: "#e08600",
      "stroke-width": 3}, svg);
  const key = document.getElementById("key");
  const entry = (s, n) =>
    `<span style="background:${colours[n % colours.length]}"></span>${s} stream${s > 1 ? "s" : ""}`;
  key.innerHTML = streams.map(entry).join("") +
    (data.chosen ? '<span style="border:3px solid #e08600;background:none"></span>chosen' : "");
}

let sorted = "latency_us", up = true;
function table() {
  const order = (a, b) => (a[sorted] > b[sorted] ? 1 : a[sorted] < b[sorted] ? -1 : 0) * (up ? 1 : -1);
  const rows = [...data.front].sort(order);
  const arrow = c => c === sorted ? (up ? " ▲" : " ▼") : "";
  const heading = c => `<th data-c="${c}">${c.replaceAll("_", " ")}${arrow(c)}</th>`;
  const cell = v => typeof v === "number" ? +v.toPrecision(6) : v;
  const line = r => `<tr class="${data.chosen && same(r, data.chosen) ? "chosen" : ""}">` +
    columns.map(c => `<td>${cell(r[c])}</td>`).join("") + "</tr>";
  document.getElementById("front").innerHTML =
    "<tr>" + columns.map(heading).join("") + "</tr>" + rows.map(line).join("");
  for (const th of document.querySelectorAll("th"))
    th.onclick = () => { up = sorted === th.dataset.c ? !up : true; sorted = th.dataset.c; table(); };
}
if (data.front.length) {
  chart("dsp", "latency_us");
  chart("dsp", "frames_per_second");
  chart("lut", "latency_us");
  chart("bram36", "latency_us");
}
table();
</script>
)page";

/// Text for HTML, and for JSON inside it: no '<' that a browser could take for a tag.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else
      result += c;
  }
  return result;
}

std::string script_json(const Json& json) {
  std::string result;
  for (const char c : json.dump()) result += c == '<' ? std::string("\\u003c") : std::string(1, c);
  return result;
}

}  // namespace

std::string result_html(const Phase2Request& request, const Phase2Result& result, const std::string& title) {
  const Json json = result_json(request, result);
  std::string text = page_head;
  text += fmt::format("<title>{0}</title></head><body>\n<h1>{0}</h1>\n", escaped(title));
  text += fmt::format(
      "<p>{} at {:g} MHz: {} designs looked at, {} fit, {} on the front (latency, rate, DSP, LUT, block RAM).</p>\n",
      escaped(request.device.name), request.clock_mhz, result.designs.size(), result.fitting, json["front"].size());
  text += "<ul>\n";
  for (const std::string& reason : result.reasons) text += "<li>" + escaped(reason) + "</li>\n";
  text +=
      "</ul>\n<h2>Pareto front</h2>\n<p class=\"key\" id=\"key\"></p>\n<div class=\"charts\" id=\"charts\"></div>\n"
      "<h2>Its designs</h2>\n<div class=\"scroll\"><table id=\"front\"></table></div>\n";
  text += "<script type=\"application/json\" id=\"data\">" + script_json(json) + "</script>\n";
  text += page_script;
  return text + "</body></html>\n";
}

}  // namespace erngen
