// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/page.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "common/crypto/hash.hpp"

namespace chatd {

namespace {

std::string in_lower_case(std::string_view text) {
  std::string lower{text};
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

}  // namespace

std::string own_host_name() {
  constexpr std::size_t kMaxBytes = 256;
  std::array<char, kMaxBytes> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return {};
  return name.data();
}

http::Rules page_rules(const config::Config& config, std::string_view host_name) {
  http::Rules rules{.hosts = {}, .proxies = config.web.proxies};
  for (const auto& host : config.web.hosts) rules.hosts.push_back(in_lower_case(host));
  if (host_name.empty()) return rules;
  const std::string own = in_lower_case(host_name);
  const std::string label = own.substr(0, own.find('.'));
  for (const auto& host : {own, label, label + ".local"}) rules.hosts.push_back(host);
  return rules;
}

web::About about_page(const config::Config& config, const crypto::Certificate& certificate) {
  return {.name = config.room.name,
          .language = {},
          .fingerprint = crypto::fingerprint(certificate.identity),
          .door = std::string{config::name_of(config.server.door)},
          .plain = std::string{config::name_of(config.web.plain)},
          .max_text = config.limits.message_bytes,
          .has_password = !config.room.password_file.empty()};
}

web::Api::Settings api_settings(const config::Config& config,
                                const crypto::Certificate& certificate) {
  return {.trusts_plain = config.web.plain == config::WebPlain::trusted,
          .has_password = !config.room.password_file.empty(),
          .is_for_invited = config.server.door != config::WhoEnters::anyone,
          .server = certificate.key,
          .identity = crypto::sha256({certificate.identity})};
}

}  // namespace chatd
