// SPDX-License-Identifier: GPL-3.0-or-later
// logins.hpp — the sessions of the pages whose token this process has seen.
//
// Runs in:   web.
// Borrows:   the Members.
// Invariant: a session is found by its whole token only. At most kMaxKnown are known; when there
//            are more, those that do not live any more are forgotten, then all: a page shows its
//            token with each request, so that costs one question to the gateway.
// Bounds:    kResumes questions a second for tokens that are not known here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <unordered_map>

#include "common/base/rate_limit.hpp"
#include "daemon/web/credentials.hpp"
#include "daemon/web/members.hpp"

namespace chatd::web {

class Logins {
 public:
  static constexpr std::size_t kMaxKnown = 200'000;
  static constexpr double kResumes = 2000;

  using Then = std::function<void(std::expected<Entered, Refusal>)>;
  explicit Logins(Members& members) : members_{members} {}

  // A page enters. `entry` has its token.
  void enter(const Entry& entry, MonoTime now, Then then);
  // The session of a page: known, or asked for. `is_plain`, `address`: of the request.
  void find(const Credentials& page, const IpAddress& address, bool is_plain, MonoTime now,
            Then then);
  // The gateway does not know the session any more, or has not seen its token.
  void forget(const Credentials& page) { known_.erase(page); }

 private:
  struct Hash {
    std::size_t operator()(const Credentials& page) const noexcept;
  };
  // A token that was shown over TLS does not count in clear, and the other way: the gateway
  // decides.
  struct Known {
    Entered entered;
    bool is_plain{};
  };
  void keep(const Credentials& page, const Entered& entered, bool is_plain);

  Members& members_;
  std::unordered_map<Credentials, Known, Hash> known_;
  RateLimit rate_{kResumes, 10'000};
  std::int64_t arrival_{0};
};

}  // namespace chatd::web
