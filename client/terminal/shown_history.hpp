// SPDX-License-Identifier: GPL-3.0-or-later
// shown_history.hpp — the oldest line of each room that was shown or asked for: /history goes on
// before it. The questions about stored lines that are not answered.
//
// Runs in:   uchat's terminal process.
// Invariant: pure. Only rooms in which a line was shown are known.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/member/event.hpp"
#include "client/terminal/typed_input.hpp"
#include "common/wire/name.hpp"

namespace chatd::client {

class ShownHistory {
 public:
  static constexpr std::uint64_t kNone = std::numeric_limits<std::uint64_t>::max();
  static constexpr std::uint8_t kUsual = 20;  // lines of an answer
  struct Question {
    ShowHistory input;
    std::string room;  // in which it was typed
  };

  // A line of a room was shown.
  void note(const Line& line) {
    const bool is_of_room = line.record != wire::RecordKind::direct && line.sequence != 0;
    if (!is_of_room) return;
    std::uint64_t& oldest = oldest_.try_emplace(key_of(line.room.name), kNone).first->second;
    oldest = std::min(oldest, line.sequence);
  }
  // Lines from this number on were shown.
  void set(std::string_view room, std::uint64_t number) { oldest_[key_of(room)] = number; }
  // kNone: nothing was shown.
  [[nodiscard]] std::uint64_t oldest(std::string_view room) const {
    const auto found = oldest_.find(key_of(room));
    return found == oldest_.end() ? kNone : found->second;
  }
  void rename_room(std::string_view before, std::string_view name) {
    for (Question& question : waiting_) {
      if (question.room == before) question.room = name;
    }
    auto row = oldest_.extract(key_of(before));
    if (row.empty()) return;
    row.key() = key_of(name);
    oldest_.erase(row.key());
    oldest_.insert(std::move(row));
  }
  // A room of the same name may be another one later.
  void forget(std::string_view room) {
    oldest_.erase(key_of(room));
    const bool is_of_all = search_.way == wire::HistoryWay::search_all;
    if (is_of_all || key_of(search_.room) == key_of(room)) search_ = {};
  }
  // The request of a bare /search; its text is empty if there is none to go on with.
  void set_search(HistoryRequest next) { search_ = std::move(next); }
  [[nodiscard]] const HistoryRequest& search() const noexcept { return search_; }

  // The server answers only the last question: each waits until the one before it is answered.
  void add(Question question) { waiting_.push_back(std::move(question)); }
  // The question that is asked now. nullopt: there is none, or another one is not answered.
  [[nodiscard]] std::optional<Question> take_question() {
    if (is_asked_ || waiting_.empty()) return std::nullopt;
    is_asked_ = true;
    Question question = std::move(waiting_.front());
    waiting_.pop_front();
    return question;
  }
  void end_question() noexcept { is_asked_ = false; }

  // Adds a piece of an answer. True: `page` is the whole answer now. False: more pieces follow.
  [[nodiscard]] bool take(HistoryPage& page) {
    if (page.more) {
      std::ranges::move(page.lines, std::back_inserter(pieces_));
      return false;
    }
    pieces_.insert(pieces_.end(), std::make_move_iterator(page.lines.begin()),
                   std::make_move_iterator(page.lines.end()));
    page.lines = std::exchange(pieces_, {});
    return true;
  }

 private:
  static std::string key_of(std::string_view room) { return wire::folded_name(room); }

  std::map<std::string, std::uint64_t, std::less<>> oldest_;  // by folded name
  std::vector<HistoryLine> pieces_;
  HistoryRequest search_;
  std::deque<Question> waiting_;
  bool is_asked_{false};
};

}  // namespace chatd::client
