// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/seek_answers.hpp"

namespace chatd::gateway {

using state::count;

SeekAnswers::SeekAnswers(const config::Config& config, const crypto::Certificate& certificate,
                         bool has_password, UnauthenticatedLimits& unauthenticated,
                         state::GatewayCounters& counters)
    : is_on_{config.network.discovery},
      room_{config.room.name.substr(0, wire::kMaxHereRoom)},
      here_{.wants_password = has_password,
            .wants_invitation = config.server.door == config::WhoEnters::invited,
            .identity = certificate.identity},
      unauthenticated_{unauthenticated},
      counters_{counters} {}

wire::Bytes SeekAnswers::answer(wire::Bytes datagram, const Endpoint& from, MonoTime now) {
  if (!is_on_ || !is_local(from.address)) {
    count(counters_.datagrams_dropped_foreign);
    return {};
  }
  if (!unauthenticated_.admit(now)) return {};
  const auto seek = wire::read_seek(datagram);
  if (!seek) {
    count(counters_.datagrams_dropped_malformed);
    return {};
  }
  if (!unauthenticated_.may_answer_seek(from.address, now)) return {};
  wire::Here here = here_;
  here.token = seek->token;
  if (!here.wants_password && !here.wants_invitation) here.room = room_;
  wire::ByteWriter out{answer_};
  wire::write_here(out, here);
  count(counters_.seeks_answered);
  return out.written();
}

}  // namespace chatd::gateway
