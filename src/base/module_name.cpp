#include "base/module_name.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/spelling.hpp"
#include "base/vendor_primitives.hpp"

namespace erngen {
namespace {

// Reserved words, each between spaces: IEEE 1364-2005 annex B and IEEE 1800-2017 annex B, IEEE 1076-2008 section 15.10
// (and the views of 2019), and the commands and words of syntax of Tcl 8.6.
constexpr std::string_view verilog_words =
    " accept_on alias always always_comb always_ff always_latch and assert assign assume automatic before begin bind"
    " bins binsof bit break buf bufif0 bufif1 byte case casex casez cell chandle checker class clocking cmos config"
    " const constraint context continue cover covergroup coverpoint cross deassign default defparam design disable"
    " dist do edge else end endcase endchecker endclass endclocking endconfig endfunction endgenerate endgroup"
    " endinterface endmodule endpackage endprimitive endprogram endproperty endsequence endspecify endtable endtask"
    " enum event eventually expect export extends extern final first_match for force foreach forever fork forkjoin"
    " function generate genvar global highz0 highz1 if iff ifnone ignore_bins illegal_bins implements implies import"
    " incdir include initial inout input inside instance int integer interconnect interface intersect join join_any"
    " join_none large let liblist library local localparam logic longint macromodule matches medium modport module"
    " nand negedge nettype new nexttime nmos nor noshowcancelled not notif0 notif1 null or output package packed"
    " parameter pmos posedge primitive priority program property protected pull0 pull1 pulldown pullup"
    " pulsestyle_ondetect pulsestyle_onevent pure rand randc randcase randsequence rcmos real realtime ref reg"
    " reject_on release repeat restrict return rnmos rpmos rtran rtranif0 rtranif1 s_always s_eventually s_nexttime"
    " s_until s_until_with scalared sequence shortint shortreal showcancelled signed small soft solve specify"
    " specparam static string strong strong0 strong1 struct super supply0 supply1 sync_accept_on sync_reject_on"
    " table tagged task this throughout time timeprecision timeunit tran tranif0 tranif1 tri tri0 tri1 triand trior"
    " trireg type typedef union unique unique0 unsigned until until_with untyped use uwire var vectored virtual void"
    " wait wait_order wand weak weak0 weak1 while wildcard wire with within wor xnor xor ";

constexpr std::string_view vhdl_words =
    " abs access after alias all and architecture array assert assume assume_guarantee attribute begin block body"
    " buffer bus case component configuration constant context cover default disconnect downto else elsif end entity"
    " exit fairness file for force function generate generic group guarded if impure in inertial inout is label"
    " library linkage literal loop map mod nand new next nor not null of on open or others out package parameter"
    " port postponed procedure process property protected pure range record register reject release rem report"
    " restrict restrict_guarantee return rol ror select sequence severity shared signal sla sll sra srl strong"
    " subtype then to transport type unaffected units until use variable view vmode vpkg vprop vunit wait when while"
    " with xnor xor ";

constexpr std::string_view tcl_words =
    " after append apply array binary break catch cd chan clock close concat continue coroutine default dict else"
    " elseif encoding eof error eval exec exit expr fblocked fconfigure fcopy file fileevent flush for foreach"
    " format gets glob global history if incr info interp join lappend lassign lindex linsert list llength load"
    " lrange lrepeat lreplace lreverse lsearch lset lsort memory namespace open package pid proc puts pwd read"
    " regexp regsub rename return scan seek set socket source split string subst switch tailcall tell then throw"
    " time trace try unknown unload unset update uplevel upvar variable vwait while yield yieldto zlib ";

bool is_among(std::string_view words, std::string_view name) {
  return words.find(fmt::format(" {} ", name)) != std::string_view::npos;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

}  // namespace

std::string module_name_fault(std::string_view name) {
  if (name.empty()) return "it is empty";
  if (name.size() > longest_module_name)
    return fmt::format("it has {} characters, the limit is {}", name.size(), longest_module_name);
  const auto is_allowed = [](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
  if (!is_letter(name[0]) || !std::all_of(name.begin(), name.end(), is_allowed))
    return "letters, digits and underscores make a name, and it does not begin with a digit";
  if (is_among(verilog_words, name)) return "it is a keyword of Verilog";
  if (is_among(vhdl_words, lower_case(name))) return "it is a keyword of VHDL";
  if (is_among(tcl_words, name)) return "it is a command of Tcl";
  if (is_vendor_primitive(name)) return "it is a cell of AMD's or Lattice's parts";
  return "";
}

void require_top_name(std::string_view name) {
  std::string fault = module_name_fault(name);
  if (fault.empty() && lower_case(name).starts_with("ern_")) fault = "the templates' names begin with ern_";
  if (!fault.empty())
    throw Error(ExitCode::usage, fmt::format("--name {}: not usable as a module's name: {}", name, fault),
                "choose another name, such as my_accelerator");
}

}  // namespace erngen
