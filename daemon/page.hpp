// SPDX-License-Identifier: GPL-3.0-or-later
// page.hpp — the settings of the page, in the terms of the role that serves it.
//
// Runs in:   web, before it gives up its access to the system. Pure but for own_host_name().
#pragma once

#include <string>
#include <string_view>

#include "common/crypto/certificate.hpp"
#include "common/http/rules.hpp"
#include "daemon/config/config.hpp"
#include "daemon/web/api.hpp"
#include "daemon/web/site.hpp"

namespace chatd {

// The name of this machine; "": it has none.
[[nodiscard]] std::string own_host_name();
// web.hosts and web.proxies; the name of the machine, its first label, and that with .local behind.
[[nodiscard]] http::Rules page_rules(const config::Config& config, std::string_view host_name);
// All but the language.
[[nodiscard]] web::About about_page(const config::Config& config,
                                    const crypto::Certificate& certificate);

[[nodiscard]] web::Api::Settings api_settings(const config::Config& config,
                                              const crypto::Certificate& certificate);

}  // namespace chatd
