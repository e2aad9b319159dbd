#include "import/torch_file.hpp"

#include <cstring>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/in_file.hpp"
#include "base/pickle.hpp"
#include "base/zip.hpp"
#include "import/checkpoint.hpp"
#include "import/torch_storage.hpp"

using namespace std::string_view_literals;

namespace erngen {
namespace {

using Kind = PickleValue::Kind;

constexpr std::uint64_t max_pickle = std::uint64_t{1} << 28;
constexpr const char* save_with_its_maker =
    "load it in Python, with what made it, and save the weights alone: torch.save(model.state_dict(), FILE)";

/// All names that a pickle may refer to. None is called: those of the first group are read as tensors, the others are
/// records beside the weights - hyperparameters, paths, counters, measured values - and passed over.
const std::set<std::string>& names() {
  static const std::set<std::string> list{
      "collections OrderedDict", "torch Size", "torch._utils _rebuild_tensor", "torch._utils _rebuild_tensor_v2",
      "torch._utils _rebuild_tensor_v3", "torch._utils _rebuild_parameter",
      "torch._utils _rebuild_parameter_with_state", "torch.storage UntypedStorage", "torch FloatStorage",
      "torch DoubleStorage", "torch HalfStorage", "torch BFloat16Storage", "torch LongStorage", "torch IntStorage",
      "torch ShortStorage", "torch CharStorage", "torch ByteStorage", "torch BoolStorage", "torch UInt16Storage",
      "torch UInt32Storage", "torch ComplexFloatStorage", "torch ComplexDoubleStorage", "torch QInt8Storage",
      "torch QUInt8Storage", "torch QInt32Storage", "torch float32", "torch float64", "torch float16", "torch bfloat16",
      "torch int64", "torch int32", "torch int16", "torch int8", "torch uint8", "torch bool", "torch uint16",
      "torch uint32", "torch uint64", "torch float8_e4m3fn", "torch float8_e5m2", "torch complex64", "torch complex128",
      //
      "torch device", "argparse Namespace", "collections Counter", "collections defaultdict", "pathlib PosixPath",
      "pathlib PurePosixPath", "pathlib WindowsPath", "pathlib PureWindowsPath", "pathlib._local PosixPath",
      "pathlib._local WindowsPath", "numpy dtype", "numpy ndarray", "numpy.core.multiarray scalar",
      "numpy.core.multiarray _reconstruct", "numpy._core.multiarray scalar", "numpy._core.multiarray _reconstruct",
      "_codecs encode", "pytorch_lightning.utilities.parsing AttributeDict",
      "pytorch_lightning.callbacks.model_checkpoint ModelCheckpoint",
      "pytorch_lightning.callbacks.early_stopping EarlyStopping", "lightning_fabric.utilities.data AttributeDict",
      "lightning.fabric.utilities.data AttributeDict", "lightning.pytorch.utilities.parsing AttributeDict"};
  return list;
}

TorchFile read_tensors(const PickleValue& root, TorchStorages& storages, const std::string& key) {
  const StateDict found = find_state_dict(root, key);
  TorchFile result;
  if (!found.key.empty())
    result.notes.push_back(
        fmt::format("read the state dict '{}'{}", found.key,
                    found.others.empty() ? "" : fmt::format("; the file also has {}", fmt::join(found.others, ", "))));
  std::set<std::string_view> seen;
  for (size_t n = 0; n < found.tensors->items.size(); n += 2) {
    const std::string& name = found.tensors->items[n]->text;
    if (!seen.insert(name).second) throw bad_input(fmt::format("tensor {} occurs twice", name));
    result.tensors.tensors.emplace_back(name, torch_tensor(*found.tensors->items[n + 1], storages, "tensor " + name));
  }
  return result;
}

/// A folder in a zip archive: data.pkl, data/0, data/1, ..., since 2.1 byteorder.
TorchFile read_archive(std::string_view bytes, const std::string& file, const std::string& key) {
  const ZipReader archive(bytes, file);
  std::string prefix;
  int pickles = 0;
  for (const std::string& name : archive.names())
    if (name == "data.pkl" || name.ends_with("/data.pkl")) {
      prefix = name.substr(0, name.size() - "data.pkl"sv.size());
      ++pickles;
    }
  if (pickles != 1) throw bad_input(fmt::format("{}: has {} entries data.pkl, expected one", file, pickles));
  if (archive.has(prefix + "constants.pkl"))
    throw unsupported(file + ": is a TorchScript archive, a programme and its weights",
                      "save the weights alone in Python: torch.save(torch.jit.load(FILE).state_dict(), OTHER)");
  ZipStorages storages(archive, prefix);
  if (archive.has(prefix + "byteorder")) {
    const std::string order = archive.size(prefix + "byteorder") < 16 ? archive.read(prefix + "byteorder") : "";
    if (order != "little" && order != "big")
      throw bad_input(fmt::format("{}: {}byteorder is neither 'little' nor 'big'", file, prefix));
    storages.big_endian = order == "big";
  }
  if (const std::uint64_t size = archive.size(prefix + "data.pkl"); size > max_pickle)
    throw bad_input(fmt::format("{}: its pickle has {} bytes, the limit is {}", file, size, max_pickle));
  const std::string program = archive.read(prefix + "data.pkl");
  const Pickle pickle(program, names(), file, save_with_its_maker);
  return in_file(file, [&] { return read_tensors(pickle.root(), storages, key); });
}

/// Pickles one after the other - a magic number, the version, the machine, the object, the keys of the storages - and
/// then the storages in the order of their keys.
class SequentialFile {
 public:
  SequentialFile(std::string_view bytes, const std::string& file) : rest_(bytes), file_(file) {}

  TorchFile read(const std::string& key) {
    next();  // the magic number
    if (const Pickle version = next(); !version.root().is(Kind::integer) || version.root().integer != 1001)
      throw bad_input(file_ + ": is a PyTorch file of an unknown version");
    const Pickle machine = next();
    const Pickle object = next();
    const Pickle keys = next();
    if (const PickleValue* little = machine.root().find("little_endian"))
      storages_.big_endian = little->is(Kind::boolean) && little->integer == 0;
    return in_file(file_, [&] {
      std::map<std::string, StorageId> ids;
      for (const PickleValue* value : object.persistent()) {
        const StorageId id = storage_id(*value);
        ids[id.key] = id;
      }
      if (!keys.root().is(Kind::list)) throw bad_input("has no list of storages");
      for (const PickleValue* item : keys.root().items) {
        const auto found = item->is(Kind::text) ? ids.find(item->text) : ids.end();
        if (found == ids.end()) throw bad_input("has a storage that no tensor uses");
        add_storage(found->second);
      }
      return read_tensors(object.root(), storages_, key);
    });
  }

 private:
  Pickle next() {
    Pickle pickle(rest_, names(), file_, save_with_its_maker);
    rest_.remove_prefix(pickle.size());
    return pickle;
  }

  std::string_view take(std::uint64_t count) {
    if (count > rest_.size())
      throw bad_input(fmt::format("is truncated: {} bytes of a storage are missing", count - rest_.size()),
                      "copy the file or save it again");
    const std::string_view bytes = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return bytes;
  }

  void add_storage(const StorageId& id) {
    std::uint64_t elements;
    std::memcpy(&elements, take(8).data(), 8);
    const std::uint64_t width = id.type ? id.type->bytes : 1;
    if (elements != id.elements)
      throw bad_input(fmt::format("storage {} has {} elements, its tensors need {}", id.key, elements, id.elements));
    storages_.add(id.key, take(elements * width));
  }

  std::string_view rest_;
  const std::string& file_;
  SequentialStorages storages_;
};

}  // namespace

TorchFile read_torch_file(std::string_view bytes, const std::string& file, const std::string& state_dict) {
  if (bytes.starts_with("PK")) return read_archive(bytes, file, state_dict);
  return SequentialFile(bytes, file).read(state_dict);
}

}  // namespace erngen
