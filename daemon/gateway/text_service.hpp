// SPDX-License-Identifier: GPL-3.0-or-later
// text_service.hpp — the text protocol's server side: a datagram in, replies out.
//
// Runs in:   gateway.
// Owns:      the outbox. Borrows: the Room, the counters, the limits of strangers, the log.
// Invariant: after handle()s comes one finish(): OKs and EXITs are on their way before the
//            room's lines are, and every member is told about its own faults at most once a
//            second.
// See:       chatd-protocol(7).
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "common/io/datagram_batch.hpp"
#include "common/wire/language.hpp"
#include "common/wire/text_protocol.hpp"
#include "daemon/chat/room.hpp"
#include "daemon/config/config.hpp"
#include "daemon/gateway/gateway_log.hpp"
#include "daemon/gateway/outbox.hpp"
#include "daemon/gateway/strangers.hpp"

namespace chatd::gateway {

class TextService {
 public:
  TextService(chat::Room& room, const state::StateView& state, const config::Config& config,
              std::span<const int> sockets, wire::Language language, Strangers& strangers,
              GatewayLog& log);

  // `socket` is the datagram's place in the list of sockets; `via` the local address to
  // answer from, the wildcard if the socket has only one.
  void handle(const io::Datagram& datagram, std::uint16_t socket, const IpAddress& via,
              chat::Now now);
  // The port of that address is closed: the member has gone without a word.
  void unreachable(const Endpoint& peer, chat::Now now);
  // Removes a member by the administrator's or the clock's will, and tells it why.
  void remove(chat::Slot member, state::LeaveKind kind, std::string_view reason, chat::Now now);
  // What a killed predecessor left half done.
  void finish_adoption(const chat::Room::Unfinished& unfinished);
  // text.enabled is false since the last reload: removes the members that came in before. Without
  // it they would go on reading, and could not even say that they leave.
  void close(chat::Now now);
  // The service stops: everybody's EXIT, without a word to the others.
  void farewell();
  // Sends what is due, then lets the room settle. Once per batch of datagrams.
  void finish();

 private:
  void stranger(const wire::TextCommand& command, const state::Delivery& from, chat::Now now);
  void login(const wire::TextCommand& command, const state::Delivery& from, chat::Now now);
  void member(chat::Slot slot, const wire::TextCommand& command, chat::Now now);
  void say(chat::Slot slot, std::string_view argument, const state::Delivery& to, chat::Now now);
  // False: it has asked too often, and got no answer.
  bool refuse_stranger(const state::Delivery& to, std::string_view why, chat::Now now);
  void notify(chat::Slot slot, const state::Delivery& to, std::string_view what, chat::Now now);
  // True: the name that `from` wants is free now.
  bool frees_name(std::string_view name, const state::Delivery& from, chat::Now now);
  void put_exit(const state::Delivery& to);
  [[nodiscard]] bool is_welcome(const IpAddress& address) const;
  [[nodiscard]] bool is_ourselves(const Endpoint& from) const;
  // After a login: who was silent for longest, if there are more than text.listeners.
  void remove_surplus(chat::Now now);

  chat::Room& room_;
  state::GatewayCounters& counters_;
  const config::Config& config_;
  wire::Language language_;
  std::span<const int> sockets_;
  std::vector<std::uint16_t> own_ports_;  // of our sockets
  Outbox outbox_;
  Strangers& strangers_;
  GatewayLog& log_;
  std::vector<std::int64_t> next_check_;  // by slot: when its port may be checked again; monotonic
};

}  // namespace chatd::gateway
