// SPDX-License-Identifier: GPL-3.0-or-later
// web_link.hpp — the gateway's end of the channel to web: the sessions of browsers.
//
// Runs in:   gateway. No function waits.
// Borrows:   the Chat, the NativeService that carries out their commands, the shared state, the
//            WebPresence, the descriptor.
// Owns:      which sessions web has shown since its own start, and the identities of the sessions,
//            in private memory: a successor asks web to show them again.
// Trust:     web may be in the hands of an attacker. It can act as the sessions whose token it has
//            shown, and log in with tokens of its own, within the limits of browsers. Messages of
//            another process than the web of now are dropped.
// Invariant: command `n` of a session is carried out once: `uplink` counts its commands, and moves
//            as for native commands.
// See:       daemon/sys/web_channel.hpp.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/wire/native/native_session_frames.hpp"
#include "daemon/gateway/member_questions.hpp"
#include "daemon/gateway/native_service.hpp"
#include "daemon/state/web_presence.hpp"
#include "daemon/sys/web_channel.hpp"

namespace chatd::gateway {

// A session of kind web whose browser has no stream, and sends nothing, for so long is away.
inline constexpr Micros kBrowserSilence{20'000'000};

class WebLink {
 public:
  using Slot = chat::Slot;
  using Now = chat::Now;
  struct Parts {
    chat::Chat& chat;
    const state::StateView& state;
    NativeService& native;
    MemberQuestions* questions{nullptr};
    const config::Config& config;
    GatewayLog& log;
    std::optional<crypto::SecretKey> password{};
    std::uint64_t hash_key{};  // random and secret
    int end{-1};               // of the channel; -1: there is no web
    int presence{-1};          // the memory file
    std::uint32_t row{0};      // of web, of the process table
  };
  explicit WebLink(Parts parts);
  WebLink(const WebLink&) = delete;
  WebLink& operator=(const WebLink&) = delete;

  // After Chat::adopt().
  void adopt();
  // The descriptor is readable. Reads some of the messages.
  void take(Now now);
  // About once a second: sessions without a stream become away, and leave later.
  void tick(Now now);
  // For NativeParts::tell_browser.
  void tell(Slot session, const wire::ByeFrame& bye);
  // For MemberQuestions: the answer to a question.
  void answer(std::uint64_t request, std::expected<sys::Answer, wire::Reason> answer);
  // For the bell: web sleeps. nullptr: there is no web.
  [[nodiscard]] std::atomic<std::uint32_t>* sleeping() const noexcept {
    return presence_ ? &presence_->sleeping() : nullptr;
  }

 private:
  struct Row {
    state::Identity identity{};
    state::Generation shown{};  // the session that web has shown; 0: none
    std::int64_t parts{0};      // of lists, see part_rate_
  };
  // web_entry.cpp
  void on_message(const sys::WebEnter& enter, Now now);
  void resume(const sys::WebEnter& enter, std::optional<Slot> found, Now now);
  void begin(const sys::WebEnter& enter, std::optional<Slot> found, Now now);
  [[nodiscard]] bool has_name_over_tls(const sys::WebEnter& enter) const;
  [[nodiscard]] bool may_enter(const sys::WebEnter& enter, Now now);
  [[nodiscard]] std::optional<wire::Reason> door_fault(const sys::WebEnter& enter,
                                                       std::optional<Slot> found, Now now) const;
  [[nodiscard]] std::optional<wire::Reason> fault_of(const sys::WebEnter& enter,
                                                     std::optional<Slot> found, Now now);
  [[nodiscard]] chat::JoinRequest request_of(const sys::WebEnter& enter,
                                             std::optional<Slot> found) const;
  [[nodiscard]] std::optional<Slot> find(const state::Identity& identity) const;
  void revoke_secure(const sys::WebEnter& enter, Now now);
  void set_identity(Slot session, const state::Identity& identity);
  void show(Slot session, const sys::WebEnter& enter, bool is_again, Now now);
  void refuse_login(const sys::WebEnter& enter, const chat::Sessions::Admission& refusal, Now now);

  void on_message(const sys::WebCommand& message, Now now);
  void on_message(const sys::WebAsk& ask, Now now);
  void on_message(const sys::WebRead& read, Now now);
  void on_message(const sys::WebLeave& leave, Now now);
  [[nodiscard]] bool is_of_web_now(pid_t sender);
  [[nodiscard]] std::optional<Slot> known(const sys::WebSession& session) const;
  [[nodiscard]] Row& row_of(Slot session) { return rows_[session - first_]; }
  [[nodiscard]] bool has_stream(Slot session) const;
  [[nodiscard]] std::optional<Micros> wait_before(Slot session, const wire::CommandView& question,
                                                  Now now);
  [[nodiscard]] bool is_web_alive() const;
  void attach(Slot session, Now now);
  void send(const sys::ToWeb& message) const;
  void refuse(std::uint64_t request, wire::Reason reason) const;
  void answer(std::uint64_t request, sys::WebOutcome outcome, Slot session, Micros wait = {});
  void list(const sys::WebAsk& ask, Slot session, const wire::CommandView& command, Now now);

  chat::Chat& chat_;
  chat::Sessions& sessions_;
  const state::StateView& state_;
  std::span<state::NativeSlot> slots_;
  NativeService& native_;
  MemberQuestions* questions_;
  const config::Config& config_;
  GatewayLog& log_;
  std::optional<crypto::SecretKey> password_;
  UnauthenticatedLimits limits_;  // of browsers that enter
  int end_;
  std::uint32_t row_;
  std::optional<state::WebPresence> presence_;
  std::uint32_t first_;    // the first slot of a browser
  std::vector<Row> rows_;  // of these slots
  // The identities of the rows: hashes with a secret of the server, so nobody chooses them.
  struct IdentityHash {
    std::size_t operator()(const state::Identity& identity) const noexcept;
  };
  std::unordered_map<state::Identity, Slot, IdentityHash> by_identity_;
  RateLimit part_rate_{200, 2000};  // of a session, see wait_before()
  pid_t web_{0};                    // the process that has shown them
};

}  // namespace chatd::gateway
