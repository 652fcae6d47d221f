// SPDX-License-Identifier: GPL-3.0-or-later
// paste_question.hpp — the question whether many lines are to be sent, which were entered at once.
//
// Runs in:   uchat's terminal process. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "common/wire/language.hpp"

namespace chatd::client {

class PasteQuestion {
 public:
  // So many lines are sent without a question.
  static constexpr std::size_t kMaxLines = 5;
  enum class Answer : std::uint8_t { yes, no, unclear };

  // True if these lines are asked about; they are kept until take().
  bool ask_about(std::string_view lines);
  [[nodiscard]] bool is_asking() const noexcept { return count_ > 0; }
  [[nodiscard]] static Answer read(std::string_view typed);
  // The question ends. Returns the lines.
  [[nodiscard]] std::string take() {
    count_ = 0;
    return std::exchange(lines_, {});
  }
  [[nodiscard]] std::string prompt(wire::Language language) const;

 private:
  std::string lines_;
  std::size_t count_{0};
};

}  // namespace chatd::client
