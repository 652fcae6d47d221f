// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/trust.hpp"

#include "client/words.hpp"

namespace chatd::client {

Verdict judge(const KnownServers& known, std::string_view server, const crypto::PublicKey& key,
              const Demands& demands, wire::Language language) {
  const auto entry = known.find(server);
  if (!entry) return {.why_not = entry.error().message()};
  const std::string fingerprint = crypto::fingerprint(key);
  if (demands.fingerprint && *demands.fingerprint != fingerprint) {
    return {.why_not = words(language, Words::key_mismatch, fingerprint, *demands.fingerprint)};
  }
  if (*entry) {
    if ((*entry)->key == key) return {.trusted = true};
    return {.why_not = words(language, Words::key_changed, (*entry)->line, known.file(), server,
                             fingerprint)};
  }
  if (demands.has_password && !demands.fingerprint) {
    return {.outcome = Outcome::unconfirmed_key, .why_not = fingerprint};
  }
  if (const auto added = known.add(server, key); !added) {
    // The key is not stored, so the next connection is again a first contact. The user gets a
    // notice each time.
    return {.trusted = true,
            .report = Notice{words(language, Words::key_not_kept, server, fingerprint,
                                   added.error().message())}};
  }
  return {.trusted = true,
          .report = FirstContact{.fingerprint = fingerprint, .file = known.file()}};
}

}  // namespace chatd::client
