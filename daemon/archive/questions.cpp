// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/questions.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "common/wire/control/verbs.hpp"
#include "daemon/archive/answer_history.hpp"
#include "daemon/archive/answer_search.hpp"
#include "daemon/archive/answers.hpp"

namespace chatd::archive {

namespace {

// A verb that the archive answers. The function gets at least the arguments that the verb needs.
struct Answer {
  const wire::Verb* verb;
  wire::ControlReply (*answer)(HistoryDb&, const wire::ControlRequest&);
};
constexpr std::array kAnswers{
    Answer{&wire::verb::kHistory.row, &answer_history},
    Answer{&wire::verb::kSearch.row, &answer_search},
};

}  // namespace

wire::ControlReply answer_question(HistoryDb* database, const wire::ControlRequest& request) {
  const auto* const row = std::ranges::find(kAnswers, std::string_view{request.verb},
                                            [](const Answer& one) { return one.verb->name; });
  if (row == kAnswers.end()) {
    return refuse(wire::code::kUnknownVerb, "the archive does not know this verb");
  }
  if (database == nullptr) {
    return refuse(wire::code::kFailed, "the history cannot be read now, see chatctl archive");
  }
  if (request.args.size() < row->verb->min_args) {
    return refuse(wire::code::kUsage,
                  fmt::format("usage: {} {}", row->verb->name, row->verb->usage));
  }
  return row->answer(*database, request);
}

void answer_request(HistoryDb* database, const sys::Request& request, int caller) {
  const auto decoded = wire::decode_request(request.line);
  const wire::ControlReply reply =
      decoded ? answer_question(database, *decoded) : std::unexpected{decoded.error()};
  const std::string line = wire::encode(reply) + '\n';
  (void)::send(caller, line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace chatd::archive
