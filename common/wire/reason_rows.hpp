// SPDX-License-Identifier: GPL-3.0-or-later
// reason_rows.hpp — rows of the table of reasons that are alike.
//
// Runs in:   gateway, worker, both processes of uchat. For reasons.cpp.
#pragma once

#include <string_view>

#include "common/wire/reasons.hpp"
#include "common/wire/refusal_sentences.hpp"

namespace chatd::wire {

// The row of a reason that only uchat knows.
constexpr ReasonRow run_ends(Reason reason, std::string_view code, int status, Sentence client) {
  return {.reason = reason, .outcome = reason, .code = code, .status = status, .client = client};
}

// The row of a reason why a message or a command is refused.
constexpr ReasonRow refused_message(Reason reason, std::string_view code, Sentence server,
                                    Sentence client) {
  return {.reason = reason,
          .outcome = Reason::message_refused,
          .code = code,
          .server = server,
          .client = client};
}
constexpr ReasonRow refused_message(Reason reason, std::string_view code,
                                    const RefusalSentences& sentences) {
  return refused_message(reason, code, sentences.server, sentences.client);
}

}  // namespace chatd::wire
