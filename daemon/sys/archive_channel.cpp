// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/archive_channel.hpp"

#include <utility>

#include "daemon/sys/message_socket.hpp"

namespace chatd::sys {

static_assert(kMaxArchiveMessage == kMaxMessage);

Result<ArchivePair> make_archive_pair() {
  auto ends = make_message_pair();
  if (!ends) return fail(std::move(ends).error());
  return ArchivePair{.gateway = std::move(ends->first), .archive = std::move(ends->second)};
}

Result<> send(int gateway_end, const ToArchive& message, std::optional<int> descriptor) {
  return send_message(gateway_end, message, descriptor);
}

Result<> send(int archive_end, const ToGateway& message) {
  return send_message(archive_end, message);
}

std::optional<FromGateway> receive_from_gateway(int archive_end) {
  auto got = take_message<ToArchive>(archive_end);
  if (!got) return std::nullopt;
  return FromGateway{.message = std::move(got->first), .fd = std::move(got->second.fd)};
}

std::optional<ToGateway> receive_from_archive(int gateway_end) {
  auto got = take_message<ToGateway>(gateway_end);
  if (!got) return std::nullopt;
  return std::move(got->first);
}

}  // namespace chatd::sys
