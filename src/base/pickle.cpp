#include "base/pickle.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "base/contents.hpp"
#include "base/error.hpp"

namespace erngen {
namespace {

using Kind = PickleValue::Kind;

// Instructions by their names in Python's pickletools.
enum Opcode : unsigned char {
  mark = '(',
  stop = '.',
  pop = '0',
  pop_mark = '1',
  dup = '2',
  decimal_float = 'F',
  decimal_int = 'I',
  binint = 'J',
  binint1 = 'K',
  decimal_long = 'L',
  binint2 = 'M',
  none = 'N',
  persid = 'P',
  binpersid = 'Q',
  reduce = 'R',
  string = 'S',
  binstring = 'T',
  short_binstring = 'U',
  unicode = 'V',
  binunicode = 'X',
  append = 'a',
  build = 'b',
  global = 'c',
  inst = 'i',
  obj = 'o',
  dict = 'd',
  empty_dict = '}',
  appends = 'e',
  get = 'g',
  binget = 'h',
  long_binget = 'j',
  list = 'l',
  empty_list = ']',
  put = 'p',
  binput = 'q',
  long_binput = 'r',
  setitem = 's',
  tuple = 't',
  empty_tuple = ')',
  setitems = 'u',
  binfloat = 'G',
  binbytes = 'B',
  short_binbytes = 'C',
  proto = 0x80,
  newobj = 0x81,
  ext1 = 0x82,
  ext2 = 0x83,
  ext4 = 0x84,
  tuple1 = 0x85,
  tuple2 = 0x86,
  tuple3 = 0x87,
  newtrue = 0x88,
  newfalse = 0x89,
  long1 = 0x8a,
  long4 = 0x8b,
  short_binunicode = 0x8c,
  binunicode8 = 0x8d,
  binbytes8 = 0x8e,
  empty_set = 0x8f,
  additems = 0x90,
  frozenset = 0x91,
  newobj_ex = 0x92,
  stack_global = 0x93,
  memoize = 0x94,
  frame = 0x95,
  bytearray8 = 0x96,
};

}  // namespace

/// The stack machine that a pickle is a programme of.
class PickleMachine {
 public:
  PickleMachine(std::string_view bytes, const std::set<std::string>& names, const std::string& what,
                const std::string& way_out, Pickle& result)
      : bytes_(bytes), names_(names), what_(what), way_out_(way_out), result_(result) {}

  void run() {
    while (!result_.root_) step(static_cast<unsigned char>(take(1)[0]));
    result_.size_ = at_;
  }

 private:
  Error damaged(const std::string& why) const {
    return bad_input(fmt::format("{}: is a damaged pickle: {} at byte {}", what_, why, at_),
                     "the file is truncated or damaged: copy or save it again");
  }

  // --- bytes -----------------------------------------------------------------------------------------------------
  std::string_view take(std::uint64_t count) {
    if (count > bytes_.size() - at_) throw damaged(fmt::format("{} bytes are missing", count - (bytes_.size() - at_)));
    at_ += count;
    return bytes_.substr(at_ - count, count);
  }

  /// A little-endian unsigned number.
  std::uint64_t number(size_t width) {
    std::uint64_t value = 0;
    const std::string_view text = take(width);
    for (size_t n = width; n-- > 0;) value = value << 8 | static_cast<unsigned char>(text[n]);
    return value;
  }

  std::string_view line() {
    const size_t end = bytes_.find('\n', at_);
    if (end == std::string_view::npos) throw damaged("a line has no end");
    const std::string_view text = take(end - at_);
    take(1);
    return text;
  }

  // --- values ----------------------------------------------------------------------------------------------------
  PickleValue& make(Kind kind) {
    PickleValue& value = result_.values_.emplace_back();
    value.kind = kind;
    return value;
  }

  PickleValue& push(Kind kind) {
    PickleValue& value = make(kind);
    stack_.push_back(&value);
    return value;
  }

  void push_text(Kind kind, std::string_view text) { push(kind).text = text; }
  void push_integer(std::int64_t integer) { push(Kind::integer).integer = integer; }

  /// Two's complement, little-endian, of any length.
  void push_long(std::string_view text) {
    if (text.size() > 8) {
      push(Kind::other);
      return;
    }
    std::uint64_t value = !text.empty() && text.back() < 0 ? ~std::uint64_t{0} : 0;
    for (size_t n = text.size(); n-- > 0;) value = value << 8 | static_cast<unsigned char>(text[n]);
    push_integer(static_cast<std::int64_t>(value));
  }

  /// Decimal digits; protocol 0 writes booleans as 01 and 00, and an L behind long numbers.
  void push_decimal(std::string_view text) {
    if (text == "01" || text == "00") {
      push(Kind::boolean).integer = text[1] == '1';
      return;
    }
    if (text.ends_with('L')) text.remove_suffix(1);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range && end == text.data() + text.size()) {
      push(Kind::other);
      return;
    }
    if (error != std::errc() || end != text.data() + text.size()) throw damaged("a number is none");
    push_integer(value);
  }

  void push_real(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::invalid_argument || end != text.data() + text.size()) throw damaged("a number is none");
    push(Kind::real).real = value;
  }

  void push_big_endian_real() {
    const std::string_view text = take(8);
    std::uint64_t bits = 0;
    for (const char c : text) bits = bits << 8 | static_cast<unsigned char>(c);
    std::memcpy(&push(Kind::real).real, &bits, 8);
  }

  /// A name of the list: all others are refused before anything is made of them.
  void push_global(std::string_view module, std::string_view name) {
    const std::string text = fmt::format("{} {}", module, name);
    if (!names_.contains(text))
      throw unsupported(
          fmt::format("{}: its pickle refers to {}.{}, which is not weights: erngen reads data and runs no "
                      "code of a file",
                      what_, module, name),
          way_out_);
    push_text(Kind::global, text);
  }

  void push_persistent(const PickleValue* id) {
    PickleValue& value = push(Kind::persistent);
    value.items = {id};
    result_.persistent_.push_back(&value);
  }

  // --- the stack -------------------------------------------------------------------------------------------------
  PickleValue* pop_value() {
    if (stack_.empty() || !stack_.back()) throw damaged("the stack is empty");
    PickleValue* value = stack_.back();
    stack_.pop_back();
    return value;
  }

  PickleValue& top() {
    if (stack_.empty() || !stack_.back()) throw damaged("the stack is empty");
    return *stack_.back();
  }

  /// The values above the last mark; the mark goes, too.
  std::vector<const PickleValue*> pop_to_mark() {
    const auto found = std::find(stack_.rbegin(), stack_.rend(), nullptr);
    if (found == stack_.rend()) throw damaged("a mark is missing");
    std::vector<const PickleValue*> values(found.base(), stack_.end());
    stack_.erase(found.base() - 1, stack_.end());
    return values;
  }

  std::vector<const PickleValue*> pop_count(size_t count) {
    std::vector<const PickleValue*> values(count);
    for (size_t n = count; n-- > 0;) values[n] = pop_value();
    return values;
  }

  void push_items(Kind kind, std::vector<const PickleValue*> items) { push(kind).items = std::move(items); }

  void push_dict(std::vector<const PickleValue*> items) {
    push(Kind::dict);
    set_items(items);
  }

  /// Adds to a list, a set, or an object that behaves like one.
  void add_items(const std::vector<const PickleValue*>& items) {
    PickleValue& target = top();
    if (target.is(Kind::list))
      target.items.insert(target.items.end(), items.begin(), items.end());
    else if (!target.is(Kind::call) && !target.is(Kind::other))
      throw damaged(fmt::format("items for {}", kind_text(target)));
  }

  /// Keys and values in turn, for a dict or an object that behaves like one.
  void set_items(const std::vector<const PickleValue*>& items) {
    PickleValue& target = top();
    if (items.size() % 2 != 0) throw damaged("a key without a value");
    if (target.is(Kind::dict))
      target.items.insert(target.items.end(), items.begin(), items.end());
    else if (!target.is(Kind::call))
      throw damaged(fmt::format("keys for {}", kind_text(target)));
  }

  /// Calls `function` in name only. An OrderedDict is a dict, made of nothing or of a list of pairs.
  void push_call(const PickleValue* function, const PickleValue* arguments) {
    if (!function->is(Kind::global)) throw damaged(fmt::format("a call of {}", kind_text(*function)));
    if (!arguments->is(Kind::tuple)) throw damaged(fmt::format("{} as arguments", kind_text(*arguments)));
    if (function->text != "collections OrderedDict") {
      PickleValue& value = push(Kind::call);
      value.text = function->text;
      value.items = {arguments};
      return;
    }
    push(Kind::dict);
    if (arguments->items.empty()) return;
    const PickleValue* pairs = arguments->items[0];
    if (arguments->items.size() != 1 || !pairs->is(Kind::list)) throw damaged("an OrderedDict of no list");
    pairs_ += pairs->items.size();  // a list that is used again and again makes more of them than the pickle has bytes
    if (pairs_ > bytes_.size()) throw damaged("more pairs than bytes");
    for (const PickleValue* pair : pairs->items) {
      if (pair->items.size() != 2 || !(pair->is(Kind::list) || pair->is(Kind::tuple)))
        throw damaged("an OrderedDict of no pairs");
      set_items(pair->items);
    }
  }

  /// The older way to make an object: of a name and its arguments.
  void push_instance(const PickleValue* function, std::vector<const PickleValue*> arguments) {
    PickleValue& list_of_them = make(Kind::tuple);
    list_of_them.items = std::move(arguments);
    push_call(function, &list_of_them);
  }

  /// A string in quotes, as Python would print it; what is escaped stays escaped.
  void push_quoted(std::string_view text) {
    if (text.size() < 2 || text.front() != text.back() || (text.front() != '\'' && text.front() != '"'))
      throw damaged("a string has no quotes");
    push_text(Kind::text, text.substr(1, text.size() - 2));
  }

  /// Attributes of an object: they are not read.
  void set_state() {
    pop_value();
    if (const PickleValue& target = top(); !target.is(Kind::dict) && !target.is(Kind::call))
      throw damaged(fmt::format("attributes for {}", kind_text(target)));
  }

  void remember(std::uint64_t key) { memo_[key] = &top(); }

  void recall(std::uint64_t key) {
    const auto found = memo_.find(key);
    if (found == memo_.end()) throw damaged(fmt::format("value {} was not kept", key));
    stack_.push_back(found->second);
  }

  std::uint64_t key_of_line() {
    const std::string_view text = line();
    std::uint64_t key = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), key);
    if (error != std::errc() || end != text.data() + text.size()) throw damaged("a number is none");
    return key;
  }

  void step(unsigned char opcode) {
    switch (opcode) {
      case proto:
        if (const std::uint64_t version = number(1); version > 5)
          throw unsupported(
              fmt::format("{}: is a pickle of protocol {}, 5 is the newest that is read", what_, version));
        return;
      case frame: number(8); return;
      case stop: result_.root_ = pop_value(); return;
      case mark: stack_.push_back(nullptr); return;
      case pop:
        if (stack_.empty()) throw damaged("the stack is empty");
        stack_.pop_back();
        return;
      case pop_mark: pop_to_mark(); return;
      case dup: stack_.push_back(&top()); return;

      case none: push(Kind::none); return;
      case newtrue: push(Kind::boolean).integer = 1; return;
      case newfalse: push(Kind::boolean); return;
      case binint: push_integer(static_cast<std::int32_t>(number(4))); return;
      case binint1: push_integer(static_cast<std::int64_t>(number(1))); return;
      case binint2: push_integer(static_cast<std::int64_t>(number(2))); return;
      case long1: push_long(take(number(1))); return;
      case long4: push_long(take(number(4))); return;
      case decimal_int:
      case decimal_long: push_decimal(line()); return;
      case decimal_float: push_real(line()); return;
      case binfloat: push_big_endian_real(); return;
      case string: push_quoted(line()); return;
      case unicode: push_text(Kind::text, line()); return;
      case short_binstring:
      case short_binunicode: push_text(Kind::text, take(number(1))); return;
      case binstring:
      case binunicode: push_text(Kind::text, take(number(4))); return;
      case binunicode8: push_text(Kind::text, take(number(8))); return;
      case short_binbytes: push_text(Kind::bytes, take(number(1))); return;
      case binbytes: push_text(Kind::bytes, take(number(4))); return;
      case binbytes8:
      case bytearray8: push_text(Kind::bytes, take(number(8))); return;

      case empty_list: push(Kind::list); return;
      case list: push_items(Kind::list, pop_to_mark()); return;
      case append: add_items(pop_count(1)); return;
      case appends: add_items(pop_to_mark()); return;
      case empty_tuple: push(Kind::tuple); return;
      case tuple: push_items(Kind::tuple, pop_to_mark()); return;
      case tuple1: push_items(Kind::tuple, pop_count(1)); return;
      case tuple2: push_items(Kind::tuple, pop_count(2)); return;
      case tuple3: push_items(Kind::tuple, pop_count(3)); return;
      case empty_dict: push(Kind::dict); return;
      case dict: push_dict(pop_to_mark()); return;
      case setitem: set_items(pop_count(2)); return;
      case setitems: set_items(pop_to_mark()); return;
      case empty_set: push(Kind::other); return;
      case frozenset: push_items(Kind::other, pop_to_mark()); return;
      case additems: add_items(pop_to_mark()); return;

      case get: recall(key_of_line()); return;
      case binget: recall(number(1)); return;
      case long_binget: recall(number(4)); return;
      case put: remember(key_of_line()); return;
      case binput: remember(number(1)); return;
      case long_binput: remember(number(4)); return;
      case memoize: remember(memo_.size()); return;

      case global: {
        const std::string_view module = line();
        push_global(module, line());
        return;
      }
      case stack_global: {
        const auto name = pop_count(2);
        if (!name[0]->is(Kind::text) || !name[1]->is(Kind::text)) throw damaged("a global without a name");
        push_global(name[0]->text, name[1]->text);
        return;
      }
      case reduce:
      case newobj: {
        const auto call = pop_count(2);
        push_call(call[0], call[1]);
        return;
      }
      case inst: {
        const std::string_view module = line();
        push_global(module, line());
        const PickleValue* function = pop_value();
        push_instance(function, pop_to_mark());
        return;
      }
      case obj: {
        auto arguments = pop_to_mark();
        if (arguments.empty()) throw damaged("an object without a class");
        const PickleValue* function = arguments.front();
        arguments.erase(arguments.begin());
        push_instance(function, std::move(arguments));
        return;
      }
      case ext1:
      case ext2:
      case ext4:
        throw unsupported(fmt::format("{}: its pickle refers to an object of a registry that only the program which "
                                      "wrote it has",
                                      what_),
                          way_out_);
      case newobj_ex: {
        const auto call = pop_count(3);
        push_call(call[0], call[1]);
        return;
      }
      case build: set_state(); return;
      case persid:
        push_text(Kind::text, line());
        push_persistent(pop_value());
        return;
      case binpersid: push_persistent(pop_value()); return;
      default: throw damaged(fmt::format("there is no instruction {:#04x}, or none that is read,", opcode));
    }
  }

  std::string_view bytes_;
  const std::set<std::string>& names_;
  const std::string &what_, &way_out_;
  Pickle& result_;
  size_t at_ = 0;
  size_t pairs_ = 0;
  std::vector<PickleValue*> stack_;  ///< nullptr is a mark
  std::map<std::uint64_t, PickleValue*> memo_;
};

const PickleValue* PickleValue::find(std::string_view key) const {
  for (size_t n = 0; kind == Kind::dict && n + 1 < items.size(); n += 2)
    if (items[n]->is(Kind::text) && items[n]->text == key) return items[n + 1];
  return nullptr;
}

std::string kind_text(const PickleValue& value) {
  std::string name = value.text;
  std::ranges::replace(name, ' ', '.');
  switch (value.kind) {
    case Kind::none: return "None";
    case Kind::boolean: return "a boolean";
    case Kind::integer: return "a whole number";
    case Kind::real: return "a number";
    case Kind::text: return "a string";
    case Kind::bytes: return "bytes";
    case Kind::list: return "a list";
    case Kind::tuple: return "a tuple";
    case Kind::dict: return "a dict";
    case Kind::global: return name;
    case Kind::call: return "an object made by " + name;
    case Kind::persistent: return "a storage";
    case Kind::other: break;
  }
  return "another object";
}

Pickle::Pickle(std::string_view bytes, const std::set<std::string>& names, const std::string& what,
               const std::string& way_out) {
  PickleMachine(bytes, names, what, way_out, *this).run();
}

}  // namespace erngen
