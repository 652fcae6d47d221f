// SPDX-License-Identifier: GPL-3.0-or-later
// web_answers.hpp — the messages from the gateway to web.
//
// Runs in:   gateway, web. See web_messages.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "daemon/sys/archive_question.hpp"
#include "daemon/sys/web_messages.hpp"

namespace chatd::sys {

struct WebEntered {
  std::uint64_t request{};
  WebSession session{};
  std::uint64_t person{};
  std::string name{};
  std::uint64_t uplink{};                   // the `n` of the last command that was executed
  std::array<std::byte, 16> command_key{};  // see common/transport/command_mask.hpp
  bool is_again{};                          // the session was there before
  static constexpr void fields(auto& v, auto& entered) {
    v("request", entered.request);
    v("session", entered.session);
    v("person", entered.person);
    v("name", entered.name);
    v("uplink", entered.uplink);
    v("command_key", entered.command_key);
    v("is_again", entered.is_again);
  }
};

// How a request other than an entry or a question has ended, or why any of them was refused.
enum class WebOutcome : std::uint8_t {
  done,      // of a command: it was executed, or its refusal is in the mailbox
  refused,   // `reason`
  too_soon,  // not executed: again after `wait_ms`
  gap,       // not executed: the next command is `uplink` + 1
  no_space,  // not executed: the mailbox is full; the browser must read it first
  unknown,   // no such session, or its token was not shown since the start of web or gateway
};
struct WebAnswer {
  std::uint64_t request{};
  WebOutcome outcome{};
  std::uint64_t uplink{};
  std::uint32_t wait_ms{};
  std::uint8_t reason{};  // a wire::Reason
  std::string text{};     // a sentence in English; may be empty
  static constexpr void fields(auto& v, auto& answer) {
    v("request", answer.request);
    v("outcome", answer.outcome);
    v("uplink", answer.uplink);
    v("wait_ms", answer.wait_ms);
    v("reason", answer.reason);
    v("text", answer.text);
  }
};

// A part of a list, as in the records `who` and `rooms`.
struct WebList {
  std::uint64_t request{};
  std::string text{};
  std::optional<std::uint32_t> next{};  // the place of the next part
  static constexpr void fields(auto& v, auto& list) {
    v("request", list.request);
    v("text", list.text);
    v("next", list.next);
  }
};

// Stored lines that the member may read.
struct WebLines {
  std::uint64_t request{};
  Answer answer{};
  static constexpr void fields(auto& v, auto& lines) {
    v("request", lines.request);
    v("answer", lines.answer);
  }
};

// The session has ended, or another page has it. Not repeated: without it, web sees the generation
// of the slot change.
struct WebEnded {
  WebSession session{};
  std::uint8_t reason{};  // a wire::Reason
  std::string text{};
  static constexpr void fields(auto& v, auto& ended) {
    v("session", ended.session);
    v("reason", ended.reason);
    v("text", ended.text);
  }
};

using ToWeb = std::variant<WebEntered, WebAnswer, WebList, WebLines, WebEnded>;

}  // namespace chatd::sys
