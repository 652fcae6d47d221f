// SPDX-License-Identifier: GPL-3.0-or-later
// web_messages.hpp — the messages from web to the gateway.
//
// Runs in:   gateway, web. `request` numbers a request; its answer has the same number.
// To add:    the struct, its name in FromWeb, and its case in daemon/gateway/web_link.cpp. That of
// an
//            answer is in web_answers.hpp, and its case in daemon/web/members.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "common/base/address.hpp"

namespace chatd::sys {

// The secret of a browser: random bytes. The gateway keeps only what it calculates from them.
using WebToken = std::array<std::byte, 32>;
using WebSecret = std::array<std::byte, 32>;  // crypto::password_key()
inline constexpr std::size_t kMaxWebCommand = 1000;

// A session, as web and gateway name it to each other.
struct WebSession {
  std::uint32_t slot{};
  std::uint64_t generation{};
  std::uint64_t client{};  // the page that has it, a random number
  friend bool operator==(const WebSession&, const WebSession&) = default;
};

// A page enters, or shows its token again: after a reload, and after a start of web or gateway. A
// page that enters with the token of a session takes that session.
struct WebEnter {
  std::uint64_t request{};
  WebToken token{};
  std::uint64_t client{};
  IpAddress address{};  // of the browser
  bool is_plain{};      // others can read what the browser sends
  // False: continues a session, or fails with Reason::no_session; the members below are not read.
  // An entry of the client that another one has replaced fails then, too, with Reason::replaced.
  bool is_new{};
  std::string name{};
  std::optional<WebSecret> password{};  // calculated by web, which takes a tenth of a second
  std::string code{};                   // the secret of an invitation code; empty: none
  static constexpr void fields(auto& v, auto& enter) {
    v("request", enter.request);
    v("token", enter.token);
    v("client", enter.client);
    v("address", enter.address);
    v("is_plain", enter.is_plain);
    v("is_new", enter.is_new);
    v("name", enter.name);
    v("password", enter.password);
    v("code", enter.code);
  }
};

// Command number `n` of the session: one more than the last one.
struct WebCommand {
  std::uint64_t request{};
  WebSession session{};
  std::uint64_t n{};
  std::string bytes{};  // one command, see common/wire/native/native_command.hpp
  static constexpr void fields(auto& v, auto& command) {
    v("request", command.request);
    v("session", command.session);
    v("n", command.n);
    v("bytes", command.bytes);
  }
};

// A question that changes nothing and has no `n`: who, rooms or history, with their text.
struct WebAsk {
  std::uint64_t request{};
  WebSession session{};
  std::string bytes{};  // one command, as above
  static constexpr void fields(auto& v, auto& ask) {
    v("request", ask.request);
    v("session", ask.session);
    v("bytes", ask.bytes);
  }
};

// The browser has all records of its mailbox below `mailbox`. Without an answer.
struct WebRead {
  WebSession session{};
  std::uint64_t mailbox{};
  static constexpr void fields(auto& v, auto& read) {
    v("session", read.session);
    v("mailbox", read.mailbox);
  }
};

// The session leaves at once.
struct WebLeave {
  std::uint64_t request{};
  WebSession session{};
  static constexpr void fields(auto& v, auto& leave) {
    v("request", leave.request);
    v("session", leave.session);
  }
};

using FromWeb = std::variant<WebEnter, WebCommand, WebAsk, WebRead, WebLeave>;

}  // namespace chatd::sys
