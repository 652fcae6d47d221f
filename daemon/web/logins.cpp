// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/logins.hpp"

#include <array>
#include <cstring>
#include <string_view>
#include <tuple>
#include <utility>

#include "common/base/address.hpp"

namespace chatd::web {

std::size_t Logins::Hash::operator()(const Credentials& page) const noexcept {
  std::array<char, std::tuple_size_v<sys::WebToken> + sizeof page.client> bytes{};
  std::memcpy(bytes.data(), page.token.data(), page.token.size());
  std::memcpy(bytes.data() + page.token.size(), &page.client, sizeof page.client);
  return hash_of(std::string_view{bytes.data(), bytes.size()}, key);
}

void Logins::keep(const Credentials& page, const Entered& entered, bool is_plain) {
  if (known_.size() >= kMaxKnown) {
    std::erase_if(
        known_, [this](const auto& one) { return !members_.is_live(one.second.entered.session); });
  }
  if (known_.size() >= kMaxKnown) known_.clear();
  known_.insert_or_assign(page, Known{.entered = entered, .is_plain = is_plain});
}

void Logins::enter(const Entry& entry, MonoTime now, Then then) {
  const Credentials page{.token = entry.token, .client = entry.client};
  const bool is_plain = entry.is_plain;
  members_.enter(entry, now, [this, page, is_plain, then = std::move(then)](auto entered) {
    if (entered) keep(page, *entered, is_plain);
    then(std::move(entered));
  });
}

void Logins::find(const Credentials& page, const IpAddress& address, bool is_plain, MonoTime now,
                  Then then) {
  const auto found = known_.find(page);
  if (found != known_.end() && found->second.is_plain == is_plain &&
      members_.is_live(found->second.entered.session)) {
    return then(Entered{found->second.entered});
  }
  if (const auto wait = rate_.refuse(address, now)) {
    return then(std::unexpected{Refusal{.kind = Refusal::Kind::too_soon, .wait = *wait}});
  }
  const Entry entry{.token = page.token,
                    .client = page.client,
                    .address = address,
                    .is_plain = is_plain,
                    .name = {},
                    .password = {},
                    .code = {}};
  members_.resume(entry, now, [this, page, is_plain, then = std::move(then)](auto entered) {
    if (entered) {
      keep(page, *entered, is_plain);
    } else {
      known_.erase(page);
    }
    then(std::move(entered));
  });
}

}  // namespace chatd::web
