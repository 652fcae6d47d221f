// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/refusal_log.hpp"

#include <string>

#include "common/base/log.hpp"

namespace chatd::gateway {

using wire::Phrase;

namespace {

// The code in CHATD_REASON; native clients get the same code.
std::string_view code_of(Phrase why) {
  switch (why) {
    case Phrase::name_taken:
      return "name_taken";
    case Phrase::room_full:
      return "room_full";
    case Phrase::address_full:
      return "address_full";
    default:
      return "name_refused";
  }
}

}  // namespace

void RefusalLog::refused(const Endpoint& peer, Phrase why, MonoTime now) {
  const bool by_limit = why == Phrase::room_full || why == Phrase::address_full;
  // Always in English, whatever the language of the room is: administrators search the log.
  const bool written = write(peer, code_of(why), wire::phrase(wire::Language::en, why), now);
  if (by_limit || !written) floods_.refused_login(peer.address, written, now);
}

void RefusalLog::refused_password(const Endpoint& peer, MonoTime now) {
  if (!write(peer, "wrong_password", "The password is wrong.", now)) {
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
