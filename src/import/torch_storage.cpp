#include "import/torch_storage.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {

using Kind = PickleValue::Kind;

constexpr std::uint64_t max_elements = std::uint64_t{1} << 28;  // of a tensor: 1 GiB of float32

struct TypeName {
  std::string_view storage, dtype;
  const char* element_type;
};

constexpr TypeName type_names[] = {
    {"torch FloatStorage", "torch float32", "F32"}, {"torch DoubleStorage", "torch float64", "F64"},
    {"torch HalfStorage", "torch float16", "F16"},  {"torch BFloat16Storage", "torch bfloat16", "BF16"},
    {"torch LongStorage", "torch int64", "I64"},    {"torch IntStorage", "torch int32", "I32"},
    {"torch ShortStorage", "torch int16", "I16"},   {"torch CharStorage", "torch int8", "I8"},
    {"torch ByteStorage", "torch uint8", "U8"},     {"torch BoolStorage", "torch bool", "BOOL"},
    {"torch UInt16Storage", "torch uint16", "U16"}, {"torch UInt32Storage", "torch uint32", "U32"}};

bool is_untyped(const PickleValue& global) { return global.text == "torch.storage UntypedStorage"; }

std::string dotted(std::string name) {
  std::ranges::replace(name, ' ', '.');
  return name;
}

Error not_a_tensor(const std::string& what, const std::string& why) {
  return bad_input(fmt::format("{}: the tensor in the pickle is damaged: {}", what, why));
}

/// A list or tuple of whole numbers that are not negative.
std::vector<std::uint64_t> numbers(const PickleValue& value, const std::string& what) {
  const PickleValue* list = &value;
  if (value.is(Kind::call) && value.text == "torch Size" && value.items[0]->items.size() == 1)
    list = value.items[0]->items[0];
  if (!list->is(Kind::tuple) && !list->is(Kind::list)) throw not_a_tensor(what, kind_text(*list) + " as a shape");
  std::vector<std::uint64_t> result;
  for (const PickleValue* item : list->items) {
    if (!item->is(Kind::integer) || item->integer < 0)
      throw not_a_tensor(what, fmt::format("{} in a shape", kind_text(*item)));
    result.push_back(static_cast<std::uint64_t>(item->integer));
  }
  return result;
}

/// A tensor's place in its storage.
struct View {
  std::uint64_t offset;
  std::vector<std::uint64_t> shape, stride;
  std::uint64_t elements = 1;

  /// Throws unless all elements lie among the `limit` of the storage.
  View(const PickleValue& offset_, const PickleValue& shape_, const PickleValue& stride_, std::uint64_t limit,
       const std::string& what)
      : shape(numbers(shape_, what)), stride(numbers(stride_, what)) {
    if (!offset_.is(Kind::integer) || offset_.integer < 0) throw not_a_tensor(what, "its place in the storage");
    if (shape.size() != stride.size() || shape.size() > 8)
      throw not_a_tensor(what, fmt::format("{} sizes and {} strides", shape.size(), stride.size()));
    offset = static_cast<std::uint64_t>(offset_.integer);
    for (const std::uint64_t extent : shape) {
      if (extent > max_elements || (elements *= extent) > max_elements)
        throw bad_input(fmt::format("{}: has more than 2^28 elements", what));
    }
    std::uint64_t last = offset;  // of its elements
    for (size_t n = 0; n < shape.size() && elements > 0 && last < limit; ++n)
      if (shape[n] > 1) last += (shape[n] - 1) * std::min(stride[n], limit);
    if (elements > 0 && last >= limit)
      throw bad_input(fmt::format("{}: reaches beyond the {} elements of its storage", what, limit));
  }

  bool contiguous() const {
    std::uint64_t expected = 1;
    for (size_t n = shape.size(); n-- > 0; expected *= shape[n])
      if (shape[n] > 1 && stride[n] != expected) return false;
    return true;
  }

  /// The elements of `storage` in C order.
  std::string copy(std::string_view storage, std::uint64_t width) const {
    std::string result;
    result.reserve(elements * width);
    std::vector<std::uint64_t> index(shape.size());
    for (std::uint64_t count = 0; count < elements; ++count) {
      std::uint64_t at = offset;
      for (size_t n = 0; n < shape.size(); ++n) at += index[n] * stride[n];
      result.append(storage.substr(at * width, width));
      for (size_t n = shape.size(); n-- > 0;) {
        if (++index[n] < shape[n]) break;
        index[n] = 0;
      }
    }
    return result;
  }
};

void swap_bytes(std::string& elements, std::uint64_t width) {
  for (size_t n = 0; n + width <= elements.size(); n += width)
    std::reverse(elements.begin() + static_cast<std::ptrdiff_t>(n),
                 elements.begin() + static_cast<std::ptrdiff_t>(n + width));
}

bool is_parameter(const PickleValue& call) {
  return call.text == "torch._utils _rebuild_parameter" || call.text == "torch._utils _rebuild_parameter_with_state";
}

bool is_rebuild(const PickleValue& call) {
  return call.text == "torch._utils _rebuild_tensor" || call.text == "torch._utils _rebuild_tensor_v2" ||
         call.text == "torch._utils _rebuild_tensor_v3";
}

/// The bytes that a storage must have.
void require_size(std::uint64_t size, const StorageId& id) {
  const std::uint64_t expected = id.type ? id.elements * id.type->bytes : id.elements;
  if (size != expected)
    throw bad_input(fmt::format("storage {} has {} bytes, its tensors need {}", id.key, size, expected),
                    "the file is truncated or damaged: copy or save it again");
}

}  // namespace

const ElementType* torch_element_type(const PickleValue& global) {
  for (const TypeName& name : type_names)
    if (global.is(Kind::global) && (global.text == name.storage || global.text == name.dtype))
      return find_element_type(name.element_type);
  return nullptr;
}

StorageId storage_id(const PickleValue& persistent) {
  const PickleValue& id = *persistent.items[0];
  const auto is = [&](size_t n, Kind kind) { return id.items[n]->is(kind); };
  if (!id.is(Kind::tuple) || id.items.size() < 5 || !is(0, Kind::text) || id.items[0]->text != "storage" ||
      !is(1, Kind::global) || !is(2, Kind::text) || !is(4, Kind::integer) || id.items[4]->integer < 0 ||
      id.items[4]->integer > std::int64_t{1} << 33)
    throw bad_input("a tensor's storage is not one of PyTorch's");
  if (id.items.size() > 5 && !is(5, Kind::none))
    throw unsupported("a storage is a part of another one, as PyTorch before 0.4 wrote it",
                      "load and save it with a newer PyTorch");
  const PickleValue& type = *id.items[1];
  StorageId result{id.items[2]->text, torch_element_type(type), static_cast<std::uint64_t>(id.items[4]->integer)};
  if (!result.type && !is_untyped(type))
    throw unsupported(fmt::format("tensors of {} are not supported", dotted(type.text)),
                      "convert them to float32 before saving");
  return result;
}

ZipStorages::ZipStorages(const ZipReader& archive, std::string prefix)
    : archive_(archive), prefix_(std::move(prefix)) {}

std::string_view ZipStorages::bytes(const StorageId& id) {
  const std::string entry = prefix_ + "data/" + id.key;
  require_size(archive_.size(entry), id);
  const auto found = read_.find(id.key);
  return found != read_.end() ? found->second : read_[id.key] = archive_.read(entry);
}

std::string_view SequentialStorages::bytes(const StorageId& id) {
  const auto found = found_.find(id.key);
  if (found == found_.end()) throw bad_input(fmt::format("storage {} is missing", id.key));
  require_size(found->second.size(), id);
  return found->second;
}

bool is_torch_tensor(const PickleValue& value) {
  return value.is(Kind::call) && (is_parameter(value) || is_rebuild(value));
}

Tensor torch_tensor(const PickleValue& call, TorchStorages& storages, const std::string& what) {
  const auto& arguments = call.items[0]->items;
  if (is_parameter(call)) {
    if (arguments.empty() || !arguments[0]->is(Kind::call) || !is_rebuild(*arguments[0]))
      throw not_a_tensor(what, "a parameter without a tensor");
    return torch_tensor(*arguments[0], storages, what);
  }
  if (arguments.size() < 4 || !arguments[0]->is(Kind::persistent)) throw not_a_tensor(what, "it has no storage");
  StorageId id = storage_id(*arguments[0]);
  // Version 3 has the type among its arguments and a storage of bytes.
  if (call.text == "torch._utils _rebuild_tensor_v3") {
    if (arguments.size() < 7) throw not_a_tensor(what, "it has no element type");
    const ElementType* type = torch_element_type(*arguments[6]);
    if (!type)
      throw unsupported(fmt::format("{}: element type {} is not supported", what, kind_text(*arguments[6])),
                        "convert it to float32 before saving");
    if (id.type) throw not_a_tensor(what, "two element types");
    if (id.elements % type->bytes != 0) throw not_a_tensor(what, "a part of an element");
    id = {id.key, type, id.elements / type->bytes};
  }
  if (!id.type) throw not_a_tensor(what, "it has no element type");

  const View view(*arguments[1], *arguments[2], *arguments[3], id.elements, what);
  Tensor tensor;
  for (const std::uint64_t extent : view.shape) tensor.shape.push_back(static_cast<int>(extent));
  const std::string_view storage = view.elements > 0 ? storages.bytes(id) : std::string_view();
  const std::uint64_t width = id.type->bytes;
  if (view.contiguous() && !storages.big_endian) {
    id.type->read(tensor, storage.substr(view.elements > 0 ? view.offset * width : 0, view.elements * width), what);
    return tensor;
  }
  std::string elements = view.copy(storage, width);
  if (storages.big_endian) swap_bytes(elements, width);
  id.type->read(tensor, elements, what);
  return tensor;
}

}  // namespace erngen
