// SPDX-License-Identifier: GPL-3.0-or-later
// script_fixture.hpp — scripts of the user ada, for tests.
//
// Runs in:   test programs.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "client/script/script.hpp"
#include "tests/client/in_utc.hpp"
#include "tests/client/reports.hpp"

namespace chatd::client {

class ScriptTest : public InUtc {
 protected:
  using Mode = Options::Mode;
  static Script made(Mode mode, std::string text = {}, bool json = false) {
    return Script{
        {.mode = mode, .name = "ada", .host = "host:1", .text = std::move(text), .json = json}};
  }
  static Script in_rooms(Mode mode, std::vector<std::string> rooms, bool json = false) {
    return Script{{.mode = mode,
                   .name = "ada",
                   .host = "host:1",
                   .text = mode == Mode::send ? "hello" : "",
                   .rooms = std::move(rooms),
                   .json = json}};
  }
  static void join_room(Script& script, std::uint64_t max_text = 900) {
    script.start();
    (void)script.take_orders();
    script.on_report(joined("ada", max_text));
  }
  static std::vector<std::string> texts(Script& script) {
    std::vector<std::string> found;
    for (const Order& order : script.take_orders()) {
      const auto* post = std::get_if<Post>(&order);
      EXPECT_TRUE(post != nullptr && std::holds_alternative<Say>(post->message));
      if (post != nullptr) found.push_back(text_of(post->message));
    }
    return found;
  }
  Script pipe_ = made(Mode::talk);
};

}  // namespace chatd::client
