// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/text_service.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>

#include "common/io/udp_socket.hpp"
#include "daemon/chat/rule_text.hpp"
#include "daemon/state/counters.hpp"

namespace chatd::gateway {

using chat::Sessions;
using chat::Slot;
using chat::TextCommands;
using state::count;
using state::LeaveKind;

namespace {

constexpr std::size_t kChatPrefix = 2;  // "C "
// A text session that was silent for this time loses its name to a new session from the same
// address.
constexpr std::chrono::seconds kSilentHolder{60};
// The minimum time between two checks of the same port, see frees_name().
constexpr Micros kCheckInterval = std::chrono::seconds{10};
constexpr std::array kEmptyLine{std::byte{'\n'}};
using TextBuffer = std::array<char, wire::kMaxTextDatagram>;
using PhraseBuffer = std::array<char, wire::kMaxPhraseBytes>;

}  // namespace

TextService::TextService(chat::Chat& chat, const state::StateView& state,
                         const config::Config& config, std::span<const int> sockets,
                         wire::Language language, UnauthenticatedLimits& unauthenticated,
                         GatewayLog& log)
    : chat_{chat},
      sessions_{chat.sessions},
      counters_{state.counters()},
      config_{config},
      language_{language},
      sockets_{sockets},
      outbox_{sockets, state.counters()},
      unauthenticated_{unauthenticated},
      log_{log},
      next_check_(state.geometry().sessions) {
  for (const int socket : sockets) {
    const auto where = io::local_endpoint(socket);
    own_ports_.push_back(where ? where->port : std::uint16_t{0});
  }
}

void TextService::handle(const io::Datagram& datagram, std::uint16_t socket, const IpAddress& via,
                         chat::Now now) {
  const auto command = wire::decode_text(datagram.bytes);
  const state::Delivery from{.peer = datagram.from,
                             .local = via,
                             .socket = socket,
                             .newline = static_cast<std::uint8_t>(command.newline ? 1 : 0),
                             .unproved = 0};
  if (const auto known = sessions_.find(datagram.from)) {
    const bool is_cut = datagram.full_size > datagram.bytes.size();
    // TextCommands::say() charges for a chat message itself; a quit is the last command and costs
    // nothing.
    const bool is_free = command.verb == wire::TextVerb::chat ||
                         wire::asks_to_leave(command, sessions_.name(*known));
    if ((is_cut || !is_free) && sessions_.charge(*known, now.mono)) {
      return log_.floods.refused(datagram.from.address, Limit::messages, now.mono);
    }
    if (is_cut) {
      TextBuffer text{};
      const auto size = wire::render_too_long(language_, datagram.full_size - kChatPrefix,
                                              config_.limits.message_bytes, text);
      count(counters_.messages_refused_invalid);
      return notify(*known, sessions_.session(*known).delivery, {text.data(), size}, now);
    }
    return member(*known, command, now);
  }
  if (!is_allowed(datagram.from.address)) {
    count(counters_.datagrams_dropped_foreign);
    return log_.floods.refused(datagram.from.address, Limit::networks, now.mono);
  }
  if (!unauthenticated_.admit_text(datagram.from.address, now.mono)) return;
  if (is_own_socket(datagram.from)) return count(counters_.datagrams_dropped_malformed);
  on_unauthenticated(command, from, now);
}

// A datagram whose source is one of the service's own sockets is forged. The service would send
// its replies to itself, and as a member that socket would repeat every line that it receives.
bool TextService::is_own_socket(const Endpoint& from) const {
  return std::ranges::find(own_ports_, from.port) != own_ports_.end() &&
         io::is_own_address(from.address);
}

bool TextService::is_allowed(const IpAddress& address) const {
  return std::ranges::any_of(config_.text.networks,
                             [&](const Network& network) { return network.contains(address); });
}

void TextService::on_unauthenticated(const wire::TextCommand& command, const state::Delivery& from,
                                     chat::Now now) {
  using wire::Reason;
  if (chat_.door.is_closed() && command.verb != wire::TextVerb::quit) {
    return turn_away(command, from, now);
  }
  switch (command.verb) {
    case wire::TextVerb::login:
      return login(command, from, now);
    case wire::TextVerb::chat:
      reply_to_unauthenticated(from, wire::phrase(language_, Reason::not_in_room), now);
      return;
    case wire::TextVerb::quit:
      // Its first EXIT reply was lost, or its session has ended: in both cases the client may end.
      for (const auto& line : config_.text.exit_reply) {
        if (!reply_to_unauthenticated(from, line, now)) return;
      }
      return;
    case wire::TextVerb::malformed:
      count(counters_.datagrams_dropped_malformed);
      reply_to_unauthenticated(from, wire::phrase(language_, Reason::unknown_command), now);
      return;
  }
}

// At a closed door each command but a quit gets the same line, whatever its argument is.
void TextService::turn_away(const wire::TextCommand& command, const state::Delivery& from,
                            chat::Now now) {
  if (!reply_to_unauthenticated(from, wire::phrase(language_, wire::Reason::not_invited), now)) {
    return;
  }
  if (command.verb != wire::TextVerb::login) return;
  count(counters_.logins_refused);
  log_.refusals.refused(from.peer, command.argument, wire::Reason::not_invited, now.mono);
}

void TextService::login(const wire::TextCommand& command, const state::Delivery& from,
                        chat::Now now) {
  if (!unauthenticated_.may_begin(from.peer.address, Proof::none, now.mono)) {
    return unauthenticated_.refused(from.peer.address, now.mono);
  }
  auto outcome = sessions_.admit({.name = command.argument, .from = from}, now);
  if (outcome.status == Sessions::Status::refused && outcome.reason == wire::Reason::name_taken &&
      frees_name(command.argument, from, now)) {
    outcome = sessions_.admit({.name = command.argument, .from = from}, now);
  }
  switch (outcome.status) {
    case Sessions::Status::admitted:
      outbox_.put(from, config_.text.login_reply);
      log_.members.joined(sessions_, outcome.slot, now.mono);
      return remove_surplus(now);
    case Sessions::Status::again:  // only for members, see member()
    case Sessions::Status::refused:
      break;
  }
  PhraseBuffer text{};
  if (reply_to_unauthenticated(from, chat::refusal_text(outcome, chat_.rules, language_, text),
                               now)) {
    log_.refusals.refused(from.peer, command.argument, outcome.reason, now.mono);
  }
}

// A new session wants the name of a member. A silent member with the same address is most likely
// the same user, whose client ended without Q: it is removed. Any other text member is sent an
// empty line, at most once in kCheckInterval: if its port is closed, the ICMP error ends its
// session.
bool TextService::frees_name(std::string_view name, const state::Delivery& from, chat::Now now) {
  const auto holder = sessions_.find_name(name);
  if (!holder || !sessions_.is_member(*holder, state::SessionKind::text)) return false;
  const state::SessionSlot& session = sessions_.session(*holder);
  const std::int64_t time = now.mono.time_since_epoch().count();
  if (session.delivery.peer.address == from.peer.address &&
      session.last_heard <= time - Micros{kSilentHolder}.count()) {
    remove(*holder, LeaveKind::idle, {}, now);
    return true;
  }
  std::int64_t& next = next_check_[*holder];
  const std::uint16_t socket = session.delivery.socket;
  if (time < next || socket >= sockets_.size()) return false;
  next = time + kCheckInterval.count();
  if (io::keeps_send_errors(sockets_[socket])) outbox_.put_bytes(session.delivery, kEmptyLine);
  return false;
}

// Removes up to two members for each login, so that the number falls after a reload lowered the
// limit.
void TextService::remove_surplus(chat::Now now) {
  for (int i = 0; i < 2; ++i) {
    const auto slot = sessions_.surplus();
    if (!slot) return;
    remove(*slot, LeaveKind::idle, {}, now);
  }
}

bool TextService::reply_to_unauthenticated(const state::Delivery& to, std::string_view why,
                                           chat::Now now) {
  if (!unauthenticated_.may_answer_text(to.peer.address, now.mono)) return false;
  outbox_.put(to, why);
  return true;
}

// Replies to a member use the newline setting of its login, not that of the current command.
void TextService::member(Slot slot, const wire::TextCommand& command, chat::Now now) {
  const state::Delivery to = sessions_.session(slot).delivery;
  switch (command.verb) {
    case wire::TextVerb::login: {
      const auto again = sessions_.admit({.name = command.argument, .from = to}, now);
      if (again.status == Sessions::Status::again) {
        return outbox_.put(to, config_.text.login_reply);
      }
      PhraseBuffer text{};
      return notify(slot, to, chat::refusal_text(again, chat_.rules, language_, text), now);
    }
    case wire::TextVerb::chat:
      return say(slot, command.argument, to, now);
    case wire::TextVerb::quit:
    case wire::TextVerb::malformed:
      if (!wire::asks_to_leave(command, sessions_.name(slot))) {
        count(counters_.datagrams_dropped_malformed);
        return notify(slot, to, wire::phrase(language_, wire::Reason::not_said), now);
      }
      put_exit(to);
      log_.members.left(sessions_, slot, LeaveKind::quit, {}, now.mono);
      return sessions_.remove(slot, LeaveKind::quit, {}, now);
  }
}

void TextService::say(Slot slot, std::string_view argument, const state::Delivery& to,
                      chat::Now now) {
  const auto said = chat_.text.say(slot, argument, now);
  TextBuffer text{};
  switch (said.status) {
    case TextCommands::SayStatus::said:
    case TextCommands::SayStatus::empty:
      return;
    case TextCommands::SayStatus::not_utf8:
      return notify(slot, to, wire::phrase(language_, wire::Reason::text_not_utf8), now);
    case TextCommands::SayStatus::too_long: {
      const auto size =
          wire::render_too_long(language_, said.bytes, config_.limits.message_bytes, text);
      return notify(slot, to, {text.data(), size}, now);
    }
    case TextCommands::SayStatus::refused: {
      PhraseBuffer why{};
      return notify(slot, to,
                    chat_.commands.refusal_text(slot, said.reason, language_, why, now.wall), now);
    }
    case TextCommands::SayStatus::too_fast: {
      log_.floods.refused(to.peer.address, Limit::messages, now.mono);
      if (!sessions_.may_notify(slot, now.mono)) return;
      const auto wait = std::chrono::ceil<std::chrono::milliseconds>(said.wait);
      const auto size = wire::render_rate_notice(language_, said.per_second, wait, text);
      return outbox_.put(to, {text.data(), size});
    }
  }
}

void TextService::put_exit(const state::Delivery& to) {
  for (const auto& line : config_.text.exit_reply) outbox_.put(to, line);
}

void TextService::notify(Slot slot, const state::Delivery& to, std::string_view what,
                         chat::Now now) {
  if (sessions_.may_notify(slot, now.mono)) outbox_.put(to, what);
}

void TextService::unreachable(const Endpoint& peer, chat::Now now) {
  const auto slot = sessions_.find(peer);
  if (!slot) return;
  count(counters_.members_unreachable);
  log_.members.left(sessions_, *slot, LeaveKind::unreachable, {}, now.mono);
  sessions_.remove(*slot, LeaveKind::unreachable, {}, now);
}

void TextService::remove(Slot member, LeaveKind kind, std::string_view reason, chat::Now now) {
  const state::Delivery to = sessions_.session(member).delivery;
  if (kind == LeaveKind::kicked) {
    TextBuffer text{};
    const auto size = wire::render_removed(language_, reason, text);
    outbox_.put(to, {text.data(), size});
    count(counters_.members_kicked);
  } else if (kind == LeaveKind::idle) {
    outbox_.put(to, wire::phrase(language_, wire::Reason::idle));
    count(counters_.members_idle);
  }
  put_exit(to);
  log_.members.left(sessions_, member, kind, reason, now.mono);
  sessions_.remove(member, kind, reason, now);
}

void TextService::close_if_shut(chat::Now now) {
  if (!config_.text.enabled) return close(wire::Reason::text_closed, now);
  if (chat_.door.is_closed()) close(wire::Reason::not_invited, now);
}

void TextService::close(wire::Reason why, chat::Now now) {
  for (const Slot slot : sessions_.all(state::SessionKind::text)) {
    remove(slot, LeaveKind::kicked, wire::phrase(language_, why), now);
  }
  finish();
}

void TextService::finish_adoption(const Sessions::Unfinished& unfinished) {
  // The predecessor may have sent these replies already. A second OK is only an extra line; without
  // an OK a client waits forever. Native clients ask again themselves.
  const auto is_text = [this](Slot slot) {
    return sessions_.session(slot).kind == state::SessionKind::text;
  };
  for (const Slot slot : unfinished.joining) {
    if (is_text(slot)) outbox_.put(sessions_.session(slot).delivery, config_.text.login_reply);
  }
  for (const Slot slot : unfinished.leaving) {
    if (is_text(slot)) put_exit(sessions_.session(slot).delivery);
  }
  finish();
}

void TextService::send_goodbyes() {
  for (const Slot slot : sessions_.all(state::SessionKind::text)) {
    const state::Delivery& to = sessions_.session(slot).delivery;
    outbox_.put(to, wire::phrase(language_, wire::Reason::stopped));
    put_exit(to);
  }
  outbox_.flush();
}

void TextService::finish() {
  outbox_.flush();
  sessions_.settle();
}

}  // namespace chatd::gateway
