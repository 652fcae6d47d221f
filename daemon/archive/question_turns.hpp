// SPDX-License-Identifier: GPL-3.0-or-later
// question_turns.hpp — when the archive answers the questions of members.
//
// Runs in:   archive. Pure: the time is an argument.
// Invariant: answers take at most a quarter of the time: after each one comes a rest of three times
//            its length. While messages wait to be stored, a question waits, but not longer than
//            kLongest.
//            The gateway asks one question at a time, and its successor one more; of more than
//            kMaxWaiting the oldest are dropped, and asked again or refused by the gateway.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

#include "common/base/time.hpp"
#include "daemon/sys/archive_question.hpp"

namespace chatd::archive {

class QuestionTurns {
 public:
  static constexpr std::size_t kMaxWaiting = 4;
  static constexpr Micros kLongest{1'000'000};
  // Between two looks whether messages still wait.
  static constexpr Micros kLookAgain{1'000};

  void add(sys::Question question, MonoTime now) {
    if (waiting_.size() == kMaxWaiting) waiting_.pop_front();
    waiting_.push_back({.question = std::move(question), .since = now});
  }
  // After so long the first question is answered, or asked about again; 0: now. nullopt: there is
  // none.
  [[nodiscard]] std::optional<Micros> wait(MonoTime now, bool messages_wait) const {
    if (waiting_.empty()) return std::nullopt;
    const Micros rest = std::max(rest_until_ - now, Micros{0});
    const bool is_late = now - waiting_.front().since >= kLongest;
    return messages_wait && !is_late ? std::max(rest, kLookAgain) : rest;
  }
  // There is one.
  [[nodiscard]] sys::Question take() {
    sys::Question question = std::move(waiting_.front().question);
    waiting_.pop_front();
    return question;
  }
  // A question was answered in this time.
  void answered(MonoTime begun, MonoTime now) { rest_until_ = now + 3 * (now - begun); }

 private:
  struct Waiting {
    sys::Question question;
    MonoTime since;
  };
  std::deque<Waiting> waiting_;
  MonoTime rest_until_{};
};

}  // namespace chatd::archive
