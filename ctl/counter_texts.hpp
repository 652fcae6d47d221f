// SPDX-License-Identifier: GPL-3.0-or-later
// counter_texts.hpp — the meaning of each counter of `chatctl status`.
//
// Runs in:   chatctl. Pure.
// See:       daemon/state/counters.hpp; a test holds this table to it.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace chatd::ctl {

struct CounterText {
  std::string_view name;  // as in the JSON
  std::string_view text;  // "": the status shows the value in another line
};

inline constexpr std::array kCounterTexts{
    CounterText{"datagrams_received", "datagrams that arrived"},
    CounterText{"datagrams_dropped_foreign", "dropped: text or a search from a foreign network"},
    CounterText{"datagrams_dropped_malformed", "dropped: of no known form"},
    CounterText{"datagrams_dropped_empty", "dropped: a message without a text"},
    CounterText{"datagrams_dropped_overload", "dropped: above a limit"},
    CounterText{"answers_suppressed", "requests and logins above a limit: no answer"},
    CounterText{"messages", ""},
    CounterText{"messages_refused_rate", "messages refused: sent too fast"},
    CounterText{"messages_refused_invalid", "messages refused: too long, or not UTF-8"},
    CounterText{"joins", "members that joined the server"},
    CounterText{"leaves", "members that left the server"},
    CounterText{"logins_refused", "logins refused: a name, a limit, or a ban"},
    CounterText{"members_unreachable", "left: their address takes no datagrams"},
    CounterText{"members_idle", "left: silent for too long"},
    CounterText{"members_kicked", "left: removed by a kick or a ban"},
    CounterText{"announcements", "announcements of administrators"},
    CounterText{"replies_failed", "replies that the system did not send"},
    CounterText{"direct_messages", "direct messages"},
    CounterText{"packets_refused", "packets that were forged, or came twice"},
    CounterText{"packets_unknown", "packets of no session"},
    CounterText{"acks_refused", "acknowledgements of what was never sent"},
    CounterText{"offsets_refused", "forged streams, and positions in no log"},
    CounterText{"commands_not_in_room", "commands for rooms not joined: a few are usual"},
    CounterText{"members_moved", "members that changed their address"},
    CounterText{"handshakes_failed", "handshakes that failed: password, or forged"},
    CounterText{"sessions_now", ""},
    CounterText{"sessions_peak", ""},
    CounterText{"rooms_now", ""},
    CounterText{"events", "events for chatctl events"},
    CounterText{"seeks_answered", "answers to programs that look for a server"},
    CounterText{"datagrams_sent", "datagrams that the workers sent"},
    CounterText{"datagrams_failed", "datagrams that the system did not send"},
    CounterText{"lines_delivered", "messages to members, one for each member"},
    CounterText{"send_blocked", "waits for space in the socket's buffer"},
    CounterText{"members_lapped", "members too slow: messages were lost to them"},
    CounterText{"passes", "rounds of the workers over new messages"},
};

// Null: a counter that only a newer daemon has.
[[nodiscard]] constexpr const CounterText* find_counter_text(std::string_view name) noexcept {
  const auto* const found = std::ranges::find(kCounterTexts, name, &CounterText::name);
  return found == kCounterTexts.end() ? nullptr : found;
}

}  // namespace chatd::ctl
