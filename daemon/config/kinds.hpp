// SPDX-License-Identifier: GPL-3.0-or-later
// kinds.hpp — the kinds of settings: how each is read, checked, written and described.
//
// Runs in:   every process that reads or prints the configuration.
// Owns:      nothing; a kind is a constant with two functions that find its value.
// Invariant: read() accepts the output of print(); the words of range() come from the numbers
//            that check() compares with.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "common/toml/document.hpp"
#include "daemon/config/config.hpp"

namespace chatd::config {

// The fault of a value of the file, and its line; in a list of many lines, the line of the element.
struct Complaint {
  std::uint32_t line{0};
  std::string why;
};

// A kind of setting, and the place of its value in a Config.
class Kind {
 public:
  Kind() = default;
  Kind(const Kind&) = delete;
  Kind& operator=(const Kind&) = delete;
  virtual ~Kind() = default;

  // Puts a value of the file into the Config, or returns why it cannot. Values that the type can
  // hold, but the range forbids, are left to check().
  [[nodiscard]] virtual std::optional<Complaint> read(const Value& value, Config& config) const = 0;
  // The fault of the value in the Config, wherever it came from.
  [[nodiscard]] virtual std::optional<std::string> check(const Config& config) const = 0;
  virtual void copy(const Config& from, Config& to) const = 0;
  [[nodiscard]] virtual std::string print(const Config& config) const = 0;  // as TOML
  [[nodiscard]] virtual std::string type() const = 0;                       // "integer"
  [[nodiscard]] virtual std::string range() const = 0;                      // "1 to 100000"
};
using KindPtr = std::unique_ptr<const Kind>;

// Finds a value in a Config: its section and member.
template <class T>
struct Place {
  const T& (*view)(const Config&);
  T& (*edit)(Config&);
};
// For example: place<&Config::limits, &Config::Limits::burst>()
template <auto Section, auto Member>
constexpr auto place() {
  using T = std::remove_cvref_t<decltype(std::declval<Config&>().*Section.*Member)>;
  return Place<T>{[](const Config& config) -> const T& { return config.*Section.*Member; },
                  [](Config& config) -> T& { return config.*Section.*Member; }};
}

// A kind whose value is a T.
template <class T>
class KindOf : public Kind {
 public:
  explicit KindOf(Place<T> where) : where_{where} {}
  void copy(const Config& from, Config& to) const final { edit(to) = view(from); }

 protected:
  [[nodiscard]] const T& view(const Config& config) const { return where_.view(config); }
  [[nodiscard]] T& edit(Config& config) const { return where_.edit(config); }

 private:
  Place<T> where_;
};

// From `least` to `most`. If `zero` is not empty ("no limit"), zero is allowed too.
template <class T>
struct Range {
  T least;
  T most;
  std::string_view zero{};  // NOLINT(readability-redundant-member-init): -Wextra wants it
};

[[nodiscard]] KindPtr flag(Place<bool> where);
[[nodiscard]] KindPtr amount(Place<std::uint32_t> where, Range<std::uint32_t> range);
[[nodiscard]] KindPtr amount(Place<double> where, Range<double> range);
// A number of bytes, a power of two.
[[nodiscard]] KindPtr memory_size(Place<std::uint64_t> where, Range<std::uint64_t> range);
// A number of bytes, or a text with a unit: "512MiB", "1GiB".
[[nodiscard]] KindPtr disk_size(Place<std::uint64_t> where, Range<std::uint64_t> range);
[[nodiscard]] KindPtr duration(Place<std::chrono::seconds> where,
                               Range<std::chrono::seconds> range);
[[nodiscard]] KindPtr duration(Place<std::chrono::milliseconds> where,
                               Range<std::chrono::milliseconds> range);
[[nodiscard]] KindPtr choice(Place<ChatForm> where);
[[nodiscard]] KindPtr choice(Place<WhoMakes> where);
[[nodiscard]] KindPtr choice(Place<WhoClaims> where);
[[nodiscard]] KindPtr choice(Place<wire::DirectFrom> where);
[[nodiscard]] KindPtr choice(Place<LanguageChoice> where);
[[nodiscard]] KindPtr choice(Place<LogLevel> where);
[[nodiscard]] KindPtr choice(Place<WhoEnters> where);
[[nodiscard]] KindPtr choice(Place<WebPlain> where);
// Printable ASCII without a space; a client compares it with a datagram.
[[nodiscard]] KindPtr word(Place<std::string> where, std::size_t most);
// One such word, or a list of `range` of them.
[[nodiscard]] KindPtr words(Place<std::vector<std::string>> where, Range<std::size_t> range,
                            std::size_t most);
// Text that is shown to users.
[[nodiscard]] KindPtr title(Place<std::string> where, std::size_t most);
// An absolute path, or an empty string, which means `empty`.
[[nodiscard]] KindPtr path(Place<std::string> where, std::size_t most,
                           std::string_view empty = "the default place");
[[nodiscard]] KindPtr list(Place<std::vector<Endpoint>> where, Range<std::size_t> range);
[[nodiscard]] KindPtr list(Place<std::vector<chatd::Network>> where, Range<std::size_t> range);

// For example: `found a string ("20"), expected an integer: 1 to 100000`
[[nodiscard]] Complaint wrong_type(const Value& value, const Kind& kind);
// For example: `0 is out of range: 1 to 100000`
[[nodiscard]] std::string out_of_range(std::string_view value, const Kind& kind);

}  // namespace chatd::config
