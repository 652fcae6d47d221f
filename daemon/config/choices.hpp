// SPDX-License-Identifier: GPL-3.0-or-later
// choices.hpp — the settings that are one of several words.
//
// Runs in:   every role. Pure.
// See:       list_kinds.cpp, which has the words.
#pragma once

#include <cstdint>
#include <string_view>

namespace chatd::config {

// The form of a client's message: `C <text>` or `C <own name> <text>`; automatic: the form of the
// client's first message.
enum class ChatForm : std::uint8_t { automatic, message, named };
// The members that make further rooms: every native one, those that own a name, or none but the
// administrator.
enum class WhoMakes : std::uint8_t { anyone, owners, admin };
// The makers of owned names: members, or the administrator only.
enum class WhoClaims : std::uint8_t { members, admin };
// The persons that log in: all, or those that a code has admitted and those that are known.
enum class WhoEnters : std::uint8_t { anyone, invited };
[[nodiscard]] std::string_view name_of(WhoEnters who) noexcept;  // as in the configuration
// web.plain: the rights of sessions of kind web over plain HTTP from another machine: open rooms
// only, or all rights that they have over TLS.
enum class WebPlain : std::uint8_t { chat_only, trusted };
[[nodiscard]] std::string_view name_of(WebPlain plain) noexcept;  // as in the configuration
// The language of notices; automatic: that of the locale.
enum class LanguageChoice : std::uint8_t { automatic, en, zh };

}  // namespace chatd::config
