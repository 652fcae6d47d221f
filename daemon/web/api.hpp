// SPDX-License-Identifier: GPL-3.0-or-later
// api.hpp — the routes below /api/: the questions and commands of a page.
//
// Runs in:   web.
// Borrows:   the StateView, the Members, the Streams.
// Owns:      the requests that wait for an answer of the gateway, by the functions that Members
// has. See:       chatd-web(7), which lists the routes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/rate_limit.hpp"
#include "common/crypto/hash.hpp"
#include "common/crypto/keys.hpp"
#include "common/http/server.hpp"
#include "daemon/web/answers.hpp"
#include "daemon/web/command_json.hpp"
#include "daemon/web/logins.hpp"
#include "daemon/web/password_keys.hpp"
#include "daemon/web/routes.hpp"
#include "daemon/web/streams.hpp"

namespace chatd::web {

class Api {
 public:
  static constexpr std::size_t kMaxSearchBytes = 512;
  static constexpr double kStreamsPerSecond = 2;  // of a session
  static constexpr std::uint32_t kStreamsAtOnce = 30;

  struct Settings {
    bool trusts_plain{false};  // web.plain = "trusted"
    bool has_password{false};
    bool is_for_invited{false};  // server.door = "invited"
    crypto::PublicKey server{};  // the salt of the password
    crypto::Hash identity{};     // of the key that clients know the server by
  };
  Api(const state::StateView& state, Members& members, Streams& streams, const Settings& settings);

  // Answers the request, now or later. `route`: one that needs the gateway.
  void serve(Route route, http::Exchange exchange, MonoTime now);

 private:
  // A request that functions of Members hold: these are copied.
  struct Pending;
  // How often a session has opened its stream, which reads the logs of its rooms.
  struct Opened {
    std::uint64_t generation{0};
    std::int64_t arrival{0};  // see RateLimit
  };
  using Waiting = std::shared_ptr<Pending>;
  using Session = std::function<void(const Entered&, const Waiting&)>;
  struct Pending {
    http::Exchange exchange;
    Session then;           // its work with the session
    bool is_second{false};  // it was asked for once more
  };

  void enter(http::Exchange exchange, MonoTime now);
  void enter_with(Entry entry, std::string_view password, const Waiting& waiting, MonoTime now);
  void answer_entry(const Waiting& waiting, const std::expected<Entered, Refusal>& result);
  void leave(http::Exchange exchange, MonoTime now);
  void command(http::Exchange exchange, MonoTime now);
  void events(http::Exchange exchange, MonoTime now);
  void users(http::Exchange exchange, MonoTime now);
  void rooms(http::Exchange exchange, MonoTime now);
  void history(http::Exchange exchange, MonoTime now);
  void search(http::Exchange exchange, MonoTime now);

  // Calls `then` with the session of the request, or answers it.
  void with_session(http::Exchange exchange, MonoTime now, Session then);
  void find(const Waiting& waiting, MonoTime now);
  void do_command(const Entered& entered, const Waiting& waiting, MonoTime now);
  void list(const Entered& entered, const Waiting& waiting, std::string rows, std::uint32_t place,
            bool is_users, MonoTime now);
  void ask_history(const Entered& entered, const Waiting& waiting,
                   const wire::HistoryQuestion& question, MonoTime now);
  // Answers; if the gateway does not know the session, the token is shown to it, once.
  void refuse(const Waiting& waiting, const Refusal& refusal);
  // The time to wait before the session may open its stream once more.
  [[nodiscard]] std::optional<Micros> refuse_stream(const WebSession& session, MonoTime now);
  [[nodiscard]] bool is_plain(const http::Request& request) const;
  [[nodiscard]] std::optional<wire::RoomId> room_of(const Entered& entered,
                                                    std::string_view name) const;
  [[nodiscard]] std::string name_of(std::uint32_t room) const;
  [[nodiscard]] http::Response entered(const Entered& entered) const;

  const state::StateView& state_;
  Members& members_;
  Streams& streams_;
  Settings settings_;
  Logins logins_;
  logs::RecordBuffer buffer_;
  News news_;
  PasswordKeys password_keys_;
  RateLimit open_rate_{kStreamsPerSecond, kStreamsAtOnce};
  std::vector<Opened> opened_;  // by slot, from the first one of a browser on
};

}  // namespace chatd::web
