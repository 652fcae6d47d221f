// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/long_answers.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "common/wire/control/verbs.hpp"
#include "daemon/archive/answers.hpp"
#include "daemon/archive/erase_answer.hpp"
#include "daemon/archive/export_answer.hpp"
#include "daemon/archive/follow_answer.hpp"

namespace chatd::archive {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLater{100};

using Made = std::expected<std::unique_ptr<LongAnswer>, wire::ControlError>;
struct LongVerb {
  const wire::Verb* verb;
  std::string_view option;  // "": also without any
  Made (*make)(History&, const LongAnswers::Files&, const wire::ControlRequest&, UniqueFd);
};
constexpr std::array kLongVerbs{
    LongVerb{&wire::verb::kHistory.row, "--follow",
             [](History& history, const LongAnswers::Files& /*files*/,
                const wire::ControlRequest& request, UniqueFd caller) -> Made {
               return FollowAnswer::make(history, request, std::move(caller));
             }},
    LongVerb{&wire::verb::kErase.row, "",
             [](History& history, const LongAnswers::Files& /*files*/,
                const wire::ControlRequest& request, UniqueFd caller) -> Made {
               return EraseAnswer::make(history, request, std::move(caller));
             }},
    LongVerb{&wire::verb::kExport.row, "",
             [](History& history, const LongAnswers::Files& /*files*/,
                const wire::ControlRequest& request, UniqueFd caller) -> Made {
               return ExportAnswer::make(history, request, std::move(caller));
             }},
    LongVerb{&wire::verb::kBackup.row, "",
             [](History& history, const LongAnswers::Files& files,
                const wire::ControlRequest& request, UniqueFd caller) -> Made {
               return BackupAnswer::make(history, files.databases(), files.directory, request,
                                         std::move(caller));
             }},
};

void send_refusal(int caller, const wire::ControlError& error) {
  const std::string line = wire::encode(wire::ControlReply{std::unexpected{error}}) + '\n';
  (void)::send(caller, line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace

bool LongAnswers::take(const wire::ControlRequest& request, int caller) {
  const auto* const row = std::ranges::find_if(kLongVerbs, [&](const LongVerb& one) {
    return one.verb->name == request.verb && request.args.size() >= one.verb->min_args &&
           (one.option.empty() || !text_in(request, *one.verb, one.option).empty());
  });
  if (row == kLongVerbs.end()) return false;
  if (running_.size() >= kMaxAtOnce) {
    send_refusal(caller, {.code = std::string{wire::code::kBusy},
                          .message = "the archive is busy with other requests: try again later"});
    return true;
  }
  UniqueFd copy{::fcntl(caller, F_DUPFD_CLOEXEC, 3)};
  if (!copy.is_open()) return true;  // no descriptor is left: the caller sees no answer
  auto made = row->make(history_, files_, request, std::move(copy));
  if (made) {
    begin(std::move(*made));
  } else {
    send_refusal(caller, made.error());
  }
  return true;
}

void LongAnswers::begin(std::unique_ptr<LongAnswer> answer) {
  running_.push_back({.answer = std::move(answer), .watch = {}});
  step(std::prev(running_.end()));
}

void LongAnswers::step(Place at) {
  using Next = LongAnswer::Next;
  const bool has_more = history_.store();
  const Next next = has_more ? Next::at_once : at->answer->step(history_, clock_());
  if (next == Next::done) {
    running_.erase(at);
    return;
  }
  auto again = [this, at] { step(at); };
  auto watch = next == Next::when_writable
                   ? loop_.on_writable(at->answer->caller(), again)
                   : loop_.after(next == Next::later ? kLater : milliseconds{0}, again);
  if (watch) {
    at->watch = std::move(*watch);
  } else {
    running_.erase(at);  // for lack of memory: the caller sees that the answer is cut
  }
}

void LongAnswers::tick() {
  const MonoTime now = clock_();
  std::erase_if(running_, [now](const Running& one) { return one.answer->is_stalled(now); });
}

}  // namespace chatd::archive
