// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/password_keys.hpp"

#include <utility>

#include "common/wire/name.hpp"

namespace chatd::web {

PasswordKeys::PasswordKeys(bool has_password, std::uint64_t hash_key, Calculate calculate)
    : has_password_{has_password},
      calculate_{std::move(calculate)},
      rate_{{kPerSecond, kAtOnce}, {kTotalPerSecond, kTotalAtOnce}, hash_key} {}

std::expected<std::optional<sys::WebSecret>, Refusal> PasswordKeys::key_of(
    const Entry& entry, std::string_view password, MonoTime now) {
  if (!has_password_ || entry.is_plain) return std::nullopt;
  if (const auto name = wire::check_name(entry.name); !name) {
    const wire::Reason reason = wire::reason_of(name.error());
    return std::unexpected{Refusal{.kind = Refusal::Kind::reason, .reason = reason}};
  }
  if (const auto wait = rate_.refuse(entry.address, now)) {
    return std::unexpected{Refusal{.kind = Refusal::Kind::too_soon, .wait = *wait}};
  }
  auto key = calculate_(password);
  if (!key) return std::unexpected{Refusal{.kind = Refusal::Kind::busy}};
  return key;
}

}  // namespace chatd::web
