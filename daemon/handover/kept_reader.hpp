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
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>

#include <nlohmann/json.hpp>

#include "daemon/handover/snapshot_format.hpp"

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

  template <class T>
  static void decode(const nlohmann::json& from, T& field) {
    if constexpr (std::is_same_v<T, IpAddress>) {
      decode(from, field.bytes);
    } else if constexpr (HasList<T>) {
      field = {};
      KeptReader reader{from};
      visit_kept(reader, field);
    } else if constexpr (ByteArray<T>) {
      fill(std::as_writable_bytes(std::span{field}), bytes_in(from));
    } else {
      from.get_to(field);
    }
  }
  template <class T>
  static void decode(const nlohmann::json& from, std::atomic<T>& field) {
    field = from.get<T>();
  }
  static void decode(const nlohmann::json& from, state::SessionKind& kind) {
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
