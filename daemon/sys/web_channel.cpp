// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/web_channel.hpp"

#include <utility>

#include "daemon/sys/message_socket.hpp"

namespace chatd::sys {

Result<WebPair> make_web_pair() {
  auto ends = make_message_pair();
  if (!ends) return fail(std::move(ends).error());
  if (auto asked = ask_for_sender(ends->first.get()); !asked) return fail(std::move(asked).error());
  return WebPair{.gateway = std::move(ends->first), .web = std::move(ends->second)};
}

Result<> send(int web_end, const FromWeb& message) { return send_message(web_end, message); }
Result<> send(int gateway_end, const ToWeb& message) { return send_message(gateway_end, message); }

std::optional<WebMessage> receive_from_web(int gateway_end) {
  auto got = take_message<FromWeb>(gateway_end);
  if (!got) return std::nullopt;
  return WebMessage{.message = std::move(got->first), .sender = got->second.sender};
}

std::optional<ToWeb> receive_for_web(int web_end) {
  auto got = take_message<ToWeb>(web_end);
  if (!got) return std::nullopt;
  return std::move(got->first);
}

}  // namespace chatd::sys
