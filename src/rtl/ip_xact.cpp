// The IP-XACT component of a design.
#include "rtl/packaging.hpp"

#include <functional>

#include <fmt/format.h>

#include "bench/bench_files.hpp"
#include "rtl/ports.hpp"
#include "rtl/register_map.hpp"

namespace erngen {
namespace {

/// Text with what XML reserves replaced.
std::string escaped(const std::string& text) {
  std::string result;
  for (char c : text) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else if (c == '"')
      result += "&quot;";
    else
      result += c;
  }
  return result;
}

/// Indented elements of the namespace spirit.
class Xml {
 public:
  void open(const std::string& element, const std::string& attributes = "") {
    line(fmt::format("<spirit:{}{}>", element, attributes));
    ++depth_;
  }
  void close(const std::string& element) {
    --depth_;
    line(fmt::format("</spirit:{}>", element));
  }
  void leaf(const std::string& element, const std::string& content, const std::string& attributes = "") {
    line(fmt::format("<spirit:{0}{1}>{2}</spirit:{0}>", element, attributes, escaped(content)));
  }
  void empty(const std::string& element, const std::string& attributes = "") {
    line(fmt::format("<spirit:{}{}/>", element, attributes));
  }
  std::string text;

 private:
  void line(const std::string& content) { text += std::string(static_cast<size_t>(2 * depth_), ' ') + content + "\n"; }
  int depth_ = 0;
};

std::string bus_attributes(const char* vendor_name, const char* library, const char* name, const char* version) {
  return fmt::format(" spirit:vendor=\"{}\" spirit:library=\"{}\" spirit:name=\"{}\" spirit:version=\"{}\"",
                     vendor_name, library, name, version);
}

std::string upper_after(const std::string& name, size_t at) {
  std::string text = name.substr(at);
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

void parameter(Xml& xml, const std::string& name, const std::string& value) {
  xml.open("parameter");
  xml.leaf("name", name);
  xml.leaf("value", value);
  xml.close("parameter");
}

/// A bus interface whose logical ports are the physical ones without their prefix.
void bus(Xml& xml, const std::vector<Port>& ports, const std::string& prefix, const char* library, const char* type,
         const char* version, const std::function<void()>& mode) {
  xml.open("busInterface");
  xml.leaf("name", prefix);
  xml.empty("busType", bus_attributes("xilinx.com", "interface", library, version));
  xml.empty("abstractionType", bus_attributes("xilinx.com", "interface", type, version));
  mode();
  xml.open("portMaps");
  for (const Port& port : ports) {
    if (port.name.compare(0, prefix.size() + 1, prefix + "_") != 0) continue;
    xml.open("portMap");
    xml.open("logicalPort");
    xml.leaf("name", upper_after(port.name, prefix.size() + 1));
    xml.close("logicalPort");
    xml.open("physicalPort");
    xml.leaf("name", port.name);
    xml.close("physicalPort");
    xml.close("portMap");
  }
  xml.close("portMaps");
  xml.close("busInterface");
}

void signal_bus(Xml& xml, const char* name, const char* kind, const char* logical, const char* mode,
                const std::vector<std::pair<const char*, const char*>>& parameters) {
  xml.open("busInterface");
  xml.leaf("name", name);
  xml.empty("busType", bus_attributes("xilinx.com", "signal", kind, "1.0"));
  xml.empty("abstractionType", bus_attributes("xilinx.com", "signal", (std::string(kind) + "_rtl").c_str(), "1.0"));
  xml.empty(mode);
  xml.open("portMaps");
  xml.open("portMap");
  xml.open("logicalPort");
  xml.leaf("name", logical);
  xml.close("logicalPort");
  xml.open("physicalPort");
  xml.leaf("name", name);
  xml.close("physicalPort");
  xml.close("portMap");
  xml.close("portMaps");
  xml.open("parameters");
  for (const auto& [key, value] : parameters) parameter(xml, key, value);
  xml.close("parameters");
  xml.close("busInterface");
}

void memory_map(Xml& xml) {
  xml.open("memoryMaps");
  xml.open("memoryMap");
  xml.leaf("name", "s_axi");
  xml.open("addressBlock");
  xml.leaf("name", "registers");
  xml.leaf("baseAddress", "0x0");
  xml.leaf("range", "65536");
  xml.leaf("width", "32");
  xml.leaf("usage", "register");
  for (const Register& r : registers()) {
    xml.open("register");
    xml.leaf("name", r.name);
    xml.leaf("description", r.access == Access::write ? r.write : r.read);
    xml.leaf("addressOffset", fmt::format("0x{:X}", r.address));
    xml.leaf("size", "32");
    xml.leaf("access", r.access == Access::read    ? "read-only"
                       : r.access == Access::write ? "write-only"
                                                   : "read-write");
    xml.close("register");
  }
  xml.close("addressBlock");
  xml.close("memoryMap");
  xml.close("memoryMaps");
}

void port(Xml& xml, const std::string& name, const std::string& direction, int bits) {
  xml.open("port");
  xml.leaf("name", name);
  xml.open("wire");
  xml.leaf("direction", direction == "input" ? "in" : "out");
  if (bits > 0) {
    xml.open("vector");
    xml.leaf("left", std::to_string(bits - 1));
    xml.leaf("right", "0");
    xml.close("vector");
  }
  xml.open("wireTypeDefs");
  xml.open("wireTypeDef");
  xml.leaf("typeName", "wire");
  xml.leaf("viewNameRef", "synthesis");
  xml.leaf("viewNameRef", "simulation");
  xml.close("wireTypeDef");
  xml.close("wireTypeDefs");
  xml.close("wire");
  xml.close("port");
}

void view(Xml& xml, const char* name, const char* environment, const std::string& top) {
  xml.open("view");
  xml.leaf("name", name);
  xml.leaf("envIdentifier", environment);
  xml.leaf("language", "verilog");
  xml.leaf("modelName", top);
  xml.open("fileSetRef");
  xml.leaf("localName", "sources");
  xml.close("fileSetRef");
  xml.close("view");
}

}  // namespace

std::string ip_xact_component(const Json& manifest, const PackageFiles& files) {
  const std::string top = manifest.at("top").get<std::string>();
  const BenchShape shape = bench_shape(manifest, "manifest");
  const std::vector<Port> ports = present_ports(shape);
  Xml xml;
  xml.text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  xml.open("component", " xmlns:spirit=\"http://www.spiritconsortium.org/XMLSchema/SPIRIT/1685-2009\"");
  xml.leaf("vendor", "erngen");
  xml.leaf("library", "cores");
  xml.leaf("name", top);
  std::string version = manifest.at("version").get<std::string>();
  xml.leaf("version", version.substr(0, version.rfind('.')));
  xml.open("busInterfaces");
  bus(xml, ports, "s_axis", "axis", "axis_rtl", "1.0", [&] { xml.empty("slave"); });
  bus(xml, ports, "m_axis", "axis", "axis_rtl", "1.0", [&] { xml.empty("master"); });
  bus(xml, ports, "s_axi", "aximm", "aximm_rtl", "1.0", [&] {
    xml.open("slave");
    xml.empty("memoryMapRef", " spirit:memoryMapRef=\"s_axi\"");
    xml.close("slave");
  });
  signal_bus(xml, "aclk", "clock", "CLK", "slave",
             {{"ASSOCIATED_BUSIF", "s_axis:m_axis:s_axi"}, {"ASSOCIATED_RESET", "aresetn"}});
  signal_bus(xml, "aresetn", "reset", "RST", "slave", {{"POLARITY", "ACTIVE_LOW"}});
  signal_bus(xml, "irq", "interrupt", "INTERRUPT", "master", {{"SENSITIVITY", "LEVEL_HIGH"}});
  xml.close("busInterfaces");
  memory_map(xml);
  xml.open("model");
  xml.open("views");
  view(xml, "synthesis", ":vivado.xilinx.com:synthesis", top);
  view(xml, "simulation", ":vivado.xilinx.com:simulation", top);
  xml.close("views");
  xml.open("ports");
  port(xml, "aclk", "input", 0);
  port(xml, "aresetn", "input", 0);
  for (const Port& p : ports) port(xml, p.name, p.direction, p.bits);
  xml.close("ports");
  xml.close("model");
  xml.open("fileSets");
  xml.open("fileSet");
  xml.leaf("name", "sources");
  for (const auto* list : {&files.images, &files.rtl})
    for (const std::string& file : *list) {
      xml.open("file");
      xml.leaf("name", file);
      if (list == &files.rtl)
        xml.leaf("fileType", "verilogSource");
      else
        xml.leaf("userFileType", "mem");
      xml.close("file");
    }
  xml.close("fileSet");
  xml.close("fileSets");
  xml.leaf("description", "Recurrent network with block-circulant weights, made by erngen");
  xml.close("component");
  return xml.text;
}

}  // namespace erngen
