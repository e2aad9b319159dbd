// Files of torch.save() by two versions of PyTorch against what they computed (tools/make_torch_fixtures.py), and what
// is refused.
#include "base/check_error.hpp"

#include <cmath>
#include <functional>

#include "base/file.hpp"
#include "base/npy.hpp"
#include "base/test_directory.hpp"
#include "base/zip.hpp"
#include "circulant/float_model.hpp"
#include "import/pytorch.hpp"

using namespace erngen;
using namespace std::string_view_literals;

namespace {

constexpr const char* versions[] = {"t113_", "t215_"};

std::string fixture(const std::string& name) { return FIXTURES "/torch/" + name; }

ImportOptions layers(std::vector<std::string> names, const std::string& state_dict = "") {
  ImportOptions options{std::move(names), {}, Claim::compared, state_dict};
  return options;
}

/// The largest difference to PyTorch's output over its largest value.
double difference(const std::string& version, const std::string& name, const std::string& y,
                  const ImportOptions& options = layers({"lstm", "fc"})) {
  const ImportedNetwork imported = import_pytorch(fixture(version + name), options);
  const Array result = FloatModel(imported.network).run(read_npy(fixture(version + "x.npy")));
  const Array expected = read_npy(fixture(version + y + ".npy"));
  REQUIRE(result.shape == expected.shape);
  double worst = 0, largest = 0;
  for (size_t n = 0; n < result.size(); ++n) {
    worst = std::max(worst, std::fabs(static_cast<double>(result.values[n]) - expected.values[n]));
    largest = std::max(largest, std::fabs(static_cast<double>(expected.values[n])));
  }
  return worst / largest;
}

using Entries = std::vector<std::pair<std::string, std::string>>;

Entries entries(const std::string& name) {
  const std::string bytes = read_file(fixture(name));
  const ZipReader archive(bytes, name);
  Entries result;
  for (const std::string& entry : archive.names()) result.emplace_back(entry, archive.read(entry));
  return result;
}

/// Imports an archive whose entries were changed.
void import_changed(const std::string& name, const std::function<void(Entries&)>& change) {
  TestDirectory directory;
  Entries contents = entries(name);
  change(contents);
  write_file_atomically(directory / "m.pt", zip_bytes(contents));
  import_pytorch(directory / "m.pt", layers({"lstm", "fc"}));
}

std::string& entry(Entries& contents, const std::string& end) {
  for (auto& [name, bytes] : contents)
    if (name.ends_with(end)) return bytes;
  throw std::runtime_error("no entry " + end);
}

}  // namespace

TEST_CASE("files of torch.save() compute what PyTorch computes") {
  for (const char* version : versions) {
    CAPTURE(version);
    for (const char* name : {"state_dict.pt", "older.pth", "parameters.pt", "double.pt", "views.pt", "big_endian.pt"}) {
      CAPTURE(name);
      CHECK(difference(version, name, "y") < 1e-5);
    }
    CHECK(difference(version, "checkpoint.ckpt", "checkpoint_y") < 1e-5);
    CHECK(difference(version, "lightning.ckpt", "checkpoint_y", layers({"net.lstm", "net.fc"})) < 1e-5);
    // PyTorch computed in the narrow type, too: 2^-11 and 2^-8 relative.
    CHECK(difference(version, "half.pt", "half_y") < 2e-3);
    CHECK(difference(version, "bfloat.pt", "bfloat_y") < 2e-2);
  }
}

TEST_CASE("activations that --layers names between the modules") {
  for (const std::string version : versions) {
    const std::vector<std::string> order{"gru",          "fc1", "relu",  "fc2", "leaky_relu", "fc3",
                                         "hard_sigmoid", "fc4", "relu6", "fc5", "dropout",    "tanh"};
    CHECK(difference(version, "head.pt", "head_y", layers(order)) < 1e-5);
    const ImportedNetwork cut =
        import_pytorch(fixture(version + "head.pt"), layers({"gru", "fc1", "fc2", "fc3", "fc4", "fc5", "softmax"}));
    CHECK(cut.network.metadata["output"]["cut"] == "softmax");
    CHECK(cut.network.nodes.size() == 6);
  }
}

TEST_CASE("a checkpoint's state dict is found by its key") {
  for (const char* version : versions) {
    const auto notes = [&](const char* name, const ImportOptions& options) {
      return import_pytorch(fixture(std::string(version) + name), options).notes;
    };
    CHECK(notes("checkpoint.ckpt", layers({"lstm", "fc"})).front() == "read the state dict 'model_state_dict'");
    CHECK(notes("two.pt", layers({"lstm", "fc"}, "student")).front() ==
          "read the state dict 'student'; the file also has teacher");
    CHECK(difference(version, "two.pt", "checkpoint_y", layers({"lstm", "fc"}, "student")) < 1e-5);
    CHECK(difference(version, "two.pt", "checkpoint_y", layers({"lstm", "fc"}, "teacher")) > 0.1);
    CHECK_ERROR(notes("two.pt", layers({"lstm", "fc"})), ExitCode::unsupported,
                "several state dicts: student, teacher\n  way out: say which one: --state-dict student");
    CHECK_ERROR(notes("two.pt", layers({"lstm", "fc"}, "nobody")), ExitCode::usage, "it has student, teacher");
    CHECK_ERROR(notes("state_dict.pt", layers({"lstm", "fc"}, "model")), ExitCode::usage, "--state-dict model");
  }
  CHECK_ERROR(import_pytorch(FIXTURES "/lstm_fc.safetensors", layers({"lstm", "fc"}, "model")), ExitCode::usage,
              "is a safetensors file, which has no parts for --state-dict");
}

TEST_CASE("what is no state dict is refused by name") {
  for (const std::string version : versions) {
    const auto refuse = [&](const std::string& name, const char* text) {
      CHECK_ERROR(import_pytorch(fixture(version + name)), ExitCode::unsupported, text);
    };
    refuse("module.pt", "its pickle refers to __main__.Model, which is not weights");
    refuse("script.pt", "is a TorchScript archive");
    refuse("complex.pt", "tensors of torch.ComplexFloatStorage are not supported");
  }
  CHECK_ERROR(import_pytorch(fixture("t215_float8.pt")), ExitCode::unsupported, "torch.float8_e4m3fn");
  CHECK_ERROR(import_pytorch(fixture("t215_program.pt2")), ExitCode::unsupported, "is a torch.export programme (.pt2)");
}

TEST_CASE("no code of a pickle is run") {
  const auto with = [](std::string_view programme) {
    return [=](Entries& contents) { entry(contents, "data.pkl") = programme; };
  };
  CHECK_ERROR(import_changed("t113_state_dict.pt", with("cos\nsystem\n(Vecho\ntR."sv)), ExitCode::unsupported,
              "its pickle refers to os.system");
  CHECK_ERROR(import_changed("t113_state_dict.pt", with("cbuiltins\nexec\n(Vpass\ntR."sv)), ExitCode::unsupported,
              "builtins.exec");
  CHECK_ERROR(import_changed("t215_state_dict.pt", with("\x80\x02"
                                                        "ctorch.nn.modules.linear\nLinear\n)\x81}b."sv)),
              ExitCode::unsupported, "torch.nn.modules.linear.Linear");
  CHECK_ERROR(import_changed("t113_state_dict.pt", with("K\x01."sv)), ExitCode::unsupported, "holds a whole number");
  CHECK_ERROR(import_changed("t113_state_dict.pt", with("}Va\nK\x01s."sv)), ExitCode::unsupported,
              "its entries are a (a whole number)");
}

TEST_CASE("damaged files are refused") {
  for (const std::string version : versions) {
    const std::string name = version + "state_dict.pt";
    CHECK_NOTHROW(import_changed(name, [](Entries&) {}));
    const auto refuse = [&](const std::function<void(Entries&)>& change, const char* text) {
      CHECK_ERROR(import_changed(name, change), ExitCode::bad_input, text);
    };
    refuse([](Entries& c) { entry(c, "data/1").pop_back(); }, "storage 1 has 255 bytes, its tensors need 256");
    refuse([](Entries& c) { std::erase_if(c, [](auto& e) { return e.first.ends_with("data/1"); }); },
           "data/1 is not in the archive");
    refuse([](Entries& c) { entry(c, "data.pkl").resize(100); }, "is a damaged pickle");
    refuse([](Entries& c) { c.emplace_back("other/data.pkl", "N."); }, "2 entries data.pkl");
    refuse([](Entries& c) { entry(c, "data/0").replace(0, 4, "\0\0\xc0\x7f"sv); }, "element 0 is nan");
    refuse(
        [](Entries& c) {
          const std::string shape = "K\x10K\x03\x86";  // (16, 3), of the first matrix
          std::string& program = entry(c, "data.pkl");
          REQUIRE(program.find(shape) != std::string::npos);
          program.replace(program.find(shape), shape.size(), "K\x10K\x04\x86");
        },
        "reaches beyond the 48 elements of its storage");

    // Every byte of weights counts: the archive's checksums are compared.
    TestDirectory directory;
    std::string bytes = read_file(fixture(name));
    const size_t at = bytes.find("data/0");
    bytes[at + 64 + 16] = static_cast<char>(bytes[at + 64 + 16] ^ 1);
    write_file_atomically(directory / "m.pt", bytes);
    CHECK_ERROR(import_pytorch(directory / "m.pt", layers({"lstm", "fc"})), ExitCode::bad_input, "it is damaged");

    const std::string older = read_file(fixture(version + "older.pth"));
    for (const size_t length : {20ul, 100ul, older.size() - 1}) {
      write_file_atomically(directory / "m.pth", older.substr(0, length));
      CHECK_ERROR(import_pytorch(directory / "m.pth", layers({"lstm", "fc"})), ExitCode::bad_input, "m.pth");
    }
  }
}
