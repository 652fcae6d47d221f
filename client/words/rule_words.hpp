// SPDX-License-Identifier: GPL-3.0-or-later
// rule_words.hpp — the texts of a server about a ban, a mute or a removal of the user, in the
// user's language, with times in the user's time zone.
//
// Runs in:   both processes of uchat. Pure.
// Invariant: a sentence contains the reason unchanged: a caller that prints it uses safe_text().
// See:       chatd-protocol(7), which has the form of the texts: "banned until 2026-11-29 14:05
//            UTC: spam". The server writes them in English, or in its own language.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/wire/language.hpp"

namespace chatd::client {

// The end and the reason of the ban, to follow a sentence: " until 2026-11-29 15:05: spam". ""
// if it has none of them. nullopt: the text has another form.
[[nodiscard]] std::optional<std::string> ban_details(wire::Language language,
                                                     std::string_view text);
// The same for a mute.
[[nodiscard]] std::optional<std::string> mute_details(wire::Language language,
                                                      std::string_view text);

// The text about the removal of the user from a room: who did it, and why: "by ada: noise". A text
// of another form is returned as it is.
[[nodiscard]] std::string removal_text(wire::Language language, std::string_view text);

}  // namespace chatd::client
