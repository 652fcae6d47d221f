// SPDX-License-Identifier: GPL-3.0-or-later
// members_fixture.hpp — a gateway and a web, and the answers that a page gets.
//
// Runs in:   test programs.
#pragma once

#include <optional>

#include <gtest/gtest.h>

#include "daemon/web/members.hpp"
#include "tests/support/browser_world.hpp"

namespace chatd::web {

using test::BrowserWorld;

class MembersFixture : public ::testing::Test {
 protected:
  // The refusal; nullopt: it was granted, or not answered.
  template <class T>
  static std::optional<Refusal> refusal(const BrowserWorld::Answer<T>& answer) {
    if (!answer || *answer) return std::nullopt;
    return answer->error();
  }
  template <class T>
  static std::optional<wire::Reason> reason(const BrowserWorld::Answer<T>& answer) {
    const auto refused = refusal(answer);
    if (!refused || refused->kind != Refusal::Kind::reason) return std::nullopt;
    return refused->reason;
  }
  chat::Slot slot_of(const BrowserWorld::Page& page) {
    return chat::Slot{page.entered->session.slot};
  }
  BrowserWorld world_;
  BrowserWorld::Page ada_{BrowserWorld::page("ada", 1)};
};

}  // namespace chatd::web
