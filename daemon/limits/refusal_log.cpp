// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/limits/refusal_log.hpp"

#include <string>

#include "common/base/log.hpp"

namespace chatd::gateway {

using wire::Reason;

void RefusalLog::refused(const Endpoint& peer, Reason why, MonoTime now) {
  const bool by_limit = wire::outcome_of(why) == Reason::room_full;
  // Always in English, whatever the language of the room is: administrators search the log.
  const bool written = write(peer, wire::code_of(why), wire::phrase(wire::Language::en, why), now);
  if (by_limit || !written) floods_.refused_login(peer.address, written, now);
}

void RefusalLog::refused_password(const Endpoint& peer, MonoTime now) {
  constexpr auto kWhy = Reason::wrong_password;
  if (!write(peer, wire::code_of(kWhy), wire::phrase(wire::Language::en, kWhy), now)) {
    floods_.refused_login(peer.address, false, now);
  }
}

bool RefusalLog::write(const Endpoint& peer, std::string_view code, std::string_view why,
                       MonoTime now) {
  if (limit_.refuse(arrival_, now)) return false;
  log(LogLevel::notice, "refused " + to_text(peer) + ": " + std::string{why},
      {{"CHATD_EVENT", "refuse"},
       {"CHATD_ADDRESS", to_text(peer.address)},
       {"CHATD_PORT", std::to_string(peer.port)},
       {"CHATD_REASON", code}});
  return true;
}

}  // namespace chatd::gateway
