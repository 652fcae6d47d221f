// SPDX-License-Identifier: GPL-3.0-or-later
// answers_fixture.hpp — the real chatctl against a daemon that answers with `result_`.
//
// Runs in:   test programs.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/ctl/chatctl.hpp"
#include "tests/ctl/fake_daemon.hpp"

namespace chatd::ctl {

class AnswersFixture : public ::testing::Test {
 protected:
  // A request as the daemon receives it.
  static std::string request(const std::string& verb, const std::string& args = "") {
    return R"({"schema":1,"verb":")" + verb + R"(","args":[)" + args + "]}";
  }
  Outcome ask(std::vector<std::string> words) {
    words.insert(words.begin(), {"--socket", daemon_.path()});
    return chatctl_.run(std::move(words));
  }
  // Returns the output of chatctl, which must succeed.
  std::string output(std::vector<std::string> words) {
    Outcome outcome = ask(std::move(words));
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return std::move(outcome.out);
  }
  // Returns the expected output of chatctl --json: the result of the daemon, with the schema.
  [[nodiscard]] std::string result_as_json() const {
    return R"({"schema":1,)" + result_.substr(1) + "\n";
  }

  std::string result_;
  FakeDaemon daemon_{[this](const std::string&) { return FakeDaemon::ok(result_); }};
  Chatctl chatctl_;
};

}  // namespace chatd::ctl
