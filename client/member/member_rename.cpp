// SPDX-License-Identifier: GPL-3.0-or-later
// Another name: the Member logs in under it while its session goes on. The server's WELCOME begins
// a session under the new name, as after a loss of the old one: the rooms' logs are read on from
// where they were, the rooms are joined again, and the commands that were held are sent. Then the
// old session gets a BYE. If the server refuses the name, nothing has changed.
#include <algorithm>
#include <utility>

#include "client/member/member_impl.hpp"

namespace chatd::client {

// No command may be in flight in both sessions: those of the old one are confirmed before the login
// begins. Those that came after rename() are held, also while the server does not answer.
void Member::Impl::continue_rename(MonoTime now) {
  if (!name_change.is_under_way() || ended) return;
  if (name_change.has_begun) {
    const bool is_slow = handshake && now - handshake->progressed() >= options.handshake_timeout;
    if (is_slow) refuse_rename(End::no_answer, {}, now);
    return;
  }
  if (is_over || is_lost || name_change.goodbye) return;
  if (uplink.is_holding()) return;  // another session has just begun
  if (handshake || uplink.first_unconfirmed() != 0) return;
  name_change.has_begun = true;
  begin_handshake(now);
}

void Member::Impl::refuse_rename(End why, std::string text, MonoTime now) {
  emit(NameRefused{
      .name = std::exchange(name_change.name, {}), .reason = why, .text = std::move(text)});
  name_change.end();
  uplink.end_hold_new();
  handshake.reset();
  next_link.reset();
  if (is_over) return begin_handshake(now);
  release_commands();
}

// The user quits. A login that has begun is waited for: the server may have carried it out.
void Member::Impl::forget_rename() {
  if (name_change.has_begun || !name_change.is_under_way()) return;
  const bool is_settling = uplink.is_holding();  // release_commands() comes when it is_settled()
  name_change.end();
  uplink.end_hold_new();
  if (!is_settling && !is_over) release_commands();
}

// Called before the session of the WELCOME takes the place of this one.
void Member::Impl::leave_old_name() {
  if (!name_change.has_begun || !link || is_over) return;
  name_change.former = session;
  name_change.goodbye.emplace(std::move(*link), reset_token);
}

// A WELCOME has come. If it is that of a session under the old name, the change goes on in it.
void Member::Impl::settle_rename(std::string_view name) {
  if (!name_change.has_begun) return;
  options.name = name;
  name_change.end();
  uplink.end_hold_new();
}

}  // namespace chatd::client
