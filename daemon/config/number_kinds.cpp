// SPDX-License-Identifier: GPL-3.0-or-later
// The kinds that are numbers: amounts, sizes of memory, durations.
#include <bit>
#include <limits>

#include <fmt/format.h>

#include "daemon/config/byte_size.hpp"
#include "daemon/config/duration.hpp"
#include "daemon/config/kinds.hpp"

namespace chatd::config {
namespace {

template <class T>
bool within(const T& value, const Range<T>& range) {
  if (!range.zero.empty() && value == T{}) return true;
  return value >= range.least && value <= range.most;  // false for a NaN, too
}

std::string range_words(std::string_view zero, std::string_view least, std::string_view most) {
  const std::string span = fmt::format("{} to {}", least, most);
  return zero.empty() ? span : fmt::format("0 ({}) or {}", zero, span);
}

template <class T>
class Amount final : public KindOf<T> {
  using KindOf<T>::edit;
  using KindOf<T>::view;

 public:
  Amount(Place<T> where, Range<T> range) : KindOf<T>{where}, range_{range} {}

  std::optional<Complaint> read(const Value& value, Config& config) const override {
    if (const auto* integer = std::get_if<std::int64_t>(&value.content)) {
      if constexpr (std::is_integral_v<T>) {
        if (!std::in_range<T>(*integer)) {
          return Complaint{value.line, out_of_range(std::to_string(*integer), *this)};
        }
      }
      edit(config) = static_cast<T>(*integer);
      return std::nullopt;
    }
    const auto* number = std::get_if<double>(&value.content);
    if (std::is_integral_v<T> || number == nullptr) return wrong_type(value, *this);
    edit(config) = static_cast<T>(*number);
    return std::nullopt;
  }
  [[nodiscard]] std::optional<std::string> check(const Config& config) const override {
    if (within(view(config), range_)) return std::nullopt;
    return out_of_range(print(config), *this);
  }
  [[nodiscard]] std::string print(const Config& config) const override {
    return fmt::format("{}", view(config));
  }
  [[nodiscard]] std::string type() const override {
    return std::is_integral_v<T> ? "integer" : "number";
  }
  [[nodiscard]] std::string range() const override {
    return range_words(range_.zero, fmt::format("{}", range_.least),
                       fmt::format("{}", range_.most));
  }

 private:
  Range<T> range_;
};

class MemorySize final : public KindOf<std::uint64_t> {
 public:
  MemorySize(Place<std::uint64_t> where, Range<std::uint64_t> range)
      : KindOf{where}, range_{range} {}

  std::optional<Complaint> read(const Value& value, Config& config) const override {
    const auto* found = std::get_if<std::int64_t>(&value.content);
    if (found == nullptr) return wrong_type(value, *this);
    if (*found < 0) return Complaint{value.line, out_of_range(std::to_string(*found), *this)};
    edit(config) = static_cast<std::uint64_t>(*found);
    return std::nullopt;
  }
  [[nodiscard]] std::optional<std::string> check(const Config& config) const override {
    const std::uint64_t size = view(config);
    if (!within(size, range_)) return out_of_range(print(config), *this);
    if (!std::has_single_bit(size))
      return fmt::format("{} is not a power of two: {}", size, range());
    return std::nullopt;
  }
  [[nodiscard]] std::string print(const Config& config) const override {
    return fmt::format("{}", view(config));
  }
  [[nodiscard]] std::string type() const override { return "integer"; }
  [[nodiscard]] std::string range() const override {
    return "a power of two, " + range_words({}, words(range_.least), words(range_.most));
  }

 private:
  static std::string words(std::uint64_t size) {
    constexpr unsigned kKibi = 10;
    constexpr unsigned kGibi = 30;
    if (size >> kGibi > 0) return fmt::format("{} ({} GiB)", size, size >> kGibi);
    return fmt::format("{} ({} KiB)", size, size >> kKibi);
  }

  Range<std::uint64_t> range_;
};

class DiskSize final : public KindOf<std::uint64_t> {
 public:
  DiskSize(Place<std::uint64_t> where, Range<std::uint64_t> range) : KindOf{where}, range_{range} {}

  std::optional<Complaint> read(const Value& value, Config& config) const override {
    if (const auto* bytes = std::get_if<std::int64_t>(&value.content)) {
      if (*bytes < 0) return Complaint{value.line, out_of_range(std::to_string(*bytes), *this)};
      edit(config) = static_cast<std::uint64_t>(*bytes);
      return std::nullopt;
    }
    const auto* text = std::get_if<std::string>(&value.content);
    if (text == nullptr) return wrong_type(value, *this);
    const auto bytes = parse_byte_size(*text);
    if (!bytes) return Complaint{value.line, quote(*text) + ": " + bytes.error().message()};
    edit(config) = *bytes;
    return std::nullopt;
  }
  [[nodiscard]] std::optional<std::string> check(const Config& config) const override {
    if (within(view(config), range_)) return std::nullopt;
    return out_of_range(print(config), *this);
  }
  [[nodiscard]] std::string print(const Config& config) const override {
    return quote(byte_size_text(view(config)));
  }
  [[nodiscard]] std::string type() const override { return "size"; }
  [[nodiscard]] std::string range() const override {
    return range_words(range_.zero, byte_size_text(range_.least), byte_size_text(range_.most));
  }

 private:
  Range<std::uint64_t> range_;
};

template <class T>
class Duration final : public KindOf<T> {
  using KindOf<T>::edit;
  using KindOf<T>::view;

 public:
  Duration(Place<T> where, Range<T> range) : KindOf<T>{where}, range_{range} {}

  std::optional<Complaint> read(const Value& value, Config& config) const override {
    if (const auto* seconds = std::get_if<std::int64_t>(&value.content)) {
      // Seconds that do not fit into milliseconds are out of every range.
      if (*seconds < 0 || *seconds > std::numeric_limits<std::int32_t>::max()) {
        return Complaint{value.line, out_of_range(std::to_string(*seconds), *this)};
      }
      edit(config) = std::chrono::seconds{*seconds};
      return std::nullopt;
    }
    const auto* text = std::get_if<std::string>(&value.content);
    if (text == nullptr) return wrong_type(value, *this);
    const auto parsed = parse_duration(*text);
    if (!parsed) {
      return Complaint{value.line, quote(*text) + ": " + parsed.error().message()};
    }
    const T rounded = std::chrono::duration_cast<T>(*parsed);
    if (rounded != *parsed) {
      return Complaint{value.line, quote(*text) + " is not a whole number of seconds"};
    }
    edit(config) = rounded;
    return std::nullopt;
  }
  [[nodiscard]] std::optional<std::string> check(const Config& config) const override {
    if (within(view(config), range_)) return std::nullopt;
    return out_of_range(to_text(view(config)), *this);
  }
  [[nodiscard]] std::string print(const Config& config) const override {
    return quote(to_text(view(config)));
  }
  [[nodiscard]] std::string type() const override { return "duration"; }
  [[nodiscard]] std::string range() const override {
    return range_words(range_.zero, to_text(range_.least), to_text(range_.most));
  }

 private:
  Range<T> range_;
};

}  // namespace

KindPtr amount(Place<std::uint32_t> where, Range<std::uint32_t> range) {
  return std::make_unique<Amount<std::uint32_t>>(where, range);
}
KindPtr amount(Place<double> where, Range<double> range) {
  return std::make_unique<Amount<double>>(where, range);
}
KindPtr memory_size(Place<std::uint64_t> where, Range<std::uint64_t> range) {
  return std::make_unique<MemorySize>(where, range);
}
KindPtr disk_size(Place<std::uint64_t> where, Range<std::uint64_t> range) {
  return std::make_unique<DiskSize>(where, range);
}
KindPtr duration(Place<std::chrono::seconds> where, Range<std::chrono::seconds> range) {
  return std::make_unique<Duration<std::chrono::seconds>>(where, range);
}
KindPtr duration(Place<std::chrono::milliseconds> where, Range<std::chrono::milliseconds> range) {
  return std::make_unique<Duration<std::chrono::milliseconds>>(where, range);
}

}  // namespace chatd::config
