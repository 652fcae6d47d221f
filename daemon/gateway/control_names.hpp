// SPDX-License-Identifier: GPL-3.0-or-later
// control_names.hpp — carries out the requests of administrators about owned names, and about the
// tokens with which bots enter.
//
// Runs in:   gateway.
// Borrows:   the Chat.
// Invariant: after each change no session has a name of another person.
// Errors:    a Refusal.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "common/wire/control/name_reports.hpp"
#include "daemon/chat/chat.hpp"
#include "daemon/control/handlers.hpp"

namespace chatd::gateway {

class ControlNames {
 public:
  // Ends a session of any protocol.
  using Remove =
      std::function<void(chat::Slot, state::LeaveKind, std::string_view reason, chat::Now)>;
  ControlNames(chat::Chat& chat, Remove remove, wire::Language language)
      : chat_{chat}, remove_{std::move(remove)}, language_{language} {}

  [[nodiscard]] wire::NamesReport names() const;
  control::Answer<wire::ChangedNameReport> give(std::string_view name, std::string_view fingerprint,
                                                const control::Caller& caller);
  control::Answer<wire::ChangedNameReport> take(std::string_view name,
                                                const control::Caller& caller);
  control::Answer<wire::ChangedNameReport> rest(std::string_view name,
                                                const control::Caller& caller);
  // A bot is the owner of a name, with a token in place of a key. Only who asks learns the token.
  control::Answer<wire::TokenReport> make_token(std::string_view name,
                                                const control::Caller& caller);
  control::Answer<wire::TokenReport> revoke_token(std::string_view name,
                                                  const control::Caller& caller);
  // Removes the sessions whose name belongs to somebody else.
  void sweep(chat::Now now);

 private:
  [[nodiscard]] bool is_token_name(chat::Names::NameIndex name) const;
  [[nodiscard]] control::Answer<wire::ChangedNameReport> changed(std::string_view name,
                                                                 std::string_view change,
                                                                 const control::Caller& caller,
                                                                 std::string_view key = {});
  [[nodiscard]] std::expected<chat::Names::NameIndex, control::Refusal> find(
      std::string_view name) const;

  chat::Chat& chat_;
  Remove remove_;
  wire::Language language_;
};

}  // namespace chatd::gateway
