// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/native_command.hpp"

#include "common/wire/field_reader.hpp"
#include "common/wire/native/native_argument.hpp"

namespace chatd::wire {

std::optional<CommandView> read_command(Bytes stream) noexcept {
  ByteReader in{stream};
  CommandHeader header{};
  decode(in, header);
  const std::size_t size = header.size;
  if (!in.ok() || size > stream.size() || size > kMaxCommandBytes) return std::nullopt;
  if (size < kCommandHeaderBytes + header.name_bytes) return std::nullopt;
  CommandView command{.kind = header.kind, .name = {}, .text = {}, .size = size};
  command.name = in.take_text(header.name_bytes);
  command.text = in.take_text(size - kCommandHeaderBytes - header.name_bytes);
  return command;
}

std::optional<RoomId> room_of(const CommandView& command) noexcept {
  if (command.name.empty()) return kDefaultRoom;
  const auto address = read_argument<RoomAddress>(command.name);
  return address ? std::optional{address->room} : std::nullopt;
}

std::optional<RoomPosition> position_of(const CommandView& command) noexcept {
  return read_argument<RoomPosition>(command.text);
}

std::optional<std::uint32_t> place_of(const CommandView& command) noexcept {
  const auto list = read_argument<ListPlace>(command.text);
  return list ? std::optional{list->place} : std::nullopt;
}

std::optional<std::uint32_t> program_of(const CommandView& command) noexcept {
  const auto program = read_argument<ProgramNumber>(command.text);
  return program ? std::optional{program->number} : std::nullopt;
}

std::optional<std::uint64_t> line_of(const CommandView& command) noexcept {
  const auto line = read_argument<LineNumber>(command.text);
  return line ? std::optional{line->number} : std::nullopt;
}

bool write_command(ByteWriter& out, CommandKind kind, std::string_view name,
                   std::string_view text) noexcept {
  const std::size_t size = kCommandHeaderBytes + name.size() + text.size();
  if (name.size() > 255 || size > kMaxCommandBytes || size > out.left()) return false;
  encode(out, CommandHeader{.size = static_cast<std::uint16_t>(size),
                            .kind = kind,
                            .name_bytes = static_cast<std::uint8_t>(name.size())});
  out.put_text(name);
  out.put_text(text);
  return true;
}

}  // namespace chatd::wire
