// SPDX-License-Identifier: GPL-3.0-or-later
// shown_words.hpp — the sentences about what a conversation shows and keeps, in both languages.
//
// Runs in: uchat's terminal process.
// Shape:   fmt::runtime(sentence.in(language)); behind each one the values that stand for its {}.
#pragma once

#include "common/wire/reasons.hpp"

namespace chatd::client {

inline constexpr wire::Sentence kNewLines{"new", "新消息"};  // over the lines that were not read
inline constexpr wire::Sentence kIsQuiet{"joins and leaves are not shown from now on",
                                         "不再显示进入和退出"};
inline constexpr wire::Sentence kIsNotQuiet{"joins and leaves are shown from now on",
                                            "现在显示进入和退出"};

// Rooms with unread messages, in the prompt; {}: number.
inline constexpr wire::Sentence kOneRoom{"{} room", "{} 个房间"};
inline constexpr wire::Sentence kSomeRooms{"{} rooms", "{} 个房间"};

// Over lines that are shown again; {}: text.
inline constexpr wire::Sentence kLastLines{"the last lines:", "最近的内容："};
inline constexpr wire::Sentence kLinesWith{"the last lines with \"{}\":", "最近含有“{}”的内容："};
inline constexpr wire::Sentence kNoLines{"there are no lines yet", "还没有内容"};
inline constexpr wire::Sentence kNoLinesWith{"there is no line with \"{}\"", "没有含有“{}”的行"};

}  // namespace chatd::client
