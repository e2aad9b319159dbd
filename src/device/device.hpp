// The FPGAs that erngen knows: what each of them holds, and where the numbers come from.
#pragma once

#include <string>
#include <vector>

namespace erngen {

/// `generic`: no technology; whoever takes the Verilog has multipliers and memories of any size made.
enum class Family { series7, ultrascale, ultrascale_plus, ecp5, ice40, cyclone5, generic };
constexpr bool is_amd(Family family) {
  return family == Family::series7 || family == Family::ultrascale || family == Family::ultrascale_plus;
}
/// Inputs of a family's LUTs; of Cyclone V an adaptive logic module counts as one.
constexpr int lut_inputs(Family family) { return family == Family::ecp5 || family == Family::ice40 ? 4 : 6; }

const char* family_name(Family family);  ///< "7 series", "UltraScale", ...
/// Whether LUTs and flip-flops are estimated with the coefficients of another family: nothing of this one was measured.
constexpr bool borrowed_estimates(Family family) { return family == Family::cyclone5 || family == Family::generic; }

/// The multiplier block of a family. Widths are those of signed operands.
struct DspType {
  std::string name;       ///< the primitive, "DSP48E2"
  int wide = 0;           ///< bits of the wider operand
  int narrow = 0;         ///< bits of the other
  int accumulator = 0;    ///< bits of the adder behind the multiplier
  bool preadder = false;  ///< an adder before the multiplier, as the complex product of ern_lane uses
  std::string ports;      ///< operands, bits: as the data sheet names them
  std::string source;
};

const DspType& dsp_type(Family family);

/// Words and bits of a word.
struct RamShape {
  int depth = 0;
  int width = 0;
};

/// One kind of memory block.
struct MemoryType {
  std::string name;              ///< the primitive, "RAMB36"
  int bits = 0;                  ///< of one block, parity bits included
  int widest_port = 0;           ///< bits of a word in simple dual-port use
  bool initialised = false;      ///< can hold an image from the bitstream, such as weights
  std::vector<RamShape> shapes;  ///< all of one block in simple dual-port use, the widest first
  std::string source;
};

const MemoryType& block_ram_type(Family family);
/// UltraRAM or SPRAM; name empty for families without.
const MemoryType& large_ram_type(Family family);

struct Device {
  std::string name;  ///< as in --device: "xcku060"
  std::string part;  ///< a full part, for the synthesis tools
  Family family = Family::series7;
  int dsp = 0;
  int block_ram = 0;  ///< native blocks, block_ram_type()
  int large_ram = 0;  ///< native blocks, large_ram_type()
  int lut = 0;        ///< of lut_inputs() inputs
  int ff = 0;
  std::string source;  ///< of all counts: data sheet and table
  bool listed = true;  ///< false: of a device file, which whatever is made for it must keep

  int lut_inputs() const { return ::erngen::lut_inputs(family); }
  /// Block RAM in units of 36,864 bits, the unit that erngen plans in. Large blocks are not in it.
  double bram36() const;
};

/// All devices of the database, by family and size.
const std::vector<Device>& devices();

/// A board with a device of the database.
struct Board {
  std::string name;  ///< as in --device: "arty-a7-100"
  std::string part;  ///< full
};
const std::vector<Board>& boards();

/// The device called `name`, on the board of that name, of that full part, or in the file NAME.json; case does not
/// matter. With another package or speed grade than the database's it is called by its full part. Throws Error(usage)
/// naming the devices and boards that are spelled most alike, or as read_device_file().
Device find_device(const std::string& name);

}  // namespace erngen
