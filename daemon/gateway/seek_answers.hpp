// SPDX-License-Identifier: GPL-3.0-or-later
// seek_answers.hpp — the server's answers to programs that look for servers in the local network.
//
// Runs in:   gateway.
// Borrows:   the limits for unauthenticated peers, the counters.
// Invariant: the address of a SEEK is not proved, so a SEEK costs no memory, no calculation and no
//            search of rules, its answer is not longer, and it tells what a first HELLO tells: the
//            identity of the server. The room is named only if everybody may enter it.
#pragma once

#include <array>
#include <string>

#include "common/base/address.hpp"
#include "common/crypto/certificate.hpp"
#include "common/wire/native/native_discovery.hpp"
#include "daemon/config/config.hpp"
#include "daemon/limits/unauthenticated_limits.hpp"
#include "daemon/state/counters.hpp"

namespace chatd::gateway {

class SeekAnswers {
 public:
  SeekAnswers(const config::Config& config, const crypto::Certificate& certificate,
              bool has_password, UnauthenticatedLimits& unauthenticated,
              state::GatewayCounters& counters);

  // The answer to send; empty: none, which is counted. Borrows a buffer of this object until the
  // next call.
  [[nodiscard]] wire::Bytes answer(wire::Bytes datagram, const Endpoint& from, MonoTime now);

 private:
  bool is_on_;
  std::string room_;
  wire::Here here_{};  // but for the token
  UnauthenticatedLimits& unauthenticated_;
  state::GatewayCounters& counters_;
  std::array<std::byte, wire::kSeekBytes> answer_{};
};

}  // namespace chatd::gateway
