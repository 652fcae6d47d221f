// SPDX-License-Identifier: GPL-3.0-or-later
// The text of the verb `web`.
#include "ctl/page.hpp"
#include "ctl/qr_code.hpp"
#include "ctl/render.hpp"
#include "ctl/text.hpp"

namespace chatd::ctl {

std::string render(const wire::WebReport& report, const Style& style) {
  std::string out;
  for (const std::string& url : report.urls) out += line_of("{}", url);
  const std::string url = url_for_others(report);
  if (url.empty() && style.legend) {
    out += "\nOnly browsers of this machine reach the page: see BROWSERS in chatd(8).\n";
  }
  if (!url.empty() && style.draws) out += "\n" + qr_code(url, style.color);
  return out;
}

}  // namespace chatd::ctl
