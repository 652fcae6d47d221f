// SPDX-License-Identifier: GPL-3.0-or-later
// native_argument.hpp — decodes the name or the text of a command or a record as a struct.
//
// Runs in:   client, gateway. Private to native_command.cpp and native_record.cpp.
// Borrows:   the text. Pure; nothing allocates.
// See:       as_argument() of native_command.hpp, which encodes it.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "common/wire/field_reader.hpp"

namespace chatd::wire {

// nullopt: `text` is shorter or longer than the encoded struct.
template <Listed T>
[[nodiscard]] std::optional<T> read_argument(std::string_view text) noexcept {
  ByteReader in{std::as_bytes(std::span{text})};
  T value{};
  decode(in, value);
  if (!in.ok() || !in.at_end()) return std::nullopt;
  return value;
}

}  // namespace chatd::wire
