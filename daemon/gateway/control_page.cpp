// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_page.hpp"

#include "daemon/gateway/control_answers.hpp"

namespace chatd::gateway {

control::Answer<wire::WebReport> page_report(const Inheritance& inheritance) {
  const config::Web& web = inheritance.config->web;
  if (!web.enabled) {
    return refuse_request(
        wire::code::kFailed,
        web.closed_by_door
            ? "the page is closed, because of the password or of server.door; web.enabled = true "
              "opens it"
            : "the page is closed by web.enabled");
  }
  if (!inheritance.page_problem.empty()) {
    return refuse_request(wire::code::kFailed, "there is no page: " + inheritance.page_problem);
  }
  if (inheritance.page.empty()) {
    return refuse_request(wire::code::kFailed,
                          "there is no page: it has no address, or web.sessions is 0");
  }
  wire::WebReport report{.hosts = web.hosts, .is_proxied = !web.proxies.empty()};
  for (const Endpoint& where : inheritance.page) report.listen.push_back(to_text(where));
  return report;
}

}  // namespace chatd::gateway
