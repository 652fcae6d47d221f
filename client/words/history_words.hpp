// SPDX-License-Identifier: GPL-3.0-or-later
// history_words.hpp — the sentences about lines that the server stores, in both languages.
//
// Runs in:   uchat's terminal process. Pure.
#pragma once

#include <optional>
#include <string>

#include "client/member/event.hpp"
#include "common/wire/language.hpp"
#include "common/wire/reasons.hpp"

namespace chatd::client {

// At the end of what is stored.
inline constexpr wire::Sentence kNoOlderLines{"no older lines are kept", "没有更早的消息了"};
inline constexpr wire::Sentence kNoSuchLines{"no such lines are kept", "没有保存这样的消息"};
// {}: the number of the last line that is shown.
inline constexpr wire::Sentence kMoreLines{"more lines follow: /history after {}",
                                           "后面还有消息：/history after {}"};
inline constexpr wire::Sentence kSearchGoesOn{"/search goes on to older lines",
                                              "输入 /search 继续搜索更早的消息"};
inline constexpr wire::Sentence kSearchEnds{"no older lines are found", "没有找到更早的消息"};
inline constexpr wire::Sentence kNoSearch{"search for what? /search TEXT",
                                          "搜索什么？/search TEXT"};
// In place of lines that the server could not store, or has deleted because it had no space.
inline constexpr wire::Sentence kLinesNotStored{
    "[lines are missing here: the server has not stored them, or has deleted them]",
    "[此处缺少消息：服务器没有保存，或已经删除]"};

// "messages are kept for at most 30 days"; "": the server does not say it.
[[nodiscard]] std::string kept_text(wire::Language language, const KeptHistory& kept);
// "connected to chat as ada (messages are kept for at most 30 days)"
[[nodiscard]] std::string with_kept(wire::Language language, std::string text,
                                    const KeptHistory& kept);

// The room of a line of the answer to the request.
[[nodiscard]] inline const std::string& room_of(const HistoryLine& stored,
                                                const HistoryRequest& request) {
  return request.way == wire::HistoryWay::search_all ? stored.room : request.room;
}
// A stored line as a line of the room, from before the session. nullopt: it is no line that a
// version of uchat shows.
[[nodiscard]] std::optional<Line> as_line(const HistoryLine& stored, const std::string& room);

}  // namespace chatd::client
