// SPDX-License-Identifier: GPL-3.0-or-later
// name_commands.hpp — the command `own` of native members: they claim names, and add and drop the
// keys of their names.
//
// Runs in:   gateway.
// Owns:      the codes, and the rates of claims and of wrong codes. Borrows: the Sessions, the
//            Names, the Rules, the RoomChanges, the Mailboxes, the NativeCommands, the
//            configuration.
// Pure:      no descriptor, no clock; the random code is an argument.
// Invariant: a change is carried out once, or, after a kill, once more without another effect. The
//            answer to a change is sent by tell(), when it is known whether it is on disk.
// See:       names.hpp for what each change does, chatd-protocol(7) for the command.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/rate_limit.hpp"
#include "common/wire/native/native_own.hpp"
#include "daemon/chat/names.hpp"
#include "daemon/chat/native_commands.hpp"
#include "daemon/chat/own_codes.hpp"
#include "daemon/config/config.hpp"

namespace chatd::chat {

class NameCommands {
 public:
  // True: the person may claim a name now, without the administrator.
  using MayClaim = std::function<bool(state::PersonId, WallTime)>;

  NameCommands(const config::Config& config, Sessions& sessions, Names& names, const Rules& rules,
               RoomChanges& changes, Mailboxes& mailboxes, NativeCommands& native,
               MayClaim may_claim)
      : config_{config},
        sessions_{sessions},
        names_{names},
        rules_{rules},
        changes_{changes},
        mailboxes_{mailboxes},
        native_{native},
        may_claim_{std::move(may_claim)} {}

  static constexpr std::uint32_t kClaimsOfANetwork = 5;  // a day
  static constexpr std::uint32_t kWrongCodes = 10;       // of a network, in ten minutes

  // Calls its argument, now or later, with whether all changes so far are on disk. Without one the
  // answers say that they are not.
  using WhenSaved = std::function<void(std::function<void(bool)>)>;
  void set_when_saved(WhenSaved when_saved) { when_saved_ = std::move(when_saved); }

  // Carries out a command, or refuses it. Without space for the answer it stays unexecuted, and its
  // sender sends it again. Returns true if a key was dropped: the caller removes misnamed().
  bool carry_out(const NativeCommands::Order& order, std::string_view text, std::uint64_t random);
  // About once a second.
  void tick(Now now);
  // A program of the person has come in: it is asked about the device that waits, if there is one.
  void arrived(Slot session, Now now);

 private:
  using Order = NativeCommands::Order;
  // A change that was carried out, and the receivers of the answer, which is sent when it is known
  // whether the change is on disk.
  struct Change {
    wire::OwnEvent event;
    // The owner of the name. All its programs get the answer if the change is about a device.
    state::PersonId person;
    std::string name;      // the owned name
    state::Sender by;      // the session that has asked
    std::uint64_t end;     // of its command
    std::string device{};  // NOLINT(readability-redundant-member-init): g++ warns without it
    std::string label{};   // NOLINT(readability-redundant-member-init)
    std::optional<state::Sender> other{};  // a session that is not the person's, which gets it, too
  };
  using Done = std::expected<Change, wire::Reason>;

  bool finish(const Order& order, const Done& done);
  void tell(const Change& change, bool is_saved, WallTime now);
  Done claim(const Order& order, const wire::OwnRequest& request);
  Done answer(const Order& order, const wire::OwnRequest& request);
  Done drop(const Order& order, const wire::OwnRequest& request);
  Done release(const Order& order);
  // True: a ban or a mute of the whole server is in force for the person. Its keys do not change
  // then: a key could become that of another person.
  [[nodiscard]] bool is_restricted(state::PersonId person, WallTime now) const;
  // These functions send the answer themselves.
  void add(const Order& order, std::uint64_t code);
  void use(const Order& order, const wire::OwnRequest& request);
  void list(const Order& order);
  // The person that has asked for the code. Wrong codes are counted.
  [[nodiscard]] std::optional<state::PersonId> person_of_code(const Order& order,
                                                              std::uint64_t code);

  [[nodiscard]] std::optional<wire::Reason> reason_not_to_claim(const Order& order,
                                                                const Names::Claim& claim);
  [[nodiscard]] std::string name_of(state::PersonId person) const;
  [[nodiscard]] Change change_of(const Order& order, wire::OwnEvent event) const;
  // False: the mailbox has no space for the answer.
  bool post(Slot session, std::string_view name, const wire::OwnAnswer& answer, WallTime now,
            std::uint64_t end = 0);
  void ask(Slot session, const WaitingDevice& device, Now now);
  void decline(const WaitingDevice& device, WallTime now);
  void end_wait(const WaitingDevice& device, WallTime now);

  const config::Config& config_;
  Sessions& sessions_;
  Names& names_;
  const Rules& rules_;
  RoomChanges& changes_;
  Mailboxes& mailboxes_;
  NativeCommands& native_;
  MayClaim may_claim_;
  WhenSaved when_saved_;
  OwnCodes codes_;
  RateLimit claims_{kClaimsOfANetwork / (24.0 * 3600), kClaimsOfANetwork};
  RateLimit wrong_{kWrongCodes / 600.0, kWrongCodes};
  // The state of each network's limit, see RateLimit.
  std::map<IpAddress, std::int64_t, AddressOrder> claimed_;
  std::map<IpAddress, std::int64_t, AddressOrder> tried_;
};

}  // namespace chatd::chat
