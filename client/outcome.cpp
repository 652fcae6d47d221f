// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/outcome.hpp"

#include <fmt/format.h>

#include "client/safe_text.hpp"

namespace chatd::client {

namespace {

std::string_view without_detail(std::string_view sentence) {
  for (const std::string_view end : {": {detail}", "：{detail}"}) {
    if (sentence.ends_with(end)) sentence.remove_suffix(end.size());
  }
  return sentence;
}

}  // namespace

int exit_status_of(Outcome outcome) noexcept {
  constexpr int kFailed = 1;
  return wire::row_of(outcome).status.value_or(kFailed);
}

std::string explain(wire::Reason reason, const Circumstances& circumstances,
                    wire::Language language) {
  std::string_view sentence = wire::row_of(reason).client.in(language);
  if (circumstances.detail.empty()) sentence = without_detail(sentence);
  return safe_text(fmt::format(fmt::runtime(sentence), fmt::arg("host", circumstances.host),
                               fmt::arg("name", circumstances.name),
                               fmt::arg("detail", circumstances.detail)));
}

}  // namespace chatd::client
