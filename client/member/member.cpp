// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/member.hpp"

#include <algorithm>
#include <utility>

#include "client/member/member_impl.hpp"
#include "common/base/overloaded.hpp"
#include "common/wire/name.hpp"

namespace chatd::client {

namespace {

// After so long without an answer Reconnecting is reported; after the second, a handshake begins.
constexpr Micros kTouchLost{3'000'000};
constexpr Micros kHandshakeAfter{5'000'000};
constexpr Micros kPingWhileLost{1'000'000};
// Time limit for unconfirmed commands when the user quits.
constexpr Micros kByeTimeout{5'000'000};
// BYE is repeated until the server answers with BYE or RESET.
constexpr std::uint32_t kMaxByes = 3;

// When the silence of the server has the next effect.
MonoTime silence_deadline(const PathState& path, bool has_handshake) {
  MonoTime first = MonoTime::max();
  if (path.unanswered_since == MonoTime::max()) return first;
  if (!path.is_lost) first = path.unanswered_since + kTouchLost;
  if (!has_handshake) first = std::min(first, path.unanswered_since + kHandshakeAfter);
  return first;
}

}  // namespace

// --- sending ----------------------------------------------------------------------------

void Member::Impl::begin_handshake(MonoTime now) {
  if (client == 0) options.random(std::as_writable_bytes(std::span{&client, 1}));
  Handshake::Resume resume{.client = client,
                           .is_brief = options.is_brief && !joined,
                           .wants_saved = options.wants_saved,
                           .reads_direct = options.reads_direct};
  if (name_change.has_begun) resume.name = name_change.name;
  if (joined) {
    resume.history_id = history_id;
    resume.room_offset = downlink.room_received();
  } else if (!options.wants_replay) {
    resume.room_offset = wire::LoginPayload::kNoReplay;
  }
  handshake.emplace(options, resume, now);
}

// When all commands are confirmed.
bool Member::Impl::bye_is_due(MonoTime now) const {
  return leave.has_begun && uplink.size() == 0 && !name_change.has_begun && now >= leave.next_bye;
}

double Member::Impl::jitter() {
  std::uint32_t random = 0;
  options.random(std::as_writable_bytes(std::span{&random, 1}));
  return random / 4294967296.0;
}

void Member::Impl::write_frames(wire::ByteWriter& out, MonoTime now) {
  std::size_t frames = answers.size();
  for (const auto& answer : answers) wire::write_frame(out, answer);
  bool asks = uplink.write(out, link->rtt(), now);
  frames += asks ? 1 : 0;
  // The answer may take as long as the server's disk.
  if (saved.write(out, now)) ++frames;
  if (ping_due) {
    ping_due = false;
    asks |= wire::write_frame(out, wire::PingFrame{});
    ++frames;
  }
  const bool leaves = bye_is_due(now) && leave.byes < kMaxByes;
  if (leaves) downlink.acknowledge_now(now);
  downlink.write_acks(out, link->rtt(), now, out.size() != 0, frames + (leaves ? 1 : 0));
  // Last: the server reads nothing behind it, and keeps messages that are not acknowledged.
  if (leaves &&
      wire::write_frame(out, wire::ByeFrame{.reason = wire::ByeReason::quit, .text = {}})) {
    leave.next_bye = now + link->rtt().probe_timeout(leave.byes++);
  }
  answers.clear();
  if (asks && unanswered_since == MonoTime::max()) unanswered_since = now;
}

// Called after every received packet. Mostly false.
bool Member::Impl::has_frames_to_send(MonoTime now) const {
  return !answers.empty() || ping_due || leave.has_begun || uplink.size() != 0 ||
         saved.is_due(now) || downlink.is_ack_due(now);
}

bool Member::Impl::next_sealed(std::vector<std::byte>& datagram, MonoTime now) {
  if (!link || !link->is_named() || is_over || !has_frames_to_send(now)) return false;
  std::array<std::byte, wire::kBaseDatagram - wire::kSealedOverhead> buffer;
  wire::ByteWriter out{buffer};
  write_frames(out, now);
  if (out.size() == 0) return false;
  link->seal(out.written(), now, datagram);
  last_sent = now;
  next_ping = now + (is_lost ? kPingWhileLost : ping_every);
  return true;
}

bool Member::Impl::next_datagram(std::vector<std::byte>& datagram, MonoTime now) {
  if (ended) return false;
  if (handshake && handshake->next_datagram(datagram, now)) return true;
  auto& goodbye = name_change.goodbye;
  if (goodbye && goodbye->next_datagram(datagram, now)) return true;
  if (goodbye && goodbye->is_over()) goodbye.reset();
  return joined && next_sealed(datagram, now);
}

// --- time ------------------------------------------------------------------------------

void Member::Impl::touched(MonoTime now) {
  last_heard = now;
  unanswered_since = MonoTime::max();
  if (!is_lost) return;
  is_lost = false;
  // The old session goes on: the handshake would only replace it.
  if (link && link->is_named() && !next_link) {
    handshake.reset();
    name_change.has_begun = false;  // it begins again
  }
  next_ping = now + ping_every;
  emit(Reconnected{});
}

void Member::Impl::lose_touch(MonoTime now) {
  if (std::exchange(is_lost, true)) return;
  next_ping = now + kPingWhileLost;
  emit(Reconnecting{});
}

void Member::Impl::lose_session(MonoTime now) {
  is_over = true;
  answers.clear();
  ping_due = false;
  lose_touch(now);
  if (!handshake) begin_handshake(now);
}

void Member::Impl::tick(MonoTime now) {
  if (ended) return;
  if (handshake && !joined && now - handshake->progressed() >= options.handshake_timeout) {
    return end(End::no_answer);
  }
  if (!joined) return;
  continue_rename(now);
  repeat_history(now);
  if (now >= leave.gives_up_at || (leave.byes == kMaxByes && now >= leave.next_bye))
    return end(End::quit);
  if (is_over) return;
  if (now >= next_ping) {
    ping_due = true;
    next_ping = MonoTime::max();  // set when the PING is sent
  }
  if (unanswered_since != MonoTime::max()) {
    if (now - unanswered_since >= kTouchLost) lose_touch(now);
    if (now - unanswered_since >= kHandshakeAfter && !handshake) begin_handshake(now);
  }
}

MonoTime Member::Impl::deadline() const {
  MonoTime first = MonoTime::max();
  if (ended) return first;
  const auto consider = [&](MonoTime time) { first = std::min(first, time); };
  if (handshake) {
    consider(handshake->deadline());
    if (!joined || name_change.has_begun) {
      consider(handshake->progressed() + options.handshake_timeout);
    }
  }
  if (name_change.goodbye) consider(name_change.goodbye->deadline());
  if (!joined) return first;
  // The other timers wait until another session has begun.
  if (is_over) return std::min(first, leave.gives_up_at);
  if (!answers.empty() || ping_due) return last_sent;
  if (leave.has_begun && uplink.size() == 0 && !name_change.has_begun) consider(leave.next_bye);
  consider(next_ping);
  consider(leave.gives_up_at);
  consider(downlink.deadline());
  consider(uplink.deadline());
  consider(saved.deadline());
  if (history && !is_lost) consider(history->deadline());
  consider(silence_deadline(*this, handshake.has_value()));
  return first;
}

void Member::Impl::end(End why, std::string text) {
  if (std::exchange(ended, true)) return;
  emit(Ended{.reason = why, .text = std::move(text)});
}

// --- the interface ---------------------------------------------------------------------

Member::Member(Options options) : impl_{std::make_unique<Impl>(std::move(options))} {}
Member::~Member() = default;
Member::Member(Member&&) noexcept = default;
Member& Member::operator=(Member&&) noexcept = default;

void Member::start(MonoTime now) { impl_->begin_handshake(now); }
void Member::receive(std::span<const std::byte> datagram, MonoTime now) {
  impl_->receive(datagram, now);
}
void Member::tick(MonoTime now) { impl_->tick(now); }

void Member::path_changed(MonoTime now) {
  if (!impl_->joined || impl_->ended) return;
  impl_->ping_due = true;
  impl_->downlink.acknowledge_now(now);
}

std::uint64_t Member::send(const Message& message, MonoTime /*now*/) {
  using wire::CommandKind;
  return std::visit(
      Overloaded{
          [&](const Say& m) { return impl_->command_to(m.room, CommandKind::say, m.text); },
          [&](const Act& m) { return impl_->command_to(m.room, CommandKind::action, m.text); },
          [&](const Direct& m) { return impl_->write_to(m); },
          [&](const MakeRoom& m) { return impl_->uplink.add(CommandKind::make, m.name, {}); },
          [&](const JoinRoom& m) { return impl_->uplink.add(CommandKind::join, m.name, {}); },
          [&](const LeaveRoom& m) { return impl_->command_to(m.name, CommandKind::leave, {}); },
          [&](const SetTopic& m) { return impl_->command_to(m.room, CommandKind::topic, m.topic); },
          [&](const SetProperty& m) {
            const auto text =
                wire::as_argument(wire::RoomSetting{.property = m.property, .value = m.value});
            return impl_->command_to(m.room, CommandKind::set, {text.data(), text.size()});
          },
          [&](const Moderate& m) { return impl_->moderate(m); },
          [&](const EraseLine& m) {
            const auto text = wire::as_argument(wire::LineNumber{.number = m.number});
            const std::size_t size = m.number == EraseLine::kOwnLast ? 0 : text.size();
            return impl_->command_to(m.room, CommandKind::erase, {text.data(), size});
          },
          [&](const EndProgram& m) { return impl_->end_program(m); },
          [&](const SetAway& m) { return impl_->uplink.add(CommandKind::away, {}, m.text); },
          [&](const OwnOrder& m) { return impl_->send_own(m); },
          [&](const Block& m) { return impl_->block(m); },
          [&](const TakeDirect& m) {
            const auto text = wire::as_argument(
                wire::BlockRequest{.act = wire::BlockAct::accept, .from = m.from});
            return impl_->uplink.add(CommandKind::block, {}, {text.data(), text.size()});
          },
      },
      message);
}
std::uint64_t Member::say(std::string_view text, MonoTime /*now*/) {
  return impl_->command_to({}, wire::CommandKind::say, text);
}
std::uint64_t Member::act(std::string_view text, MonoTime /*now*/) {
  return impl_->command_to({}, wire::CommandKind::action, text);
}
std::uint64_t Member::write_to(std::string_view name, std::string_view text, MonoTime /*now*/) {
  return impl_->write_to({.name = std::string{name}, .text = std::string{text}});
}
std::uint64_t Member::ask_users(MonoTime /*now*/, std::string_view room) {
  return impl_->ask(wire::CommandKind::who, room);
}
std::uint64_t Member::ask_rooms(MonoTime /*now*/) {
  return impl_->ask(wire::CommandKind::rooms, {});
}
std::uint64_t Member::ask_about(MonoTime /*now*/, std::string_view room) {
  return impl_->ask(wire::CommandKind::about, room);
}
std::uint64_t Member::ask_programs(MonoTime /*now*/) {
  return impl_->ask(wire::CommandKind::programs, {});
}
std::uint64_t Member::ask_blocks(MonoTime /*now*/) {
  return impl_->ask(wire::CommandKind::block, {});
}
void Member::rename(std::string_view name, MonoTime now) {
  const bool is_possible = impl_->joined && !impl_->ended && !impl_->leave.has_begun;
  const bool is_other = wire::folded_name(name) != wire::folded_name(impl_->options.name);
  if (impl_->name_change.is_under_way()) return;
  if (!is_possible || !is_other) {
    return impl_->emit(NameRefused{.name = std::string{name}, .reason = End::name_refused});
  }
  impl_->name_change.name = name;
  impl_->uplink.hold_new();
  impl_->continue_rename(now);
}

std::uint64_t Member::ask_member(MonoTime /*now*/, std::string_view name) {
  return impl_->ask_member(name);
}
std::uint64_t Member::ask_history(MonoTime now, HistoryRequest request) {
  return impl_->ask_history(std::move(request), now);
}
void Member::quit(MonoTime now) {
  impl_->forget_rename();
  // There is no session to leave, and no unconfirmed command.
  const bool is_over = impl_->is_over && impl_->uplink.size() == 0;
  if (!impl_->joined || is_over) return impl_->end(End::quit);
  if (!std::exchange(impl_->leave.has_begun, true)) impl_->leave.gives_up_at = now + kByeTimeout;
}

bool Member::next_datagram(std::vector<std::byte>& datagram, MonoTime now) {
  return impl_->next_datagram(datagram, now);
}
std::optional<Event> Member::next_event() {
  if (impl_->events.empty()) return std::nullopt;
  Event event = std::move(impl_->events.front());
  impl_->events.pop_front();
  return event;
}
MonoTime Member::deadline() const { return impl_->deadline(); }
bool Member::is_joined() const { return impl_->joined && !impl_->ended; }
bool Member::has_ended() const { return impl_->ended; }
std::size_t Member::max_text() const { return impl_->message_bytes; }
std::size_t Member::unconfirmed() const { return impl_->uplink.size(); }

}  // namespace chatd::client
