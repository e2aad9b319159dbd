// The numbers of a PyTorch file: storages, which tensors are views of.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/pickle.hpp"
#include "base/zip.hpp"
#include "network/element_type.hpp"

namespace erngen {

/// What a persistent value of a PyTorch pickle says of a storage.
struct StorageId {
  std::string key;
  const ElementType* type = nullptr;  ///< nullptr for bytes without a type, torch.UntypedStorage
  std::uint64_t elements = 0;         ///< bytes for one without a type
};

/// The element type of torch.FloatStorage, torch.float32, ...; nullptr for a name that is neither.
const ElementType* torch_element_type(const PickleValue& global);

/// Throws Error(bad_input) for what is no id of a storage, Error(unsupported) for element types that are not read.
StorageId storage_id(const PickleValue& persistent);

/// The bytes of storages by key, little-endian as they stand in the file or not.
class TorchStorages {
 public:
  virtual ~TorchStorages() = default;
  bool big_endian = false;

  /// The bytes of a storage. Throws Error(bad_input) if it is missing or has another length than `id` says.
  virtual std::string_view bytes(const StorageId& id) = 0;
};

/// Of an archive, PREFIXdata/KEY each.
class ZipStorages : public TorchStorages {
 public:
  ZipStorages(const ZipReader& archive, std::string prefix);
  std::string_view bytes(const StorageId& id) override;

 private:
  const ZipReader& archive_;
  std::string prefix_;
  std::map<std::string, std::string> read_;
};

/// Of a file of the kind before 1.6, one after the other: the number of elements and the elements.
class SequentialStorages : public TorchStorages {
 public:
  void add(const std::string& key, std::string_view bytes) { found_[key] = bytes; }
  std::string_view bytes(const StorageId& id) override;

 private:
  std::map<std::string, std::string_view> found_;
};

/// The tensor that torch._utils._rebuild_tensor_v2 and its kin make of their arguments: a view of a storage, copied in
/// C order. Throws Error(bad_input) starting with `what` for a view that leaves its storage, Error(unsupported) for
/// element types and kinds of tensors that are not read.
Tensor torch_tensor(const PickleValue& call, TorchStorages& storages, const std::string& what);

/// Whether the value is a tensor or a parameter.
bool is_torch_tensor(const PickleValue& value);

}  // namespace erngen
