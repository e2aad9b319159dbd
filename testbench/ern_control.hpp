// An AXI4-Lite master for one access at a time.
#pragma once

#include <cstdint>
#include <string>

#include "ern_report.hpp"
#include "ern_script.hpp"
#include "ern_stalls.hpp"

namespace ern {

class ControlMaster {
 public:
  ControlMaster(bool stalls, std::uint64_t seed, Report& report)
      : stalls_(stalls, seed + 4711), random_(seed + 4712), report_(report) {}

  bool busy() const { return busy_; }

  void begin(const Command& command) {
    command_ = command;
    is_write_ = command.verb == Verb::write || command.verb == Verb::write_error;
    busy_ = true;
    address_sent_ = address_shown_ = data_sent_ = data_shown_ = false;
  }

  template <class Top>
  void drive(Top& top) {
    if (busy_) {
      // The two channels of a write start independently; a shown valid stays until it is taken.
      if (!address_sent_ && !address_shown_) address_shown_ = stalls_.go();
      if (!data_sent_ && !data_shown_) data_shown_ = is_write_ && stalls_.go();
    }
    top.s_axi_awvalid = is_write_ && address_shown_;
    top.s_axi_arvalid = !is_write_ && address_shown_;
    top.s_axi_wvalid = data_shown_;
    // Whatever the slave must not look at is random.
    top.s_axi_awaddr = static_cast<std::uint16_t>(top.s_axi_awvalid ? command_.address : random_.next());
    top.s_axi_araddr = static_cast<std::uint16_t>(top.s_axi_arvalid ? command_.address : random_.next());
    top.s_axi_wdata = data_shown_ ? command_.data : random_.next();
    top.s_axi_wstrb = static_cast<std::uint8_t>((data_shown_ ? command_.mask : random_.next()) & 15u);
    top.s_axi_awprot = static_cast<std::uint8_t>(random_.below(8));
    top.s_axi_arprot = static_cast<std::uint8_t>(random_.below(8));
    top.s_axi_bready = stalls_.go();
    top.s_axi_rready = stalls_.go();
  }

  /// Returns whether anything moved.
  template <class Top>
  bool sample(const Top& top, std::int64_t cycle) {
    bool moved = false;
    if ((top.s_axi_awvalid && top.s_axi_awready) || (top.s_axi_arvalid && top.s_axi_arready)) {
      address_shown_ = false;
      address_sent_ = moved = true;
    }
    if (top.s_axi_wvalid && top.s_axi_wready) {
      data_shown_ = false;
      data_sent_ = moved = true;
    }
    const bool b = top.s_axi_bvalid;
    const bool r = top.s_axi_rvalid;
    if ((b && !(busy_ && is_write_ && address_sent_ && data_sent_)) || (r && !(busy_ && !is_write_ && address_sent_)))
      report_.mismatch("cycle " + std::to_string(cycle) + ": an AXI4-Lite answer that nothing was asked for");
    if (!busy_) return moved;
    if (b && top.s_axi_bready)
      answer(top.s_axi_bresp, 0, cycle);
    else if (r && top.s_axi_rready)
      answer(top.s_axi_rresp, top.s_axi_rdata, cycle);
    else
      return moved;
    return true;
  }

 private:
  void answer(int response, std::uint32_t value, std::int64_t cycle) {
    ++report_.control_accesses;
    const bool error_wanted = command_.verb == Verb::write_error || command_.verb == Verb::read_error;
    const std::string where = "cycle " + std::to_string(cycle) + ": script line " + std::to_string(command_.line) +
                              ", address " + std::to_string(command_.address) + ": ";
    if (response != (error_wanted ? 2 : 0))
      report_.mismatch(where + "response " + std::to_string(response) + ", expected " +
                       (error_wanted ? "2 (SLVERR)" : "0 (OKAY)"));
    if (command_.verb == Verb::read_error && value != 0)
      report_.mismatch(where + "a refused read gives " + std::to_string(value));
    if (command_.verb == Verb::read) report_.reads.emplace_back(command_.address, value);
    if (command_.verb == Verb::expect && (value & command_.mask) != command_.data)
      report_.mismatch(where + "got " + std::to_string(value & command_.mask) + ", expected " +
                       std::to_string(command_.data));
    if (command_.verb == Verb::poll && (value & command_.mask) != command_.data)
      begin(command_);
    else
      busy_ = false;
  }

  Stalls stalls_;
  Random random_;
  Report& report_;
  Command command_;
  bool busy_ = false;
  bool is_write_ = false;
  bool address_sent_ = false;
  bool address_shown_ = false;
  bool data_sent_ = false;
  bool data_shown_ = false;
};

}  // namespace ern
