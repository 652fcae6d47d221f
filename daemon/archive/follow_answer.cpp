// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/follow_answer.hpp"

#include <limits>
#include <utility>

#include "common/wire/control/history_verbs.hpp"
#include "daemon/archive/answer_history.hpp"
#include "daemon/archive/answers.hpp"

namespace chatd::archive {

namespace {

constexpr std::chrono::seconds kBlankAfter{3};

}  // namespace

std::expected<std::unique_ptr<LongAnswer>, wire::ControlError> FollowAnswer::make(
    History& history, const wire::ControlRequest& request, UniqueFd caller) {
  HistoryDb* const database = history.database();
  if (database == nullptr) {
    return refuse(wire::code::kFailed, "the history cannot be read now, see chatctl archive");
  }
  auto report = history_report(*database, request);
  if (!report) return std::unexpected{std::move(report).error()};
  std::optional<std::uint64_t> last;
  if (!report->lines.empty()) last = report->lines.back().number;
  return std::make_unique<FollowAnswer>(report->room, report->room_number, last, to_json(*report),
                                        std::move(caller));
}

FollowAnswer::FollowAnswer(std::string name, std::uint64_t room, std::optional<std::uint64_t> last,
                           const std::string& report, UniqueFd caller)
    : LongAnswer{std::move(caller)}, name_{std::move(name)}, room_{room}, last_{last} {
  output() = wire::encode(wire::ControlReply{report}) + '\n';
}

LongAnswer::Next FollowAnswer::step(History& history, MonoTime now) {
  if (said_ == MonoTime{}) said_ = now;
  if (const Next sent = flush(now); sent != Next::at_once) return sent;
  if (is_hung_up()) return Next::done;
  HistoryDb* const database = history.database();
  bool has_more = false;
  if (database != nullptr) {
    const auto read = read_page(*database);
    if (!read) return Next::done;  // the caller asks again, and gets the reason
    has_more = *read;
  }
  if (output().empty() && now - said_ >= kBlankAfter) output() = "\n";
  if (output().empty()) return Next::later;
  said_ = now;
  const Next sent = flush(now);
  return sent == Next::at_once && !has_more ? Next::later : sent;
}

Result<bool> FollowAnswer::read_page(HistoryDb& database) {
  const auto page = database.page({.room = name_,
                                   .before = std::numeric_limits<std::uint64_t>::max(),
                                   .after = last_,
                                   .lines = kLinesOfAPage,
                                   .bytes = kBytesOfAPage});
  if (!page) return fail(page.error());
  if (!*page) return false;
  if (std::exchange(room_, (*page)->room) != (*page)->room) {
    last_.reset();
    return true;
  }
  for (const auto& line : (*page)->lines) {
    output() += to_json(wire::export_row((*page)->name, room_, row_of(line)));
    output() += '\n';
    last_ = line.sequence;
  }
  return (*page)->has_more && !(*page)->lines.empty();
}

}  // namespace chatd::archive
