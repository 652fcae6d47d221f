// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/native_own.hpp"

#include <algorithm>
#include <charconv>
#include <concepts>
#include <system_error>

#include "common/wire/field_writer.hpp"
#include "common/wire/native/list_rows.hpp"
#include "common/wire/native/native_argument.hpp"
#include "common/wire/unicode.hpp"

namespace chatd::wire {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::size_t kCodeDigits = 16;

struct OwnEventRow {
  OwnEvent event;
  std::string_view word;
};
constexpr std::array kOwnEvents{
    OwnEventRow{OwnEvent::claimed, "claimed"},   OwnEventRow{OwnEvent::code, "code"},
    OwnEventRow{OwnEvent::asked, "asked"},       OwnEventRow{OwnEvent::added, "added"},
    OwnEventRow{OwnEvent::declined, "declined"}, OwnEventRow{OwnEvent::keys, "keys"},
    OwnEventRow{OwnEvent::dropped, "dropped"},   OwnEventRow{OwnEvent::released, "released"},
};

// True for UTF-8 of printable characters and blanks, which is shown on one line.
bool is_text(std::string_view text) noexcept {
  while (!text.empty()) {
    const auto character = take_character(text);
    if (!character || (*character != ' ' && !is_printable(*character))) return false;
  }
  return true;
}

bool is_label(std::string_view text) noexcept {
  return text.size() <= kMaxDeviceLabelBytes && is_text(text);
}

// True if each field that is set belongs to the act.
bool has_its_fields(const OwnRequest& request) noexcept {
  using enum OwnAct;
  const OwnAct act = request.act;
  const bool has_key = act == answer || act == drop;
  const bool has_label = act == claim || act == use;
  return (!request.yes || act == answer) && (request.code == 0 || act == use) &&
         (has_key ? is_fingerprint(request.key) : request.key.empty()) &&
         (has_label ? is_label(request.label) : request.label.empty());
}

template <std::integral Number>
bool read_number(std::string_view text, Number& number) noexcept {
  Number read = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
  if (error != std::errc{} || end != text.data() + text.size() || read < 0) return false;
  number = read;
  return true;
}

std::array<char, kCodeDigits> digits_of(std::uint64_t code) noexcept {
  std::array<char, kCodeDigits> digits{};
  for (auto at = digits.rbegin(); at != digits.rend(); ++at, code /= 16)
    *at = kHexDigits[code % 16];
  return digits;
}

std::optional<std::uint64_t> code_of(std::string_view digits) noexcept {
  std::uint64_t code = 0;
  if (digits.size() != kCodeDigits) return std::nullopt;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return code;
}

// Visits a list of fields, and sets the one that a fact is about.
class FactReader {
 public:
  FactReader(std::string_view name, std::string_view value) noexcept : name_{name}, value_{value} {}

  template <class T>
  void operator()(std::string_view name, T& field) noexcept {
    if (name == name_) set(field);
  }
  template <class Array, class Count>
  void operator()(std::string_view name, const List<Array, Count>& list) noexcept {
    if (name != name_ || list.count >= list.elements.size()) return;
    if (set(list.elements[list.count])) ++list.count;
  }

 private:
  void set(std::string_view& text) const noexcept {
    if (is_text(value_)) text = value_;
  }
  void set(std::uint32_t& number) const noexcept { (void)read_number(value_, number); }
  void set(std::uint64_t& code) const noexcept { code = code_of(value_).value_or(0); }
  void set(std::optional<bool>& flag) const noexcept {
    if (value_ == "yes" || value_ == "no") flag = value_ == "yes";
  }
  void set(OwnEvent& event) const noexcept {
    const auto found = std::ranges::find(kOwnEvents, value_, &OwnEventRow::word);
    event = found == kOwnEvents.end() ? OwnEvent::none : found->event;
  }
  [[nodiscard]] bool set(OwnKey& key) const noexcept {
    std::string_view rest = value_;
    OwnKey read{.key = take_until('\t', rest)};
    if (!is_fingerprint(read.key) || !read_number(take_until('\t', rest), read.since)) return false;
    read.is_this = take_until('\t', rest) == "this";
    if (is_label(rest)) read.label = rest;
    key = read;
    return true;
  }

  std::string_view name_;
  std::string_view value_;
};

// Visits a list of fields, and writes a fact for each that has not its default. A fact that does
// not fit is left out.
class FactWriter {
 public:
  explicit FactWriter(std::span<char> out) noexcept : out_{out} {}

  template <class T>
  void operator()(std::string_view name, const T& field) noexcept {
    if (field != T{}) put(name, field);
  }
  template <class Array, class Count>
  void operator()(std::string_view name, const List<Array, Count>& list) noexcept {
    for (const OwnKey& key : std::span{list.elements}.first(list.count)) put(name, key);
  }
  [[nodiscard]] std::string_view written() const noexcept { return {out_.data(), used_}; }

 private:
  void put(std::string_view name, std::string_view text) noexcept { row({name, "\t", text}); }
  void put(std::string_view name, std::uint32_t number) noexcept {
    const Number text{number};
    row({name, "\t", text.view()});
  }
  void put(std::string_view name, std::uint64_t code) noexcept {
    const auto digits = digits_of(code);
    row({name, "\t", {digits.data(), digits.size()}});
  }
  void put(std::string_view name, const std::optional<bool>& flag) noexcept {
    row({name, "\t", flag.value_or(false) ? "yes" : "no"});
  }
  void put(std::string_view name, OwnEvent event) noexcept { row({name, "\t", word_of(event)}); }
  void put(std::string_view name, const OwnKey& key) noexcept {
    const Number since{key.since};
    const std::string_view which = key.is_this ? "\tthis\t" : "\t-\t";
    row({name, "\t", key.key, "\t", since.view(), which, key.label});
  }

  // The digits of a number.
  class Number {
   public:
    explicit Number(std::integral auto number) noexcept {
      end_ = std::to_chars(text_.data(), text_.data() + text_.size(), number).ptr;
    }
    [[nodiscard]] std::string_view view() const noexcept { return {text_.data(), end_}; }

   private:
    std::array<char, 24> text_{};
    const char* end_{nullptr};
  };

  void row(std::initializer_list<std::string_view> pieces) noexcept {
    const std::size_t newline = used_ == 0 ? 0 : 1;
    std::size_t size = newline;
    for (const std::string_view piece : pieces) size += piece.size();
    if (size > out_.size() - used_) return;
    if (newline != 0) out_[used_++] = '\n';
    for (const std::string_view piece : pieces) {
      used_ += piece.copy(out_.data() + used_, out_.size() - used_);
    }
  }

  std::span<char> out_;
  std::size_t used_{0};
};

template <Listed T>
T read_facts(std::string_view text) noexcept {
  static_assert(kListsAllMembers<T>);
  T facts{};
  while (!text.empty()) {
    std::string_view value = take_until('\n', text);
    const std::string_view name = take_until('\t', value);
    FactReader reader{name, value};
    T::fields(reader, facts);
  }
  return facts;
}

template <Listed T>
std::string_view write_facts(const T& facts, std::span<char> out) noexcept {
  FactWriter writer{out};
  T::fields(writer, facts);
  return writer.written();
}

}  // namespace

std::string_view word_of(OwnEvent event) noexcept {
  const auto found = std::ranges::find(kOwnEvents, event, &OwnEventRow::event);
  return found == kOwnEvents.end() ? std::string_view{} : found->word;
}

std::optional<OwnRequest> read_own_request(std::string_view text) noexcept {
  const auto request = read_argument<OwnRequest>(text);
  if (!request || request->act < OwnAct::claim || request->act > OwnAct::release) {
    return std::nullopt;
  }
  return has_its_fields(*request) ? request : std::nullopt;
}

std::string_view write_own_request(const OwnRequest& request, std::span<char> out) noexcept {
  ByteWriter writer{std::as_writable_bytes(out)};
  encode(writer, request);
  return writer.ok() ? std::string_view{out.data(), writer.written().size()} : std::string_view{};
}

OwnAnswer read_own(std::string_view text) noexcept { return read_facts<OwnAnswer>(text); }

DeviceQuestion read_device(std::string_view text) noexcept {
  return read_facts<DeviceQuestion>(text);
}

std::string_view write_own(const OwnAnswer& answer, std::span<char> out) noexcept {
  return write_facts(answer, out);
}

std::string_view write_device(const DeviceQuestion& question, std::span<char> out) noexcept {
  return write_facts(question, out);
}

std::array<char, kTypedCodeBytes> typed_code(std::uint64_t code) noexcept {
  const auto digits = digits_of(code);
  std::array<char, kTypedCodeBytes> typed{};
  typed.fill('-');
  for (std::size_t at = 0; at < digits.size(); ++at) typed[at + at / 4] = digits[at];
  return typed;
}

std::optional<std::uint64_t> read_typed_code(std::string_view typed) noexcept {
  std::array<char, kCodeDigits> digits{};
  std::size_t used = 0;
  for (const char c : typed) {
    if (c == '-' || c == ' ') continue;
    if (used == digits.size()) return std::nullopt;
    digits[used++] = c;
  }
  return code_of({digits.data(), used});
}

}  // namespace chatd::wire
