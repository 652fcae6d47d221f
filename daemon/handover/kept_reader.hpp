// SPDX-License-Identifier: GPL-3.0-or-later
// kept_reader.hpp — decodes a struct from an object of a snapshot by its list of kept fields.
//
// Runs in:   supervisor.
// Errors:    exceptions, as those of the JSON library: a field is missing, or has another type or
//            size.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <nlohmann/json.hpp>

#include "daemon/handover/snapshot_format.hpp"
#include "daemon/state/short_text.hpp"

namespace chatd::handover {

// Decodes the fields of a struct from those of an object.
class KeptReader {
 public:
  explicit KeptReader(const nlohmann::json& from) noexcept : from_{from} {}

  template <class T>
  void operator()(const char* name, T& field) {
    decode(from_.at(name), field);
  }
  template <class T>
  void operator()(const char* name, const T& wrapper) {
    get(name, wrapper);
  }

 private:
  template <class T>
  void get(const char* /*name*/, const NotKept<T>& /*field*/) {}
  template <class T>
  void get(const char* /*name*/, const Separate<T>& /*field*/) {}
  template <class T>
  void get(const char* /*name*/, const StoredLast<T>& /*field*/) {}
  template <class T, class Value>
  void get(const char* name, const Since<T, Value>& since) {
    if (from_.contains(name)) return decode(from_.at(name), since.field);
    since.field = since.before;
  }
  template <class T, class Value>
  void get(const char* name, const Sparse<T, Value>& sparse) {
    if (from_.contains(name)) return decode(from_.at(name), sparse.field);
    set(sparse.field, sparse.usual);
  }
  template <class T>
  void get(const char* /*name*/, const Flat<T>& flat) {
    visit_kept(*this, flat.field);
  }
  template <class Slot, class Serial, class Copies>
  void get(const char* /*name*/, const InForce<Slot, Serial, Copies>& both) {
    typename Copies::value_type value{};
    visit_kept(*this, value);
    both.copies.fill(value);
  }
  template <class Array, class Count>
  void get(const char* name, const Text<Array, Count>& text) {
    const std::string characters = from_.at(name);
    if (characters.empty() || characters.size() > text.characters.size()) {
      throw std::length_error{"a name of the snapshot has a wrong size"};
    }
    text.count = static_cast<Count>(characters.size());
    std::ranges::copy(characters, text.characters.begin());
  }
  template <class T>
  void get(const char* name, const EvenAndOdd<T>& both) {
    decode(from_.at(std::string{name} + "_even"), both.keys[0]);
    decode(from_.at(std::string{name} + "_odd"), both.keys[1]);
  }

  template <class T, class Value>
  static void set(T& field, const Value& value) {
    field = value;
  }
  template <std::size_t N>
  static void set(state::ShortText<N>& text, std::string_view value) {
    assign(text, value);
  }

  template <class T>
  static void decode(const nlohmann::json& from, T& field) {
    if constexpr (std::is_same_v<T, IpAddress>) {
      decode(from, field.bytes);
    } else if constexpr (HasList<T>) {
      field = {};
      KeptReader reader{from};
      visit_kept(reader, field);
    } else if constexpr (ByteArray<T>) {
      if (from.is_string()) return read_hex(from, std::as_writable_bytes(std::span{field}));
      fill(std::as_writable_bytes(std::span{field}), bytes_in(from));
    } else if constexpr (std::is_enum_v<T>) {
      const auto number = from.get<std::uint64_t>();
      if (!std::in_range<std::underlying_type_t<T>>(number)) {
        throw std::out_of_range{"a number of the snapshot is impossible"};
      }
      field = static_cast<T>(number);
    } else {
      from.get_to(field);
    }
  }
  template <class T>
  static void decode(const nlohmann::json& from, std::atomic<T>& field) {
    field = from.get<T>();
  }
  template <std::size_t N>
  static void decode(const nlohmann::json& from, state::ShortText<N>& text) {
    const std::string characters = from;
    if (characters.size() > N) throw std::length_error{"a text of the snapshot is too long"};
    assign(text, characters);
  }
  static void decode(const nlohmann::json& from, state::SessionKind& kind) {
    if (from == kWebSession) {
      kind = state::SessionKind::web;
      return;
    }
    kind = from.get<bool>() ? state::SessionKind::native : state::SessionKind::text;
  }
  static void decode(const nlohmann::json& from, state::NamingHabit& habit) {
    habit = static_cast<state::NamingHabit>(std::clamp(from.get<int>(), 0, 2));
  }
  static void fill(std::span<std::byte> to, std::span<const std::byte> from) {
    if (from.size() != to.size()) {
      throw std::length_error{"a field of the snapshot has a wrong size"};
    }
    std::ranges::copy(from, to.begin());
  }

  const nlohmann::json& from_;
};

template <class T>
void read_kept(const nlohmann::json& from, T& value) {
  KeptReader reader{from};
  visit_kept(reader, value);
}

}  // namespace chatd::handover
