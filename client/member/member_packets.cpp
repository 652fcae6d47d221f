// SPDX-License-Identifier: GPL-3.0-or-later
// Received packets and frames.
#include "client/member/member_impl.hpp"
#include "common/base/overloaded.hpp"
#include "common/crypto/wipe.hpp"

namespace chatd::client {

namespace {

// So many PINGs and PATH_CHALLENGEs are answered at a time; the others are ignored.
constexpr std::size_t kMaxAnswers = 8;

template <class F>
Uplink::Pace pace_of(const F& frame) {
  return {.messages_per_1000_seconds = frame.messages_per_1000_seconds, .burst = frame.burst};
}

}  // namespace

void Member::Impl::receive(wire::Bytes datagram, MonoTime now) {
  if (ended) return;
  const auto type = wire::packet_type(datagram);
  if (!type) return;
  if (*type == wire::PacketType::reset) {
    if (const auto reset = wire::read_reset(datagram)) on_reset(*reset, now);
  } else if (*type != wire::PacketType::sealed) {
    on_handshake(datagram, now);
  } else if (!(link && !is_over && on_sealed(*link, datagram, now)) && next_link) {
    on_sealed(*next_link, datagram, now);
  }
  if (name_change.goodbye) {
    name_change.goodbye->receive(datagram, now);
    if (name_change.goodbye->is_over()) name_change.goodbye.reset();
  }
  drain(now);
}

void Member::Impl::on_handshake(wire::Bytes datagram, MonoTime now) {
  if (!handshake) return;
  switch (handshake->receive(datagram, now)) {
    case Handshake::Step::none:
    case Handshake::Step::moved:
      return;
    case Handshake::Step::keys:
      next_link.emplace(handshake->keys(), now);
      return;
    case Handshake::Step::failed:
      if (name_change.has_begun) return refuse_rename(handshake->failure(), {}, now);
      return end(handshake->failure());
  }
}

void Member::Impl::on_reset(const wire::Reset& reset, MonoTime now) {
  // Only the server knows the token: it does not know the session any more.
  if (!link || !link->is_named() || reset.connection != link->connection()) return;
  if (is_over || !std::ranges::equal(reset.token, reset_token)) return;
  if (leave.byes != 0) return end(End::quit);  // the server has received the BYE
  lose_session(now);
}

bool Member::Impl::on_sealed(Link& from, wire::Bytes datagram, MonoTime now) {
  const auto frames = from.open(datagram, now);
  if (!frames) return false;
  const bool is_next = next_link && &from == &*next_link;
  downlink.on_wish(wire::AckWish::usual);
  wire::ByteReader in{*frames};
  while (const auto frame = wire::next_frame(in)) {
    if (is_next && std::holds_alternative<wire::RefusedFrame>(*frame)) {
      on_refused(std::get<wire::RefusedFrame>(*frame), now);
      return true;  // `from` may be gone
    }
    if (std::holds_alternative<wire::WelcomeFrame>(*frame)) {
      if (is_next) {
        leave_old_name();
        link.emplace(std::move(*next_link));
        next_link.reset();
        handshake.reset();
        on_welcome(std::get<wire::WelcomeFrame>(*frame), now);
        touched(now);
        return true;  // `from` is gone; the frames that follow are sent again
      }
      continue;
    }
    // Data that arrived before its WELCOME is sent again.
    if (!is_next) on_frame(*frame, datagram.size(), now);
  }
  if (!is_next && !is_over) touched(now);
  return true;
}

void Member::Impl::on_frame(const wire::Frame& frame, std::size_t datagram_bytes, MonoTime now) {
  const auto answer = [this](const wire::Frame& reply) {
    if (answers.size() < kMaxAnswers) answers.push_back(reply);
  };
  std::visit(Overloaded{
                 [&](const wire::DataFrame& data) {
                   // A record that comes after the goodbye is for the next program of the member.
                   const bool is_left = leave.byes != 0 && data.stream == wire::kMailboxStream;
                   if (!is_left) downlink.on_data(data, now, jitter());
                 },
                 [&](const wire::AckFrame& ack) { on_ack(ack, now); },
                 [&](const wire::GapFrame& gap) {
                   if (!downlink.on_gap(gap, now)) return;
                   const auto* const room = rooms.find(gap.stream);
                   emit(Missed{.room = room == nullptr ? RoomRef{} : room->ref});
                 },
                 [&](const wire::HeadFrame& head) {
                   downlink.on_head(head, now);
                   if (head.stream != wire::kMailboxStream) return;
                   mailbox_tail = std::max(mailbox_tail, head.tail);
                 },
                 [&](const wire::PingFrame& ping) {
                   // A probe of the datagram size is answered only if it arrived whole.
                   if (ping.size == 0 || ping.size == datagram_bytes) {
                     answer(wire::PongFrame{.size = ping.size});
                   }
                 },
                 [&](const wire::PathChallenge& challenge) {
                   answer(wire::PathResponse{.value = challenge.value});
                 },
                 [&](const wire::ByeFrame& bye) { on_bye(bye, now); },
                 [&](const wire::AckWishFrame& wish) { downlink.on_wish(wish.wish); },
                 [&](const wire::LimitsFrame& limits) { on_limits(limits); },
                 [&](const wire::WaitFrame& wait) {
                   uplink.on_wait(wait.offset, std::chrono::milliseconds{wait.milliseconds}, now);
                 },
                 [&](const wire::SavedFrame& state) {
                   if (!options.wants_saved) return;
                   saved.on_frame(state, now, [this](Saved one) { emit(std::move(one)); });
                 },
                 // PONG, and what only a server receives or a newer one sends.
                 [](const auto& /*ignored*/) {},
             },
             frame);
}

void Member::Impl::on_ack(const wire::AckFrame& ack, MonoTime now) {
  if (ack.stream != wire::kCommandStream) return;
  uplink.on_ack(ack.cumulative, link->rtt(), now);
  uplink_acked = uplink.acked();
}

void Member::Impl::on_limits(const wire::LimitsFrame& limits) {
  uplink.set_pace(pace_of(limits));
  if (std::exchange(message_bytes, limits.message_bytes) == limits.message_bytes) return;
  emit(LimitsChanged{.max_text = message_bytes});
}

// The session replaces the one that this client had, if there was one.
void Member::Impl::begin_session(const wire::WelcomeFrame& welcome, bool same_history,
                                 MonoTime now) {
  downlink.restart_mailbox(welcome.mailbox_offset);
  saved.give_up([this](Saved one) { emit(std::move(one)); });
  for (const std::uint64_t number : uplink.take_carried_out()) confirm_of_lost_session(number);
  refuse_unanswered();
  // A question that was confirmed in the session that is over is asked again at once.
  if (history && history->end != 0) history->heard = {};
  replayed_text_members = {};
  uplink.hold(welcome.uplink_offset, pace_of(welcome), same_history, now);
  // Commands in flight in the old session may have been carried out: the rooms' logs show it.
  // After a change of the name there are none, but records of the old session are the member's own.
  if (same_history && (uplink.size() != 0 || name_change.has_begun)) {
    // While they are held, a session that ends had none of them in flight.
    old = OldSession{.session = old ? old->session : session, .settled_at = welcome.live_offset};
  } else {
    old.reset();
  }
  rejoin_rooms();
}

namespace {

// The users that earlier runs have seen.
void learn_users(Persons& persons, const Member::Options& options) {
  if (!options.known_users) return;
  for (const KnownUser& user : options.known_users()) persons.learn(user);
}

void forget_code(std::string& code) {
  crypto::wipe(std::as_writable_bytes(std::span{code}));
  code.clear();
}

}  // namespace

void Member::Impl::on_welcome(const wire::WelcomeFrame& welcome, MonoTime now) {
  const bool same_history = joined && welcome.history_id == history_id;
  const bool same_session = joined && welcome.slot == session.slot &&
                            welcome.generation == session.generation && same_history;
  const std::uint64_t had = downlink.room_received();
  if (!same_history) {
    name_change.former.reset();  // its numbers may be those of another member
    rooms.in_default_room().begin_history();
  }
  if (!same_history || welcome.room_offset != had) {
    // A server that stops in order sends all records before its BYE.
    if (joined && (same_history ? welcome.room_offset > had : !stopped)) {
      emit(Missed{.new_history = !same_history});
    }
    // More may have arrived since the handshake began.
    room_read_to = same_history ? std::max(room_read_to, downlink.room_next()) : 0;
    downlink.restart_room(welcome.room_offset);
  }
  if (same_session) {
    uplink.resume(welcome.uplink_offset, pace_of(welcome));
  } else {
    begin_session(welcome, same_history, now);
  }
  uplink_acked = welcome.uplink_offset;
  mailbox_tail = welcome.mailbox_tail;
  is_over = stopped = false;
  own_name = OwnName{welcome.name};
  session = {
      .slot = welcome.slot, .generation = welcome.generation, .command_key = welcome.command_key};
  history_id = welcome.history_id;
  if (!name_change.has_begun || !same_history) live_offset = welcome.live_offset;
  reset_token = welcome.reset_token;
  ping_every = std::chrono::seconds{std::max(welcome.ping_seconds, 1U)};
  message_bytes = welcome.message_bytes;
  downlink.acknowledge_now(now);
  settle_rename(welcome.name);
  forget_code(options.code);
  const bool again = std::exchange(joined, true);
  if (!again) learn_users(persons, options);
  if (!again || !same_session) {
    emit(Joined{.name = std::string{welcome.name},
                .server = std::string{welcome.server_name},
                .again = again,
                .max_text = message_bytes,
                .kept = {.is = welcome.history, .seconds = welcome.history_seconds}});
  }
}

void Member::Impl::on_bye(const wire::ByeFrame& bye, MonoTime now) {
  switch (bye.reason) {
    case wire::ByeReason::quit:
      return end(End::quit);
    case wire::ByeReason::kicked:
      return end(End::kicked, std::string{bye.text});
    case wire::ByeReason::replaced:
      return end(End::replaced);
    case wire::ByeReason::ended:
      return end(End::program_ended);
    case wire::ByeReason::stopped:
      if (!options.reconnects) return end(End::stopped, std::string{bye.text});
      stopped = true;
      emit(ServerStopped{});
      break;
    case wire::ByeReason::idle:
      break;  // as a reason that only a newer server knows
  }
  lose_session(now);
}

void Member::Impl::on_refused(const wire::RefusedFrame& refused, MonoTime now) {
  const End why = wire::reason_of(refused.code);
  std::string text{wire::row_of(why).with_text ? refused.text : std::string_view{}};
  if (name_change.has_begun) return refuse_rename(wire::outcome_of(why), std::move(text), now);
  end(wire::outcome_of(why), std::move(text));
}

}  // namespace chatd::client
