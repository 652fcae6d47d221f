// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/history_words.hpp"

#include <utility>

#include <fmt/format.h>

#include "client/words/room_words.hpp"
#include "client/words/shown_words.hpp"

namespace chatd::client {

namespace {

constexpr wire::Sentence kKept{"messages are kept for at most {}", "消息最多保存 {}"};
constexpr wire::Sentence kKeptForEver{"messages are kept without a time limit",
                                      "消息会保存，没有时间限制"};
constexpr wire::Sentence kNotKept{"messages are not kept", "消息不保存"};
constexpr wire::Sentence kBehind{"{} ({})", "{}（{}）"};

}  // namespace

std::string kept_text(wire::Language language, const KeptHistory& kept) {
  switch (kept.is) {
    case wire::HistoryKept::none:
      return std::string{kNotKept.in(language)};
    case wire::HistoryKept::kept:
      return kept.seconds == 0 ? std::string{kKeptForEver.in(language)}
                               : filled(kKept, language, duration_text(language, kept.seconds));
    case wire::HistoryKept::unknown:
      break;
  }
  return {};
}

std::string with_kept(wire::Language language, std::string text, const KeptHistory& kept) {
  const std::string behind = kept_text(language, kept);
  return behind.empty() ? text : filled(kBehind, language, text, behind);
}

std::optional<Line> as_line(const HistoryLine& stored, const std::string& room) {
  const auto kind = static_cast<wire::RecordKind>(stored.kind);
  const bool is_line = is_room_message(kind) || kind == wire::RecordKind::announce ||
                       kind == wire::RecordKind::topic;
  if (!is_line) return std::nullopt;
  return Line{.record = kind,
              .name = stored.name,
              .text = stored.text,
              .time = stored.time,
              .replay = true,
              .room = {.name = room},
              .person = stored.person,
              .sequence = stored.number,
              .text_member = is_room_message(kind) && stored.person == 0};
}

}  // namespace chatd::client
