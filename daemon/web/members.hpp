// SPDX-License-Identifier: GPL-3.0-or-later
// members.hpp — the sessions of browsers, for the code that speaks HTTP: enter, resume, command,
// question, leave. No HTTP and no JSON is here.
//
// Runs in:   web. No function waits: the answer of the gateway is a call of the caller's function.
// Borrows:   the StateView (read-only), the WebPresence, the descriptor of the channel.
// Owns:      the requests that are not answered yet, in private memory: a web that is killed loses
//            them, and the browsers ask again.
// Bounds:    kMaxRequests requests wait; one more is refused as Refusal::busy. Each ends within
//            kLimit.
// Invariant: each function that is given to a request is called exactly once, from take(), tick()
//            or the call itself.
// See:       news.hpp, what a browser gets; daemon/sys/web_channel.hpp;
// daemon/gateway/web_link.hpp.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

#include "common/base/time.hpp"
#include "common/wire/native/native_packet.hpp"
#include "common/wire/reason.hpp"
#include "daemon/state/state_view.hpp"
#include "daemon/state/web_presence.hpp"
#include "daemon/sys/web_channel.hpp"

namespace chatd::web {

using sys::WebSession;
using sys::WebToken;

// Why a request was not carried out.
struct Refusal {
  enum class Kind : std::uint8_t {
    reason,    // `reason`; 401 if it is no_session, 409 if replaced, else 403, 409, 422 or 503
    too_soon,  // after `wait`: 429
    gap,       // the next command is `next`: 409
    no_space,  // the browser must read its mailbox first: 429
    unknown,   // resume() first: the session is not known to the gateway, or not shown to it: 401
    busy,      // too many requests wait: 503
    late,      // no answer within kLimit: 504; the browser may send the same again
  };
  Kind kind{};
  wire::Reason reason{};
  std::string text{};  // in English; may be empty
  Micros wait{0};
  std::uint64_t next{0};
};

// The values with which a page enters.
struct Entry {
  WebToken token{};
  std::uint64_t client{};
  IpAddress address{};  // of the browser
  bool is_plain{};      // neither local nor secure, and web.plain is not "trusted"
  std::string name{};
  std::optional<sys::WebSecret> password{};  // crypto::password_key()
  std::string code{};                        // of an invitation, the secret; empty: none
};

struct Entered {
  WebSession session{};
  std::uint64_t person{};
  std::string name{};
  std::uint64_t uplink{};  // the `n` of the last command that was executed
  wire::CommandKey command_key{};
  bool is_again{};
};

class Members {
 public:
  static constexpr std::size_t kMaxRequests = 4096;
  static constexpr Micros kLimit = std::chrono::seconds{10};
  // A request is sent again when it has no answer after this time: the gateway may have been
  // killed.
  static constexpr Micros kRepeat = std::chrono::seconds{1};

  template <class T>
  using Then = std::function<void(std::expected<T, Refusal>)>;
  struct Hooks {
    // The session has ended, or another page has it: close its streams with this reason.
    std::function<void(const WebSession&, wire::Reason, const std::string& text)> ended;
  };
  // `first_request`: random, see web_channel.hpp.
  Members(const state::StateView& state, const state::WebPresence& presence, int channel,
          std::uint64_t first_request, Hooks hooks);

  // Enters, or continues the session of the token. 201.
  void enter(const Entry& entry, MonoTime now, Then<Entered> then);
  // Continues the session of the token; fails with Reason::no_session or Reason::replaced. To be
  // called once for each session and page after a start of web, and when a request has failed as
  // Kind::unknown; it is cheap.
  void resume(const Entry& entry, MonoTime now, Then<Entered> then);
  // Command number `n`, in the encoding of native commands (wire::write_command()). The value: the
  // `n` of the last command that was executed, at least this one.
  void command(const WebSession& session, std::uint64_t n, std::string bytes, MonoTime now,
               Then<std::uint64_t> then);
  // A question: a native command who, rooms or history. See news.hpp for the answers to others.
  void list(const WebSession& session, std::string bytes, MonoTime now, Then<sys::WebList> then);
  void history(const WebSession& session, std::string bytes, MonoTime now, Then<sys::Answer> then);
  void leave(const WebSession& session, MonoTime now, Then<std::monostate> then);
  // The browser has all records of its mailbox below the offset: they may be overwritten. A command
  // is refused as Kind::no_space while the mailbox is full.
  void read(const WebSession& session, std::uint64_t mailbox) const;

  // The session has an open stream, or none any more: nobody sees it as away meanwhile.
  void set_stream(const WebSession& session, bool is_open) const noexcept;
  // True: the session exists, and this page has it.
  [[nodiscard]] bool is_live(const WebSession& session) const noexcept;

  // The channel is readable.
  void take(MonoTime now);
  // About four times a second: repeats requests, and ends late ones.
  void tick(MonoTime now);

 private:
  using Done = std::variant<Then<Entered>, Then<std::uint64_t>, Then<sys::WebList>,
                            Then<sys::Answer>, Then<std::monostate>>;
  struct Request {
    sys::FromWeb message;
    Done done;
    MonoTime since;
    MonoTime sent;
  };
  void ask(sys::FromWeb message, Done done, MonoTime now);
  void on_message(sys::ToWeb message);
  void on_answer(const sys::WebAnswer& got);
  std::optional<Done> end(std::uint64_t request);

  const state::StateView& state_;
  const state::WebPresence& presence_;
  int channel_;
  std::uint64_t last_request_;
  Hooks hooks_;
  std::unordered_map<std::uint64_t, Request> requests_;
};

}  // namespace chatd::web
