// SPDX-License-Identifier: GPL-3.0-or-later
// any_report.hpp — makes a report of the session process of a fuzzer's bytes: any type, with any
// values.
//
// Runs in:   fuzz targets.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "client/session/message.hpp"
#include "common/base/fields.hpp"
#include "common/base/time.hpp"
#include "tests/fuzz/input.hpp"

namespace chatd::fuzz {

// Fills the fields of a struct; `text` makes its strings.
class Filler {
 public:
  Filler(Input& input, std::function<std::string(std::string_view)> text)
      : input_{input}, text_{std::move(text)} {}

  template <class T>
  void operator()(std::string_view /*name*/, T& field) {
    fill(field);
  }

 private:
  template <Listed T>
  void fill(T& field) {
    T::fields(*this, field);
  }
  template <class T>
  void fill(std::optional<T>& field) {
    if (input_.byte() % 2 != 0) fill(field.emplace());
  }
  template <Listed T>
  void fill(std::vector<T>& field) {
    field.resize(input_.byte() % 8);
    for (T& one : field) fill(one);
  }
  void fill(std::string& field) { field = text_(input_.text()); }
  void fill(bool& field) { field = input_.byte() % 2 != 0; }
  void fill(WallTime& field) { field = WallTime{Micros{static_cast<std::int64_t>(number())}}; }
  template <class T>
  requires std::is_enum_v<T>
  void fill(T& field) { field = static_cast<T>(input_.byte()); }
  template <std::integral T>
  void fill(T& field) {
    field = static_cast<T>(number());
  }
  // Mostly small.
  std::uint64_t number() {
    const std::uint64_t first = input_.byte();
    return first == 255 ? input_.number(8) : first;
  }

  Input& input_;
  std::function<std::string(std::string_view)> text_;
};

template <std::size_t... Index>
client::Report report_of_type(std::size_t type, std::index_sequence<Index...> /*all*/) {
  client::Report report;
  ((type == Index ? void(report.emplace<Index>()) : void()), ...);
  return report;
}

// nullopt: no session process sends it.
inline std::optional<client::Report> any_report(Input& input,
                                                std::function<std::string(std::string_view)> text) {
  constexpr std::size_t kTypes = std::variant_size_v<client::Report>;
  client::Report report = report_of_type(input.byte() % kTypes, std::make_index_sequence<kTypes>{});
  Filler filler{input, std::move(text)};
  std::visit([&](auto& one) { filler("", one); }, report);
  return client::decode_report(client::encode(report));
}

}  // namespace chatd::fuzz
