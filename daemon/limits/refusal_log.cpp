// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/limits/refusal_log.hpp"

#include <string>
#include <vector>

#include "common/base/log.hpp"
#include "common/wire/name.hpp"
#include "daemon/limits/logged_address.hpp"

namespace chatd::gateway {

using wire::Reason;

void RefusalLog::refused(const Endpoint& peer, std::string_view name, Reason why, MonoTime now) {
  const bool by_limit = wire::outcome_of(why) == Reason::room_full;
  const bool written = write(peer, name, why, now);
  if (by_limit || !written) floods_.refused_login(peer.address, written, now);
}

void RefusalLog::refused_password(const Endpoint& peer, MonoTime now) {
  if (!write(peer, {}, Reason::wrong_password, now)) {
    floods_.refused_login(peer.address, false, now);
  }
}

bool RefusalLog::write(const Endpoint& peer, std::string_view name, Reason why, MonoTime now) {
  if (limit_.refuse(arrival_, now)) return false;
  const std::string address = to_text(peer.address);
  const std::string port = std::to_string(peer.port);
  // Always in English, whatever the language of the room is: administrators search the log.
  std::string message =
      "refused " + logged_address(peer) + ": " + std::string{wire::phrase(wire::Language::en, why)};
  std::vector<LogField> fields{{"CHATD_EVENT", "refuse"},
                               {"CHATD_ADDRESS", address},
                               {"CHATD_PORT", port},
                               {"CHATD_REASON", wire::code_of(why)}};
  const auto valid = wire::check_name(name);
  if (valid) {
    message += " (name: " + valid->text + ")";
    fields.push_back({"CHATD_USER", valid->text});
  }
  log(LogLevel::notice, message, fields);
  return true;
}

}  // namespace chatd::gateway
