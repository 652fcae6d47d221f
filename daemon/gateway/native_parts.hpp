// SPDX-License-Identifier: GPL-3.0-or-later
// native_parts.hpp — the objects that the server's side of the native protocol uses.
//
// Runs in:   gateway.
// Borrows:   everything but the key and the password.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include "common/crypto/keys.hpp"
#include "daemon/chat/chat.hpp"
#include "daemon/config/config.hpp"
#include "daemon/gateway/gateway_log.hpp"
#include "daemon/gateway/member_questions.hpp"
#include "daemon/limits/unauthenticated_limits.hpp"
#include "daemon/state/key_table.hpp"

namespace chatd::gateway {

struct NativeParts {
  chat::Chat& chat;
  const state::StateView& state;
  state::KeyTable& keys;
  const config::Config& config;
  std::span<const int> sockets;
  crypto::KeyPair identity;
  crypto::Certificate certificate;  // of `identity`
  std::optional<crypto::SecretKey> password;
  UnauthenticatedLimits& unauthenticated;
  GatewayLog& log;
  std::uint32_t workers{1};             // number of worker processes
  bool has_archive{false};              // messages are stored on disk
  MemberQuestions* questions{nullptr};  // about stored lines; null: nothing is stored
  // Removes a member of the text protocol, as kicked: by a moderator of the default room.
  std::function<void(chat::Slot, std::string_view reason, chat::Now)> remove_text{};
  // Tells web that the session of a browser ends, see web_link.hpp.
  std::function<void(chat::Slot, const wire::ByeFrame&)> tell_browser{};
};

}  // namespace chatd::gateway
