// SPDX-License-Identifier: GPL-3.0-or-later
// trust.hpp — whether a server is the one that was there before.
//
// Runs in:   uchat's session process.
// Rule:      trust at first use, as ssh: an unknown server's key is kept and shown, another
//            key for a known one is refused with the line of the file to look at.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "client/known_servers.hpp"
#include "client/message.hpp"
#include "common/crypto/keys.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

struct Verdict {
  bool trusted{false};
  std::optional<Report> report{};  // the user must see it
  std::string why_not{};
};

[[nodiscard]] Verdict judge(const KnownServers& known, std::string_view server,
                            const crypto::PublicKey& key, wire::Language language);

}  // namespace chatd::client
