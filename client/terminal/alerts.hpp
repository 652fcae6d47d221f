// SPDX-License-Identifier: GPL-3.0-or-later
// alerts.hpp — decides which reports the user is told of by the terminal's bell and by a
// notification of the desktop.
//
// Runs in:   uchat's terminal process.
// Invariant: pure. No alert for lines of the replay, own lines, joins and leaves. At most one in
//            kBetween; other messages do not delay one for a mention.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "client/session/message.hpp"
#include "client/settings/options.hpp"
#include "client/terminal/notification.hpp"
#include "common/base/time.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

class Alerts {
 public:
  static constexpr Micros kBetween{1'000'000};

  struct Settings {
    Bell bell{Bell::mention};
    Bell notify{Bell::mention};
    Notifier notifier{};
  };

  Alerts(const Settings& settings, wire::Language language)
      : settings_{settings}, language_{language} {}

  // The bytes for the terminal; "": no alert. `own_name` is the user's name in the room.
  [[nodiscard]] std::string on_report(const Report& report, std::string_view own_name,
                                      MonoTime now);

 private:
  Settings settings_;
  wire::Language language_;
  std::optional<MonoTime> last_{};
  std::optional<MonoTime> last_for_user_{};  // of a mention, and what else comes with that setting
};

// Returns the least setting with which the report causes an alert; `never`: no setting does.
[[nodiscard]] Bell alert_of(const Report& report, std::string_view own_name);

}  // namespace chatd::client
