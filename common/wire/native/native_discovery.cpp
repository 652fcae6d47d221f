// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/native_discovery.hpp"

#include "common/wire/native/packet_fields.hpp"

namespace chatd::wire {

std::optional<Seek> read_seek(Bytes datagram) noexcept {
  if (datagram.size() < kSeekBytes) return std::nullopt;
  return read_packet<Seek>(datagram);
}
void write_seek(ByteWriter& out, const Seek& seek) noexcept {
  const std::size_t before = out.size();
  write_packet(out, seek);
  out.put_zeros(kSeekBytes - (out.size() - before));
}

std::optional<Here> read_here(Bytes datagram) noexcept {
  const auto here = read_packet<Here>(datagram);
  return here && here->room.size() <= kMaxHereRoom ? here : std::nullopt;
}
void write_here(ByteWriter& out, const Here& here) noexcept { write_packet(out, here); }

}  // namespace chatd::wire
