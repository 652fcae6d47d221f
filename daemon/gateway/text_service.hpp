// SPDX-License-Identifier: GPL-3.0-or-later
// text_service.hpp — the server side of the text protocol: receives a datagram, sends replies.
//
// Runs in:   gateway.
// Owns:      the outbox. Borrows: the Chat, the counters, the limits for unauthenticated peers, the
//            log.
// Invariant: one finish() follows each batch of handle() calls, so OK and EXIT replies are sent
//            before the lines of the room. Each member gets at most one notice about its own
//            errors a second.
// See:       chatd-protocol(7).
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "common/io/datagram_batch.hpp"
#include "common/wire/language.hpp"
#include "common/wire/text/text_protocol.hpp"
#include "daemon/chat/chat.hpp"
#include "daemon/config/config.hpp"
#include "daemon/gateway/gateway_log.hpp"
#include "daemon/gateway/outbox.hpp"
#include "daemon/limits/unauthenticated_limits.hpp"

namespace chatd::gateway {

class TextService {
 public:
  TextService(chat::Chat& chat, const state::StateView& state, const config::Config& config,
              std::span<const int> sockets, wire::Language language,
              UnauthenticatedLimits& unauthenticated, GatewayLog& log);

  // Processes one datagram. `socket` is the index of its socket in the list of sockets; `via` is
  // the local address to reply from, or the wildcard address if the socket has only one address.
  void handle(const io::Datagram& datagram, std::uint16_t socket, const IpAddress& via,
              chat::Now now);
  // The port of `peer` is closed (ICMP): removes its member. It gets no reply.
  void unreachable(const Endpoint& peer, chat::Now now);
  // Removes a member because of a kick or a timeout, and sends it the reason.
  void remove(chat::Slot member, state::LeaveKind kind, std::string_view reason, chat::Now now);
  // Sends the replies that a killed predecessor may not have sent.
  void finish_adoption(const chat::Sessions::Unfinished& unfinished);
  // Removes all text members and tells them why.
  void close(wire::Reason why, chat::Now now);
  // The same after a reload with text.enabled = false or a closed door: the service ignores all
  // commands of text members then, so that they could not even leave.
  void close_if_shut(chat::Now now);
  // The service stops: sends EXIT to all text members. They stay in the room, so no leave lines
  // are written.
  void send_goodbyes();
  // Sends the queued replies, then calls Sessions::settle(). Once for each batch of datagrams.
  void finish();

 private:
  // A command of a peer that is not a member.
  void on_unauthenticated(const wire::TextCommand& command, const state::Delivery& from,
                          chat::Now now);
  void login(const wire::TextCommand& command, const state::Delivery& from, chat::Now now);
  // The door is closed (server.door).
  void turn_away(const wire::TextCommand& command, const state::Delivery& from, chat::Now now);
  // A command of a member.
  void member(chat::Slot slot, const wire::TextCommand& command, chat::Now now);
  void say(chat::Slot slot, std::string_view argument, const state::Delivery& to, chat::Now now);
  // Sends a reply to a peer that is not a member. False: its limit is reached, nothing is sent.
  bool reply_to_unauthenticated(const state::Delivery& to, std::string_view why, chat::Now now);
  // Sends a notice to a member, unless it got one less than a second ago.
  void notify(chat::Slot slot, const state::Delivery& to, std::string_view what, chat::Now now);
  // `from` wants the name of a member. True: that member was removed, the name is free now.
  bool frees_name(std::string_view name, const state::Delivery& from, chat::Now now);
  void put_exit(const state::Delivery& to);
  // Whether text.networks contains the address.
  [[nodiscard]] bool is_allowed(const IpAddress& address) const;
  [[nodiscard]] bool is_own_socket(const Endpoint& from) const;
  // After a login: removes the members that were silent for longest, while there are more than
  // text.listeners.
  void remove_surplus(chat::Now now);

  chat::Chat& chat_;
  chat::Sessions& sessions_;
  state::GatewayCounters& counters_;
  const config::Config& config_;
  wire::Language language_;
  std::span<const int> sockets_;
  std::vector<std::uint16_t> own_ports_;  // of our sockets
  Outbox outbox_;
  UnauthenticatedLimits& unauthenticated_;
  GatewayLog& log_;
  std::vector<std::int64_t> next_check_;  // by slot: next check of its port (monotonic µs)
};

}  // namespace chatd::gateway
