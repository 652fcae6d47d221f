// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/web_link.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "common/wire/native/native_command.hpp"
#include "common/wire/text/phrases.hpp"
#include "daemon/state/counters.hpp"

namespace chatd::gateway {

using chat::Slot;
using state::SessionKind;
using sys::WebOutcome;

namespace {

// Messages that are read between two looks at the sockets.
constexpr int kMessagesAtOnce = 64;
constexpr std::size_t kListBytes = 2000;

std::optional<state::WebPresence> map_presence(int file, std::uint32_t sessions) {
  if (file < 0 || sessions == 0) return std::nullopt;
  auto mapped = state::WebPresence::map(file, sessions);
  if (!mapped) return std::nullopt;
  return std::move(*mapped);
}

wire::Bytes bytes_of(const std::string& text) { return std::as_bytes(std::span{text}); }

// The one command of a message. nullopt: it is none, or more than one.
std::optional<wire::CommandView> command_in(const std::string& bytes) {
  if (bytes.size() > sys::kMaxWebCommand) return std::nullopt;
  const auto command = wire::read_command(bytes_of(bytes));
  return command && command->size == bytes.size() ? command : std::nullopt;
}

// These are not for a browser whose connection others can read: words for one member only, names
// that it would own, and rooms that it would own.
bool needs_tls(wire::CommandKind kind) {
  using wire::CommandKind;
  return kind == CommandKind::direct || kind == CommandKind::own || kind == CommandKind::make ||
         kind == CommandKind::moderate || kind == CommandKind::set;
}

wire::Reason reason_of(wire::ByeReason bye) {
  switch (bye) {
    case wire::ByeReason::kicked:
      return wire::Reason::kicked;
    case wire::ByeReason::replaced:
      return wire::Reason::replaced;
    case wire::ByeReason::ended:
      return wire::Reason::program_ended;
    case wire::ByeReason::stopped:
      return wire::Reason::stopped;
    case wire::ByeReason::idle:
      return wire::Reason::idle;
    default:
      return wire::Reason::quit;
  }
}

}  // namespace

WebLink::WebLink(Parts parts)
    : chat_{parts.chat},
      sessions_{parts.chat.sessions},
      state_{parts.state},
      slots_{parts.state.native_slots()},
      native_{parts.native},
      questions_{parts.questions},
      config_{parts.config},
      log_{parts.log},
      password_{std::move(parts.password)},
      limits_{parts.config.limits.unauthenticated_per_second, parts.hash_key,
              parts.state.counters(), parts.log.floods},
      end_{parts.end},
      row_{parts.row},
      presence_{map_presence(parts.presence, parts.state.geometry().web_sessions)},
      first_{parts.state.geometry().first_web_slot()},
      rows_(parts.state.geometry().web_sessions) {}

void WebLink::adopt() {
  for (const Slot session : sessions_.all(SessionKind::web)) {
    set_identity(session, sessions_.identity(session));
  }
}

// --- messages ------------------------------------------------------------------------------

void WebLink::take(Now now) {
  for (int i = 0; i < kMessagesAtOnce; ++i) {
    const auto got = sys::receive_from_web(end_);
    if (!got) return;
    if (!is_of_web_now(got->sender)) continue;
    std::visit([&](const auto& message) { on_message(message, now); }, got->message);
  }
}

// The supervisor has stored which process web is. Another one has shown nothing yet.
bool WebLink::is_of_web_now(pid_t sender) {
  if (sender != state_.process(row_).pid.load(std::memory_order_relaxed)) return false;
  if (std::exchange(web_, sender) == sender) return true;
  for (Row& row : rows_) row.shown = {};
  return true;
}

std::optional<Slot> WebLink::known(const sys::WebSession& session) const {
  const Slot slot{session.slot};
  if (session.slot < first_ || session.slot - first_ >= rows_.size()) return std::nullopt;
  const state::Sender sender{.slot = slot, .generation = state::Generation{session.generation}};
  const bool is_there = sessions_.is_member(sender) && sessions_.is_member(slot, SessionKind::web);
  const bool is_shown = rows_[slot - first_].shown == sender.generation;
  if (!is_there || !is_shown || slots_[slot].client != session.client) return std::nullopt;
  return slot;
}

void WebLink::on_message(const sys::WebCommand& message, Now now) {
  const auto session = known(message.session);
  if (!session) return answer(message.request, WebOutcome::unknown, Slot{});
  const std::uint64_t& uplink = slots_[*session].uplink;
  if (message.n <= uplink) return answer(message.request, WebOutcome::done, *session);
  if (message.n != uplink + 1) return answer(message.request, WebOutcome::gap, *session);
  const chat::NativeCommands::Order order{.slot = *session, .end = message.n, .now = now};
  const auto command = command_in(message.bytes);
  const bool is_plain = sessions_.is_plain(*session);
  attach(*session, now);
  if (const auto wait = native_.wait_before(*session, command.value_or(wire::CommandView{}), now)) {
    return answer(message.request, WebOutcome::too_soon, *session, *wait);
  }
  const state::Sender sender = sessions_.sender(*session);
  if (!command) {
    chat_.native.refuse_unknown(order);
  } else if (is_plain && needs_tls(command->kind)) {
    chat_.native.refuse(order, wire::Reason::needs_tls);
  } else {
    native_.carry_out(order, *command);
  }
  const bool is_done = !sessions_.is_member(sender) || uplink == message.n;
  answer(message.request, is_done ? WebOutcome::done : WebOutcome::no_space, *session);
}

// A question is charged as a message, and once: a long list is asked for in parts, whose number is
// not the browser's choice.
std::optional<Micros> WebLink::wait_before(Slot session, const wire::CommandView& question,
                                           Now now) {
  const bool is_list =
      question.kind == wire::CommandKind::who || question.kind == wire::CommandKind::rooms;
  if (is_list && wire::place_of(question).value_or(0) != 0) {
    return part_rate_.refuse(row_of(session).parts, now.mono);
  }
  return native_.wait_before(session, question, now);
}

void WebLink::on_message(const sys::WebAsk& ask, Now now) {
  const auto session = known(ask.session);
  if (!session) return answer(ask.request, WebOutcome::unknown, Slot{});
  const auto command = command_in(ask.bytes);
  if (!command) return refuse(ask.request, wire::Reason::unknown_kind);
  // Before it is charged: it is the same question, and a refusal would be taken for its answer.
  if (questions_ != nullptr && questions_->is_open(ask.request, sessions_.sender(*session))) return;
  if (const auto wait = wait_before(*session, *command, now)) {
    return answer(ask.request, WebOutcome::too_soon, *session, *wait);
  }
  attach(*session, now);
  switch (command->kind) {
    case wire::CommandKind::who:
    case wire::CommandKind::rooms:
      return list(ask, *session, *command, now);
    case wire::CommandKind::history:
      if (questions_ == nullptr) return refuse(ask.request, wire::Reason::nothing_stored);
      return questions_->ask_of_browser(ask.request, *session, command->name, command->text, now);
    default:
      return refuse(ask.request, wire::Reason::unknown_kind);
  }
}

void WebLink::list(const sys::WebAsk& ask, Slot session, const wire::CommandView& command,
                   Now now) {
  std::array<char, kListBytes> text{};
  chat::Commands::Listed listed{};
  const std::uint32_t from = wire::place_of(command).value_or(0);
  if (command.kind == wire::CommandKind::rooms) {
    listed = chat_.commands.list_rooms(session, from, text, now.wall);
  } else if (command.name.empty()) {
    listed = chat_.commands.list(Slot{from}, text);
  } else {
    const auto where = chat_.native.room_of({.slot = session, .end = 0, .now = now}, command.name);
    if (!where) return refuse(ask.request, wire::Reason::no_such_room);
    listed = chat_.commands.list_in((*where)->index, Slot{from}, text);
  }
  sys::WebList answer{.request = ask.request, .text = std::string(text.data(), listed.bytes)};
  if (listed.next) answer.next = *listed.next;
  send(answer);
}

// As an acknowledgement of a native member.
void WebLink::on_message(const sys::WebRead& read, Now now) {
  const auto session = known(read.session);
  if (!session) return;
  state::NativeSlot& native = slots_[*session];
  const std::uint64_t acked = state::peer_of(native).acked[wire::kMailboxStream];
  if (read.mailbox > chat_.mailboxes.tail(*session)) {
    return state::count(state_.counters().acks_refused);
  }
  if (read.mailbox <= acked) return;
  const std::uint64_t whole = chat_.mailboxes.last_boundary(*session, read.mailbox);
  state::update_peer(native, [&](state::NativePeer& peer) {
    peer.acked[wire::kMailboxStream] = whole;
    ++peer.ack_serial;
  });
  if (questions_ != nullptr && !questions_->is_idle()) questions_->go_on(*session, now);
  chat_.waiting.serve(*session);
}

void WebLink::on_message(const sys::WebLeave& leave, Now now) {
  const auto session = known(leave.session);
  if (session) native_.remove(*session, state::LeaveKind::quit, {}, now);
  answer(leave.request, WebOutcome::done, Slot{});
}

// --- presence ------------------------------------------------------------------------------

bool WebLink::is_web_alive() const {
  const auto now = state_.process(row_).state.load(std::memory_order_relaxed);
  return now == state::ProcessState::ready || now == state::ProcessState::starting;
}

bool WebLink::has_stream(Slot session) const {
  if (!presence_) return false;
  const std::uint64_t open = presence_->stream(session - first_).load(std::memory_order_relaxed);
  return open == std::uint64_t{sessions_.sender(session).generation};
}

void WebLink::attach(Slot session, Now now) {
  sessions_.heard(session, now.mono);
  if (!sessions_.is_away(session)) return;
  sessions_.attach(session);
  chat_.waiting.serve(session);
}

// A web that is killed leaves its streams in the memory, and its successor clears them: so the
// sessions were there until then.
void WebLink::tick(Now now) {
  if (rows_.empty()) return;
  const bool is_alive = is_web_alive();
  for (const Slot session : sessions_.all(SessionKind::web)) {
    if (is_alive && has_stream(session)) attach(session, now);
  }
  for (const Slot session : sessions_.silent_since(SessionKind::web, now.mono - kBrowserSilence)) {
    sessions_.detach(session, now.mono);
  }
  for (const Slot session : sessions_.away_since(SessionKind::web, now.mono - config_.web.linger)) {
    native_.remove(session, state::LeaveKind::idle, {}, now);
  }
}

// --- answers -------------------------------------------------------------------------------

void WebLink::send(const sys::ToWeb& message) const {
  if (end_ >= 0) (void)sys::send(end_, message);  // web asks again
}

void WebLink::answer(std::uint64_t request, WebOutcome outcome, Slot session, Micros wait) {
  const auto whole = std::chrono::ceil<std::chrono::milliseconds>(wait).count();
  send(sys::WebAnswer{.request = request,
                      .outcome = outcome,
                      .uplink = session < first_ ? 0 : slots_[session].uplink,
                      .wait_ms = static_cast<std::uint32_t>(whole)});
}

void WebLink::refuse(std::uint64_t request, wire::Reason reason) const {
  send(sys::WebAnswer{.request = request,
                      .outcome = WebOutcome::refused,
                      .reason = static_cast<std::uint8_t>(reason),
                      .text = std::string{wire::phrase(wire::Language::en, reason)}});
}

void WebLink::answer(std::uint64_t request, std::expected<sys::Answer, wire::Reason> answer) {
  if (!answer) return refuse(request, answer.error());
  send(sys::WebLines{.request = request, .answer = std::move(*answer)});
}

void WebLink::tell(Slot session, const wire::ByeFrame& bye) {
  send(sys::WebEnded{.session = {.slot = session,
                                 .generation = std::uint64_t{sessions_.sender(session).generation},
                                 .client = slots_[session].client},
                     .reason = static_cast<std::uint8_t>(reason_of(bye.reason)),
                     .text = std::string{bye.text}});
}

}  // namespace chatd::gateway
