// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/members.hpp"

#include <utility>
#include <vector>

#include "common/base/overloaded.hpp"

namespace chatd::web {

namespace {

using sys::WebOutcome;

Refusal refusal_of(const sys::WebAnswer& answer) {
  Refusal refusal{.text = answer.text,
                  .wait = std::chrono::milliseconds{answer.wait_ms},
                  .next = answer.uplink + 1};
  switch (answer.outcome) {
    case WebOutcome::too_soon:
      refusal.kind = Refusal::Kind::too_soon;
      break;
    case WebOutcome::gap:
      refusal.kind = Refusal::Kind::gap;
      break;
    case WebOutcome::no_space:
      refusal.kind = Refusal::Kind::no_space;
      break;
    case WebOutcome::unknown:
      refusal.kind = Refusal::Kind::unknown;
      break;
    default:
      refusal.kind = Refusal::Kind::reason;
      refusal.reason = static_cast<wire::Reason>(answer.reason);
      break;
  }
  return refusal;
}

// Calls a function of any of the types with a refusal.
template <class Done>
void refuse(const Done& done, const Refusal& refusal) {
  std::visit([&](const auto& then) { then(std::unexpected{refusal}); }, done);
}

// Calls it with the value, if it waits for one of this type.
template <class T, class Done>
void answer(const Done& done, T value) {
  using Then = std::function<void(std::expected<T, Refusal>)>;
  if (const auto* const then = std::get_if<Then>(&done)) (*then)(std::move(value));
}

sys::WebEnter message_of(const Entry& entry, bool is_new) {
  return {.token = entry.token,
          .client = entry.client,
          .address = entry.address,
          .is_plain = entry.is_plain,
          .is_new = is_new,
          .name = entry.name,
          .password = entry.password,
          .code = entry.code};
}

}  // namespace

Members::Members(const state::StateView& state, const state::WebPresence& presence, int channel,
                 std::uint64_t first_request, Hooks hooks)
    : state_{state},
      presence_{presence},
      channel_{channel},
      last_request_{first_request},
      hooks_{std::move(hooks)} {
  presence_.clear();
}

// --- requests ------------------------------------------------------------------------------

void Members::enter(const Entry& entry, MonoTime now, Then<Entered> then) {
  ask(message_of(entry, true), std::move(then), now);
}

void Members::resume(const Entry& entry, MonoTime now, Then<Entered> then) {
  ask(message_of(entry, false), std::move(then), now);
}

void Members::command(const WebSession& session, std::uint64_t n, std::string bytes, MonoTime now,
                      Then<std::uint64_t> then) {
  ask(sys::WebCommand{.session = session, .n = n, .bytes = std::move(bytes)}, std::move(then), now);
}

void Members::list(const WebSession& session, std::string bytes, MonoTime now,
                   Then<sys::WebList> then) {
  ask(sys::WebAsk{.session = session, .bytes = std::move(bytes)}, std::move(then), now);
}

void Members::history(const WebSession& session, std::string bytes, MonoTime now,
                      Then<sys::Answer> then) {
  ask(sys::WebAsk{.session = session, .bytes = std::move(bytes)}, std::move(then), now);
}

void Members::leave(const WebSession& session, MonoTime now, Then<std::monostate> then) {
  ask(sys::WebLeave{.session = session}, std::move(then), now);
}

void Members::read(const WebSession& session, std::uint64_t mailbox) const {
  // A lost one is followed by another one.
  (void)sys::send(channel_, sys::WebRead{.session = session, .mailbox = mailbox});
}

void Members::ask(sys::FromWeb message, Done done, MonoTime now) {
  if (requests_.size() >= kMaxRequests) return refuse(done, {.kind = Refusal::Kind::busy});
  const std::uint64_t number = ++last_request_;
  const auto set_number = [&](auto& asked) {
    if constexpr (requires { asked.request; }) asked.request = number;
  };
  std::visit(set_number, message);
  (void)sys::send(channel_, message);  // if it was not sent, tick() repeats it
  requests_.emplace(
      number,
      Request{.message = std::move(message), .done = std::move(done), .since = now, .sent = now});
}

void Members::tick(MonoTime now) {
  std::vector<std::uint64_t> late;
  for (auto& [number, request] : requests_) {
    if (now - request.since >= kLimit) {
      late.push_back(number);
    } else if (now - request.sent >= kRepeat) {
      request.sent = now;
      (void)sys::send(channel_, request.message);
    }
  }
  for (const std::uint64_t number : late) {
    if (const auto done = end(number)) refuse(*done, {.kind = Refusal::Kind::late});
  }
}

// --- answers -------------------------------------------------------------------------------

void Members::take(MonoTime /*now*/) {
  while (auto message = sys::receive_for_web(channel_)) on_message(std::move(*message));
}

std::optional<Members::Done> Members::end(std::uint64_t request) {
  const auto found = requests_.find(request);
  if (found == requests_.end()) return std::nullopt;  // answered twice, or asked by a predecessor
  Done done = std::move(found->second.done);
  requests_.erase(found);
  return done;
}

void Members::on_message(sys::ToWeb message) {
  const Overloaded handle{
      [this](sys::WebEntered& entered) {
        const auto done = end(entered.request);
        if (!done) return;
        answer(*done, Entered{.session = entered.session,
                              .person = entered.person,
                              .name = std::move(entered.name),
                              .uplink = entered.uplink,
                              .command_key = entered.command_key,
                              .is_again = entered.is_again});
      },
      [this](const sys::WebAnswer& got) { on_answer(got); },
      [this](sys::WebList& list) {
        if (const auto done = end(list.request)) answer(*done, std::move(list));
      },
      [this](sys::WebLines& lines) {
        if (const auto done = end(lines.request)) answer(*done, std::move(lines.answer));
      },
      [this](const sys::WebEnded& ended) {
        const auto reason = static_cast<wire::Reason>(ended.reason);
        if (hooks_.ended) hooks_.ended(ended.session, reason, ended.text);
      },
  };
  std::visit(handle, message);
}

void Members::on_answer(const sys::WebAnswer& got) {
  const auto done = end(got.request);
  if (!done) return;
  if (got.outcome != WebOutcome::done) return refuse(*done, refusal_of(got));
  answer(*done, std::uint64_t{got.uplink});
  answer(*done, std::monostate{});
}

// --- streams -------------------------------------------------------------------------------

void Members::set_stream(const WebSession& session, bool is_open) const noexcept {
  const std::uint32_t first = state_.geometry().first_web_slot();
  if (session.slot < first || session.slot - first >= presence_.sessions()) return;
  auto& stream = presence_.stream(session.slot - first);
  if (is_open) return stream.store(session.generation, std::memory_order_relaxed);
  std::uint64_t own = session.generation;  // another session may have the slot
  (void)stream.compare_exchange_strong(own, 0, std::memory_order_relaxed);
}

bool Members::is_live(const WebSession& session) const noexcept {
  const state::Geometry& geometry = state_.geometry();
  if (session.slot < geometry.first_web_slot() || session.slot >= geometry.sessions) return false;
  const state::Slot slot{session.slot};
  return state_.slots()[slot].generation.load(std::memory_order_acquire) == session.generation &&
         session.generation % 2 == 1 && state_.native_slots()[slot].client == session.client;
}

}  // namespace chatd::web
