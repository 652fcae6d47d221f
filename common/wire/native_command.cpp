// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native_command.hpp"

namespace chatd::wire {

std::optional<CommandView> read_command(Bytes stream) noexcept {
  ByteReader in{stream};
  const auto size = in.take<std::uint16_t>();
  const auto kind = in.take<std::uint8_t>();
  const auto name_bytes = in.take<std::uint8_t>();
  if (!in.ok() || size > stream.size() || size > kMaxCommandBytes) return std::nullopt;
  if (size < kCommandHeaderBytes + name_bytes) return std::nullopt;
  CommandView command{.kind = static_cast<CommandKind>(kind), .name = {}, .text = {}, .size = size};
  command.name = in.take_text(name_bytes);
  command.text = in.take_text(size - kCommandHeaderBytes - name_bytes);
  return command;
}

bool write_command(ByteWriter& out, CommandKind kind, std::string_view name,
                   std::string_view text) noexcept {
  const std::size_t size = kCommandHeaderBytes + name.size() + text.size();
  if (name.size() > 255 || size > kMaxCommandBytes || size > out.left()) return false;
  out.put(static_cast<std::uint16_t>(size));
  out.put(static_cast<std::uint8_t>(kind));
  out.put(static_cast<std::uint8_t>(name.size()));
  out.put_text(name);
  out.put_text(text);
  return true;
}

}  // namespace chatd::wire
