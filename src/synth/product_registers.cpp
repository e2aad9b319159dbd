#include "synth/product_registers.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {

constexpr int operand_bits = 18, result_bits = 36;

/// A bit of a net: a number, or "0", "1", "x" as -1, -2, -3.
using Net = std::int64_t;
constexpr Net net_zero = -1, net_one = -2, net_unknown = -3;

Net bit_of(const Json& json) {
  if (json.is_number_integer()) return json.get<Net>();
  const auto& text = json.get_ref<const std::string&>();
  return text == "0" ? net_zero : text == "1" ? net_one : net_unknown;
}

/// The one bit of a port, `net_unknown` where it is not connected.
Net bit_at(const Json& cell, const std::string& port) {
  const Json& connections = cell.at("connections");
  const auto found = connections.find(port);
  return found == connections.end() || found->empty() ? net_unknown : bit_of(found->at(0));
}

/// The clock of a flip-flop that a multiplier's register can be in place of.
std::optional<Net> clock_of(const Json& cell) {
  if (cell.at("type") != "TRELLIS_FF") return {};
  const Json& parameters = cell.at("parameters");
  const auto is = [&](const char* name, const char* usual) {
    const std::string text = parameters.value(name, usual);
    return text.substr(0, text.find_last_not_of(' ') + 1) == usual;
  };
  const Net reset = bit_at(cell, "LSR");
  if (!is("CEMUX", "1") || !is("CLKMUX", "CLK") || !is("LSRMUX", "LSR") || !is("REGSET", "RESET") ||
      (reset != net_zero && reset != net_unknown))
    return {};
  return bit_at(cell, "CLK");
}

/// Whether Yosys has given the multiplier registers already.
bool has_registers(const Json& multiplier) {
  for (const auto& [name, value] : multiplier.at("parameters").items())
    if (name.starts_with("REG_") && name.ends_with("_CLK") && value != "NONE") return true;
  return false;
}

/// One module of the netlist.
class Module {
 public:
  explicit Module(Json& module) : module_(module) {
    for (auto& [name, cell] : module.at("cells").items()) {
      cells_.push_back(&cell);
      const Json& directions = cell.at("port_directions");
      for (const auto& [port, bits] : cell.at("connections").items())
        for (const Json& json : bits) {
          const Net bit = bit_of(json);
          if (bit < 0) continue;
          if (directions.value(port, "input") == "output")
            driver_[bit] = cells_.size() - 1;
          else
            ++readers_[bit], reader_[bit] = cells_.size() - 1;
        }
    }
    gone_.assign(cells_.size(), false);
    for (const auto& [name, port] : module.at("ports").items())
      for (const Json& json : port.at("bits"))
        if (bit_of(json) >= 0) readers_[bit_of(json)] += 2;  // one flip-flop is never all that reads it
  }

  void move(ProductRegisters& count) {
    for (size_t n = 0; n < cells_.size(); ++n) {
      if (cells_[n]->at("type") != "MULT18X18D") continue;
      ++count.multipliers;
      if (has_registers(*cells_[n])) continue;
      std::optional<Net> clock;
      count.results += move_result(*cells_[n], clock);
      const bool a = move_operand(n, 'A', clock), b = move_operand(n, 'B', clock);
      count.operands += a && b;
      if (!clock) continue;
      connect(*cells_[n], "CLK0", *clock);
      connect(*cells_[n], "CE0", net_one);
      connect(*cells_[n], "RST0", net_zero);
    }
    Json left = Json::object();
    size_t n = 0;
    for (auto& [name, cell] : module_.at("cells").items())
      if (!gone_[n++]) left[name] = std::move(cell);
    module_["cells"] = std::move(left);
  }

 private:
  static void connect(Json& cell, const std::string& port, Net bit) {
    cell["connections"][port] = Json::array({bit == net_zero      ? Json("0")
                                             : bit == net_one     ? Json("1")
                                             : bit == net_unknown ? Json("x")
                                                                  : Json(bit)});
    cell["port_directions"][port] = port.starts_with('P') ? "output" : "input";
  }

  bool move_result(Json& multiplier, std::optional<Net>& clock) {
    std::vector<std::pair<std::string, size_t>> registers;
    std::optional<Net> mine;
    for (int n = 0; n < result_bits; ++n) {
      const std::string port = fmt::format("P{}", n);
      const Net bit = bit_at(multiplier, port);
      if (bit < 0 || readers_[bit] == 0) continue;
      const size_t reader = reader_[bit];
      const std::optional<Net> its = readers_[bit] == 1 ? clock_of(*cells_[reader]) : std::nullopt;
      if (!its || (mine && its != mine) || bit_at(*cells_[reader], "DI") != bit) return false;
      mine = its;
      registers.emplace_back(port, reader);
    }
    if (!mine) return false;
    for (const auto& [port, cell] : registers) {
      connect(multiplier, port, bit_at(*cells_[cell], "Q"));
      gone_[cell] = true;
    }
    multiplier["parameters"]["REG_OUTPUT_CLK"] = "CLK0";
    clock = mine;
    return true;
  }

  bool move_operand(size_t number, char operand, std::optional<Net>& clock) {
    Json& multiplier = *cells_[number];
    std::vector<std::pair<std::string, size_t>> registers;
    std::optional<Net> mine = clock;
    for (int n = 0; n < operand_bits; ++n) {
      const std::string port = fmt::format("{}{}", operand, n);
      const Net bit = bit_at(multiplier, port);
      if (bit == net_zero || bit == net_unknown) continue;
      const auto driver = driver_.find(bit);
      if (driver == driver_.end() || gone_[driver->second]) return false;
      const std::optional<Net> its = clock_of(*cells_[driver->second]);
      if (!its || (mine && its != mine)) return false;
      mine = its;
      registers.emplace_back(port, driver->second);
    }
    if (registers.empty()) return false;
    for (const auto& [port, cell] : registers) {
      const Net q = bit_at(*cells_[cell], "Q"), d = bit_at(*cells_[cell], "DI");
      connect(multiplier, port, d);
      if (d >= 0) ++readers_[d], reader_[d] = number;
      if (--readers_[q] > 0) continue;
      gone_[cell] = true;
      if (d >= 0) --readers_[d];
    }
    multiplier["parameters"][fmt::format("REG_INPUT{}_CLK", operand)] = "CLK0";
    clock = mine;
    return true;
  }

  Json& module_;
  std::vector<Json*> cells_;
  std::vector<bool> gone_;                 ///< flip-flops that are in a multiplier now
  std::map<Net, size_t> driver_, reader_;  ///< cells; `reader_`: one of them
  std::map<Net, int> readers_;
};

}  // namespace

ProductRegisters move_product_registers(Json& netlist, const std::string& what) {
  ProductRegisters count;
  try {
    for (auto& [name, module] : netlist.at("modules").items())
      if (module.contains("cells")) Module(module).move(count);
  } catch (const Json::exception& error) {
    throw bad_input(fmt::format("{}: is not a netlist as Yosys writes it: {}", what, error.what()));
  }
  return count;
}

}  // namespace erngen
