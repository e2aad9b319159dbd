// Co-simulation of many instances of hardware units at once.
//
// A Case is one instance with its parameters and its model: each cycle it draws inputs and says what the
// outputs must be `latency` cycles later. All cases of a list become one generated Verilog top, `lattice`,
// whose two wide ports are the concatenated inputs and outputs; one simulation then covers a lattice of
// parameter points. A case marked `mutant` carries a deliberate fault and must show a mismatch.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/random.hpp"

namespace erngen::lattice {

/// A vector of bits, in the 32-bit words of Verilator's wide ports.
class Bits {
 public:
  explicit Bits(int width = 0) : words_((width + 31) / 32, 0) {}
  /// Bits [at, at + width) become the low bits of `value`. required: width <= 64.
  void set(int at, int width, std::int64_t value);
  /// Bits [at, at + width), sign-extended.
  std::int64_t get(int at, int width) const;
  void clear() { words_.assign(words_.size(), 0); }
  const std::vector<std::uint32_t>& words() const { return words_; }
  std::vector<std::uint32_t>& words() { return words_; }

 private:
  std::vector<std::uint32_t> words_;
};

struct Port {
  std::string name;
  int width;
};

class Case {
 public:
  /// What one cycle means: values of input bits now, and of output bits `latency` cycles later. Output bits of
  /// which nothing is said are not compared.
  class Cycle {
   public:
    explicit Cycle(const Case& owner);
    void drive(int port, int at, int width, std::int64_t value);
    void expect(int port, int at, int width, std::int64_t value);
    Bits inputs, expected, compared;

   private:
    const Case& owner_;
  };

  virtual ~Case() = default;
  virtual void cycle(Rng& rng, Cycle& now) = 0;

  int input_bits() const;
  int output_bits() const;
  std::string title() const;  ///< "ern_fft K=8 MODES=8 ..."

  std::string module;
  std::vector<std::pair<std::string, std::string>> parameters;  ///< name, Verilog expression
  std::vector<Port> inputs, outputs;                            ///< without clk and rst_i
  std::vector<std::pair<std::string, std::string>> files;  ///< name, text: memory images, written where the run starts
  bool has_reset = false;
  int latency = 0;
  bool mutant = false;
};

using Cases = std::vector<std::unique_ptr<Case>>;

/// The list of one bench; each bench defines it.
Cases make_cases();

/// The Verilog of `module lattice (clk, rst_i, stimulus_i, response_o)`.
std::string top_module(const Cases& cases);

/// A seeded run of all cases: cycle by cycle the ports of the top. The first cycles are the reset.
class Run {
 public:
  Run(const Cases& cases, std::uint64_t seed);
  /// Draws the next cycle: the stimulus to apply, and the response that is due in the same cycle.
  void next();

  bool reset = true;
  Bits stimulus, expected, compared;

 private:
  const Cases& cases_;
  Rng rng_;
  std::vector<std::deque<Case::Cycle>> pending_;
  int cycle_ = 0;
};

/// Writes the memory images of the cases into the current directory. Throws Error(output).
void write_files(const Cases& cases);

/// A number of `width` bits: an end of the range, near zero, or uniform.
std::int64_t draw(Rng& rng, int width);

/// Fills words[count] of `width` bits: in one of four draws all words are ends of the range.
void draw_words(Rng& rng, std::int64_t* words, int count, int width);

}  // namespace erngen::lattice
