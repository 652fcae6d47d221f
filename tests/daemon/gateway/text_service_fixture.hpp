// SPDX-License-Identifier: GPL-3.0-or-later
// text_service_fixture.hpp — the text service with datagrams from any source address.
//
// Runs in:   test programs.
#pragma once

#include <string>
#include <string_view>

#include "common/wire/text/phrases.hpp"
#include "tests/daemon/gateway/gateway_fixture.hpp"

namespace chatd::gateway {

using wire::Reason;
using Counters = state::GatewayCounters;

class TextServiceTest : public GatewayFixture {
 protected:
  std::string phrase(Reason which) const { return std::string{wire::phrase(language_, which)}; }
  // Passes a datagram to the service, from an address that this machine need not have.
  void arrive(const char* from, std::string_view text) {
    const auto bytes = std::as_bytes(std::span{text});
    this->text().handle(
        {.from = test::endpoint(from), .to = {}, .bytes = bytes, .full_size = bytes.size()}, 0, {},
        now());
    this->text().finish();
  }
};

}  // namespace chatd::gateway
