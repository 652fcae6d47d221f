// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/certificate_check.hpp"

#include <string_view>

#include "client/words/start_words.hpp"

namespace chatd::client {

std::expected<crypto::Certificate, std::string> check_certificate(const ServerProof& proof,
                                                                  WallTime now,
                                                                  wire::Language language) {
  const auto refuse = [language](StartWords which) {
    return std::unexpected{std::string{words(language, which)}};
  };
  if (proof.certificate.empty()) return refuse(StartWords::certificate_absent);
  auto certificate = crypto::decode_certificate(proof.certificate);
  if (!certificate) return refuse(StartWords::certificate_unreadable);
  if (certificate->key != proof.key) return refuse(StartWords::certificate_of_other_key);
  if (!crypto::is_signed(*certificate)) return refuse(StartWords::certificate_unsigned);
  if (crypto::is_over(*certificate, now - kClockTolerance)) {
    const std::string today = to_rfc3339(now).substr(0, std::string_view{"2027-11-30"}.size());
    return std::unexpected{
        words(language, StartWords::certificate_over, crypto::day_of_end(*certificate), today)};
  }
  return std::move(*certificate);
}

}  // namespace chatd::client
