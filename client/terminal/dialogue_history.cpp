// SPDX-License-Identifier: GPL-3.0-or-later
// Lines that the server has stored.
#include <optional>
#include <utility>

#include "client/settings/since.hpp"
#include "client/terminal/dialogue.hpp"
#include "client/words/history_words.hpp"
#include "client/words/outcome.hpp"
#include "client/words/shown_words.hpp"
#include "client/words/words.hpp"
#include "common/wire/search_query.hpp"

namespace chatd::client {

namespace {

// The text of the stored lines, without those of ignored users.
std::string painted(const HistoryPage& page, const Ignored& ignored, Painter& painter,
                    wire::Language language) {
  std::string text;
  for (const HistoryLine& stored : page.lines) {
    if (stored.kind == wire::kStoredGap) {
      text += painter.remark(filled(kLinesNotStored, language));
    } else if (const auto line = as_line(stored, room_of(stored, page.request));
               line && !ignored.has(*line)) {
      text += painter.paint(*line);
    }
  }
  return text;
}

// The request that goes on with the search; without a text if there are no older lines.
HistoryRequest next_search(HistoryPage page) {
  HistoryRequest next = std::move(page.request);
  next.value = page.first;
  next.at = page.first_room;
  if (!page.has_older) next.text.clear();
  return next;
}

// Without a text the last search goes on, in the room or the rooms that it was in. False: there is
// nothing to search for.
bool begin_search(HistoryRequest& request, const HistoryRequest& last, const RoomBook& rooms) {
  if (request.text.empty()) {
    const std::uint8_t lines = std::exchange(request, last).lines;
    request.lines = lines;
    return !last.text.empty();
  }
  wire::SearchPlace place = wire::split_place(request.text);
  request.text = std::move(place.text);
  if (place.is_all) request.way = wire::HistoryWay::search_all;
  // The default room is "", see RoomBook.
  if (place.room) request.room = rooms.name_of(*place.room);
  return !request.text.empty();
}

// nullopt: there is nothing to search for.
std::optional<HistoryRequest> request_of(ShownHistory::Question question,
                                         const ShownHistory& history, const RoomBook& rooms,
                                         WallTime now) {
  HistoryRequest request = std::move(question.input.request);
  request.room = std::move(question.room);
  if (request.lines == 0) request.lines = ShownHistory::kUsual;
  if (request.way == wire::HistoryWay::before) request.value = history.oldest(request.room);
  if (const auto time = parse_since(question.input.since, now)) {
    const auto since = time->time_since_epoch().count();
    request.value = since < 0 ? 0 : static_cast<std::uint64_t>(since);
  }
  const bool is_new_search = request.way == wire::HistoryWay::search;
  if (is_new_search && !begin_search(request, history.search(), rooms)) return std::nullopt;
  return request;
}

}  // namespace

void Dialogue::ask_history(const ShowHistory& input, Now now) {
  if (!is_connected_or_warn()) return;
  if (rooms_.state() != RoomBook::State::open) {
    text_ += painter_.warning(not_in_room());
    return;
  }
  answers_.history.add({.input = input, .room = rooms_.selected()});
  ask_next_history(now);
}

void Dialogue::ask_next_history(Now now) {
  while (auto question = answers_.history.take_question()) {
    auto request = request_of(*std::move(question), answers_.history, rooms_, now.wall);
    if (request) return outbox_.order(*std::move(request));
    text_ += painter_.warning(kNoSearch.in(settings_.language));
    answers_.history.end_question();
  }
}

// The lines look as those of the replay. They are no news: no bell, no unread mark, and no line of
// the log.
void Dialogue::on_history(HistoryPage page) {
  if (!answers_.history.take(page)) return;
  answers_.history.end_question();
  const auto remark = [this](const wire::Sentence& sentence, const auto&... values) {
    text_ += painter_.remark(filled(sentence, settings_.language, values...));
  };
  if (page.is_refused()) {
    text_ +=
        painter_.warning(why_refused(settings_.language, {.code = page.code, .text = page.text}));
    return;
  }
  show_gathered();
  text_ += painted(page, ignored_, painter_, settings_.language);
  if (is_search(page.request.way)) {
    remark(page.has_older ? kSearchGoesOn : kSearchEnds);
    answers_.history.set_search(next_search(std::move(page)));
    return;
  }
  const bool goes_back = page.request.way == wire::HistoryWay::before;
  if (!page.lines.empty() || goes_back) answers_.history.set(page.request.room, page.first);
  if (goes_back && !page.has_older) {
    // The server says for how long messages are kept of the default room only.
    const KeptHistory kept = page.request.room.empty() ? answers_.kept : KeptHistory{};
    text_ += painter_.remark(
        with_kept(settings_.language, std::string{kNoOlderLines.in(settings_.language)}, kept));
  } else if (!goes_back && page.lines.empty()) {
    remark(kNoSuchLines);
  } else if (!goes_back && page.has_newer) {
    remark(kMoreLines, page.last);
  }
}

}  // namespace chatd::client
