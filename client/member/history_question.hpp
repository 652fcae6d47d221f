// SPDX-License-Identifier: GPL-3.0-or-later
// history_question.hpp — the question about stored lines that the server has not answered yet.
//
// Runs in:   client (Member). Pure.
// Invariant: records of another answer are ignored, and those behind kMaxPageLines: a hostile
//            server cannot fill the memory.
#pragma once

#include <cstdint>

#include "client/member/history_event.hpp"
#include "common/base/time.hpp"

namespace chatd::client {

struct HistoryAsked {
  // A gateway that is killed forgets the questions: after this time without a record the question
  // is asked again.
  static constexpr Micros kAgainAfter{5'000'000};
  static constexpr unsigned kMaxTries = 4;

  HistoryPage page{};  // the lines that have arrived
  std::uint32_t serial{0};
  std::uint64_t number{0};  // of the command
  std::uint64_t end{0};     // of the command in its stream; 0: the server has not read it yet
  unsigned tries{0};
  MonoTime heard{};  // when it was asked, or a record of the answer arrived

  // When the next try, or the end of the tries, is due. The uplink repeats what the server has not
  // read.
  [[nodiscard]] MonoTime deadline() const noexcept {
    return end == 0 ? MonoTime::max() : heard + kAgainAfter;
  }
};

}  // namespace chatd::client
