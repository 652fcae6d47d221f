// SPDX-License-Identifier: GPL-3.0-or-later
// follow_answer.hpp — the answer to `chatctl history --follow`: the report of `history`, and then
// each further line of the room as soon as it is stored, until the caller hangs up.
//
// Runs in:   archive.
// Invariant: each line is sent once, in the order of their numbers. A blank line every few seconds
//            says that there is nothing new. If the room was dropped and made again, the lines of
//            the new one follow.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>

#include "daemon/archive/long_answer.hpp"

namespace chatd::archive {

class FollowAnswer : public LongAnswer {
 public:
  [[nodiscard]] static std::expected<std::unique_ptr<LongAnswer>, wire::ControlError> make(
      History& history, const wire::ControlRequest& request, UniqueFd caller);

  // `last`: the number of the last line that the report has; nullopt: it has none.
  FollowAnswer(std::string name, std::uint64_t room, std::optional<std::uint64_t> last,
               const std::string& report, UniqueFd caller);
  [[nodiscard]] Next step(History& history, MonoTime now) override;

 private:
  [[nodiscard]] Result<bool> read_page(HistoryDb& database);

  std::string name_;
  std::uint64_t room_;
  std::optional<std::uint64_t> last_;
  MonoTime said_{};  // when something was sent
};

}  // namespace chatd::archive
