// SPDX-License-Identifier: GPL-3.0-or-later
// kept_writer.hpp — encodes a struct as an object of a snapshot by its list of kept fields.
//
// Runs in:   supervisor.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

#include <nlohmann/json.hpp>

#include "daemon/handover/snapshot_format.hpp"
#include "daemon/state/room_properties.hpp"

namespace chatd::handover {

// Encodes the fields of a struct as those of an object.
class KeptWriter {
 public:
  explicit KeptWriter(nlohmann::json& to) noexcept : to_{to} {}

  template <class T>
  void operator()(const char* name, const T& field) {
    put(name, field);
  }

 private:
  template <class T>
  void put(const char* name, const T& field) {
    to_[name] = encoded(field);
  }
  template <class T>
  void put(const char* /*name*/, const NotKept<T>& /*field*/) {}
  template <class T>
  void put(const char* /*name*/, const Separate<T>& /*field*/) {}
  template <class T, class Value>
  void put(const char* name, const Since<T, Value>& since) {
    put(name, since.field);
  }
  template <class T, class Value>
  void put(const char* name, const Sparse<T, Value>& sparse) {
    if (!is(sparse.field, sparse.usual)) put(name, sparse.field);
  }
  template <class T>
  void put(const char* name, const StoredLast<T>& last) {
    put(name, last.field);
  }
  template <class T>
  void put(const char* /*name*/, const Flat<T>& flat) {
    visit_kept(*this, flat.field);
  }
  template <class Slot, class Serial, class Copies>
  void put(const char* /*name*/, const InForce<Slot, Serial, Copies>& copies) {
    const auto& value = in_force(copies.slot);
    visit_kept(*this, value);
  }
  template <class Array, class Count>
  void put(const char* name, const Text<Array, Count>& text) {
    to_[name] = std::string{text.characters.data(), text.count};
  }
  template <class T>
  void put(const char* name, const EvenAndOdd<T>& both) {
    to_[std::string{name} + "_even"] = binary(both.keys[0]);
    to_[std::string{name} + "_odd"] = binary(both.keys[1]);
  }

  static const state::NativePeer& in_force(const state::NativeSlot& slot) {
    return state::peer_of(slot);
  }
  static const state::RoomTopic& in_force(const state::RoomProperties& room) {
    return state::topic_of(room);
  }
  static const state::SaidAway& in_force(const state::AwaySlot& slot) {
    return state::said_away(slot);
  }
  static state::TxKey in_force(const state::KeySlot& keys) { return state::tx_key(keys); }

  template <class T, class Value>
  static bool is(const T& field, const Value& value) {
    return field == value;
  }
  template <std::size_t N>
  static bool is(const state::ShortText<N>& text, std::string_view value) {
    return view_of(text) == value;
  }

  template <class T>
  static nlohmann::json encoded(const T& field) {
    if constexpr (std::is_same_v<T, IpAddress>) {
      return binary(field.bytes);
    } else if constexpr (HasList<T>) {
      nlohmann::json object;
      KeptWriter writer{object};
      visit_kept(writer, field);
      return object;
    } else if constexpr (ByteArray<const T>) {
      return binary(field);
    } else {
      return field;
    }
  }
  template <class T>
  static nlohmann::json encoded(const std::atomic<T>& field) {
    return field.load(std::memory_order_relaxed);
  }
  template <std::size_t N>
  static nlohmann::json encoded(const state::ShortText<N>& text) {
    return std::string{view_of(text)};
  }
  static nlohmann::json encoded(const state::SessionKind& kind) {
    if (kind == state::SessionKind::web) return kWebSession;
    return kind == state::SessionKind::native;
  }
  static nlohmann::json encoded(const state::NamingHabit& habit) { return static_cast<int>(habit); }

  nlohmann::json& to_;
};

// Adds the kept fields of a struct to an object.
template <class T>
void write_kept(nlohmann::json& to, const T& value) {
  KeptWriter writer{to};
  visit_kept(writer, value);
}

}  // namespace chatd::handover
