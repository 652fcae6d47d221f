// SPDX-License-Identifier: GPL-3.0-or-later
// logins.hpp — the sessions of the pages whose token this process has seen.
//
// Runs in:   web.
// Borrows:   the Members.
// Invariant: a session is found by its whole token only. At most kMaxKnown are known; when there
//            are more, those that do not live any more are forgotten, then all: a page shows its
//            token with each request, so that costs one question to the gateway.
// Bounds:    kResumes questions a second for tokens that are not known here,
//            kResumesOfNetwork of one network.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <unordered_map>

#include "daemon/web/credentials.hpp"
#include "daemon/web/members.hpp"
#include "daemon/web/network_rate.hpp"

namespace chatd::web {

class Logins {
 public:
  static constexpr std::size_t kMaxKnown = 200'000;
  static constexpr double kResumes = 2000;
  static constexpr std::uint32_t kResumesAtOnce = 10'000;
  static constexpr double kResumesOfNetwork = 200;
  static constexpr std::uint32_t kResumesOfNetworkAtOnce = 2000;

  using Then = std::function<void(std::expected<Entered, Refusal>)>;
  // `hash_key` is random and secret.
  Logins(Members& members, std::uint64_t hash_key)
      : members_{members},
        known_{0, Hash{hash_key}},
        rate_{{kResumesOfNetwork, kResumesOfNetworkAtOnce}, {kResumes, kResumesAtOnce}, hash_key} {}

  // A page enters. `entry` has its token.
  void enter(const Entry& entry, MonoTime now, Then then);
  // The session of a page: known, or asked for. `is_plain`, `address`: of the request.
  void find(const Credentials& page, const IpAddress& address, bool is_plain, MonoTime now,
            Then then);
  // The gateway does not know the session any more, or has not seen its token.
  void forget(const Credentials& page) { known_.erase(page); }

 private:
  // Tokens and numbers of pages are chosen by whoever sends them. With a secret key nobody can
  // choose ones that share a bucket.
  struct Hash {
    std::uint64_t key;
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
  NetworkRate rate_;  // of questions
};

}  // namespace chatd::web
