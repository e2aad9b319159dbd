// The Verilated design as a port of the driver: software/erngen_host.h. One access or one transfer at a time.
#include "erngen_host.h"

#include <memory>
#include <new>
#include <vector>

#include <verilated.h>

#include "Vern_top.h"
#include "ern_ports.hpp"
#include "ern_testbench_parameters.hpp"

using InputBeat = ern::Beat<ern::parameters::input_beat_elements, ern::parameters::input_element_bits>;
using OutputBeat = ern::Beat<ern::parameters::output_beat_elements, ern::parameters::output_element_bits>;
namespace parameters = ern::parameters;

namespace {
constexpr size_t input_beat_bytes = size_t{parameters::input_beat_elements} * parameters::input_element_bits / 8;
constexpr size_t output_beat_bytes = size_t{parameters::output_beat_elements} * parameters::output_element_bits / 8;
constexpr size_t input_beats =
    (parameters::input_size + parameters::input_beat_elements - 1) / parameters::input_beat_elements;
constexpr std::uint32_t usual_timeout = 1000000;

template <class BeatT>
BeatT beat_of(const std::uint8_t* bytes, size_t count) {
  BeatT beat;
  for (size_t n = 0; n < count; ++n) beat.data[n / 4] |= std::uint32_t{bytes[n]} << (8 * (n % 4));
  return beat;
}
template <class BeatT>
void bytes_of(const BeatT& beat, std::uint8_t* bytes, size_t count) {
  for (size_t n = 0; n < count; ++n) bytes[n] = static_cast<std::uint8_t>(beat.data[n / 4] >> (8 * (n % 4)));
}
}  // namespace

struct erngen_host {
  VerilatedContext context;
  std::unique_ptr<Vern_top> top{new Vern_top(&context)};
  std::vector<std::uint8_t> input, output;
  std::uint64_t cycle = 0;
  bool lose_beat = false;

  explicit erngen_host(size_t bytes) : input(bytes), output(bytes) {
    top->aresetn = 0;
    for (int n = 0; n < 16; ++n) clock();
    top->aresetn = 1;
    clock();
  }
  ~erngen_host() { top->final(); }

  /// Settles the ports, which may be looked at then.
  void settle() {
    top->aclk = 0;
    top->eval();
  }
  void edge() {
    top->aclk = 1;
    top->eval();
    ++cycle;
  }
  void clock() {
    settle();
    edge();
  }

  erngen_result access(bool write, std::uint32_t address, std::uint32_t& word) {
    const std::uint64_t end = cycle + usual_timeout;
    bool address_left = true, data_left = write;
    for (;; edge()) {
      if (cycle >= end) return ERNGEN_TIMEOUT;
      top->s_axi_awvalid = write && address_left;
      top->s_axi_arvalid = !write && address_left;
      top->s_axi_wvalid = data_left;
      top->s_axi_awaddr = top->s_axi_araddr = static_cast<std::uint16_t>(address);
      top->s_axi_wdata = write ? word : 0;
      top->s_axi_wstrb = 15;
      top->s_axi_bready = top->s_axi_rready = 1;
      settle();
      const bool taken = write ? top->s_axi_awready : top->s_axi_arready;
      const bool answered =
          write ? top->s_axi_bvalid && !address_left && !data_left : top->s_axi_rvalid && !address_left;
      if (address_left && taken) address_left = false;
      if (data_left && top->s_axi_wready) data_left = false;
      if (!answered) continue;
      const int response = write ? top->s_axi_bresp : top->s_axi_rresp;
      if (!write) word = top->s_axi_rdata;
      edge();
      top->s_axi_bready = top->s_axi_rready = 0;
      return response == 0 ? ERNGEN_OK : ERNGEN_REFUSED;
    }
  }

  /// Offers every beat at once and takes every beat at once.
  erngen_result transfer(const erngen_transfer& t, std::uint32_t timeout) {
    const auto* from = static_cast<const std::uint8_t*>(t.input);
    auto* to = static_cast<std::uint8_t*>(t.output);
    const size_t beats = t.input_bytes / input_beat_bytes;
    size_t sent = 0, taken = 0;
    const std::uint64_t begin = cycle;
    while (sent < beats || taken < t.output_bytes) {
      if (cycle - begin > timeout) {
        quiet();
        return ERNGEN_TIMEOUT;
      }
      if (lose_beat && sent < beats) {
        ++sent;
        lose_beat = false;
      }
      top->s_axis_tvalid = sent < beats;
      if (sent < beats) {
        const bool last = sent % input_beats == input_beats - 1, end = t.ends && sent >= beats - input_beats * rounds;
        ern::put(top->s_axis_tdata, beat_of<InputBeat>(from + sent * input_beat_bytes, input_beat_bytes));
        ern::put_tlast(*top, last && (!parameters::sequence_by_tlast || end), 0);
        ern::put_tuser(*top, last && end, 0);
        ern::put_tid(*top, static_cast<int>(t.stream), 0);
      }
      top->m_axis_tready = taken < t.output_bytes;
      settle();
      if (top->s_axis_tvalid && top->s_axis_tready) ++sent;
      if (top->m_axis_tvalid && top->m_axis_tready) {
        bytes_of(ern::fetch<OutputBeat>(top->m_axis_tdata), to + taken, output_beat_bytes);
        taken += output_beat_bytes;
      }
      edge();
    }
    quiet();
    return ERNGEN_OK;
  }

 private:
  static constexpr size_t rounds = parameters::rounds ? parameters::streams : 1;  ///< last frames of streams in turns
  void quiet() {
    top->s_axis_tvalid = 0;
    top->m_axis_tready = 0;
    clock();
  }
};

extern "C" {

erngen_host* erngen_host_start(size_t buffer_bytes) {
  try {
    return new erngen_host(buffer_bytes);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

erngen_port erngen_host_port(erngen_host* host) {
  erngen_port port = {};
  port.context = host;
  port.read = [](void* context, std::uint32_t address, std::uint32_t* value) {
    return static_cast<erngen_host*>(context)->access(false, address, *value);
  };
  port.write = [](void* context, std::uint32_t address, std::uint32_t value) {
    return static_cast<erngen_host*>(context)->access(true, address, value);
  };
  port.transfer = [](void* context, const erngen_transfer* frames) {
    return static_cast<erngen_host*>(context)->transfer(*frames, usual_timeout);
  };
  port.wait = [](void* context) {
    static_cast<erngen_host*>(context)->clock();
    return ERNGEN_OK;
  };
  port.now = [](void* context) { return static_cast<std::uint32_t>(static_cast<erngen_host*>(context)->cycle); };
  port.timeout = usual_timeout;
  port.abilities = ERNGEN_PORT_SIDE_SIGNALS;
  port.input = host->input.data();
  port.output = host->output.data();
  port.input_bytes = host->input.size();
  port.output_bytes = host->output.size();
  return port;
}

uint64_t erngen_host_cycles(const erngen_host* host) { return host->cycle; }
int erngen_host_irq(const erngen_host* host) { return host->top->irq; }
void erngen_host_lose_beat(erngen_host* host) { host->lose_beat = true; }
void erngen_host_stop(erngen_host* host) { delete host; }

}  // extern "C"
