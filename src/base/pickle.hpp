// Python pickles as data. No code is run: a call is a record of its name and arguments, and only of names that the
// caller lists.
#pragma once

#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace erngen {

struct PickleValue {
  enum class Kind {
    none,
    boolean,
    integer,  ///< of 64 bits
    real,
    text,
    bytes,
    list,
    tuple,
    dict,        ///< also a collections.OrderedDict
    global,      ///< a name that was listed
    call,        ///< an object made by calling a listed name
    persistent,  ///< what stands outside the pickle, by its id
    other,       ///< a set, a whole number of more than 64 bits
  };
  Kind kind = Kind::none;
  std::int64_t integer = 0;  ///< of a boolean and an integer
  double real = 0;
  std::string text;                       ///< of a text and bytes; of a global and a call "module name"
  std::vector<const PickleValue*> items;  ///< of a list and tuple; keys and values of a dict in turn; the tuple of a
                                          ///< call's arguments; the id of a persistent value

  bool is(Kind k) const { return kind == k; }
  /// The value of a dict under the key of that text, or nullptr.
  const PickleValue* find(std::string_view key) const;
};

/// "a list", "an object made by torch._utils._rebuild_tensor_v2": for messages.
std::string kind_text(const PickleValue& value);

/// A pickle as it was read: one value, which may refer to itself, and the end of its bytes.
class Pickle {
 public:
  /// Reads the pickle that begins at `bytes`, of protocols 0 to 5. `names` are the globals that may occur, each "module
  /// name". Throws Error(unsupported) starting with `what` and naming any other global, with that `way_out`, and
  /// Error(bad_input) for a damaged pickle.
  Pickle(std::string_view bytes, const std::set<std::string>& names, const std::string& what,
         const std::string& way_out);

  const PickleValue& root() const { return *root_; }
  size_t size() const { return size_; }  ///< bytes read
  /// All persistent values in the order of their appearance.
  const std::vector<const PickleValue*>& persistent() const { return persistent_; }

 private:
  friend class PickleMachine;
  std::deque<PickleValue> values_;
  std::vector<const PickleValue*> persistent_;
  const PickleValue* root_ = nullptr;
  size_t size_ = 0;
};

}  // namespace erngen
