// SPDX-License-Identifier: GPL-3.0-or-later
// certificate_check.hpp — checks the certificate that a server sends: whether an identity says that
// the key of this handshake is its own, and still is.
//
// Runs in:   uchat's session process. Pure.
// Rule:      the certificate may be over for kClockTolerance, as clocks are not equal.
#pragma once

#include <chrono>
#include <expected>
#include <string>

#include "client/member/member.hpp"
#include "common/base/time.hpp"
#include "common/crypto/certificate.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

inline constexpr std::chrono::hours kClockTolerance{24};

// The certificate, or a sentence in `language` why it proves nothing.
[[nodiscard]] std::expected<crypto::Certificate, std::string> check_certificate(
    const ServerProof& proof, WallTime now, wire::Language language);

}  // namespace chatd::client
