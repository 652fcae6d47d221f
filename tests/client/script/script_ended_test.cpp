// SPDX-License-Identifier: GPL-3.0-or-later
// The last event of `uchat listen --json`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/script/script_fixture.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;

class ScriptEnded : public ScriptTest {
 protected:
  static std::string event(std::string_view outcome) {
    return R"("event":"ended","room":"","outcome":")" + std::string{outcome} + '"';
  }
  Script listen_{made(Mode::listen, {}, true)};
};

TEST_F(ScriptEnded, IsPrintedAtATimeLimitBeforeTheLogin) {
  listen_.start();
  listen_.on_timeout();
  EXPECT_THAT(listen_.take_text(), HasSubstr(event("no_answer")));
}

TEST_F(ScriptEnded, HasTheReasonOfTheLastAttempt) {
  listen_.start();
  listen_.on_report(Waiting{.reason = Outcome::nothing_listening});
  (void)listen_.take_text();
  listen_.on_timeout();
  EXPECT_THAT(listen_.take_text(), HasSubstr(event("nothing_listening")));
}

TEST_F(ScriptEnded, IsPrintedAfterASignalBeforeTheLogin) {
  listen_.start();
  listen_.quit();
  EXPECT_THAT(listen_.take_text(), HasSubstr(event("done")));
}

TEST_F(ScriptEnded, IsPrintedForAWrongName) {
  Script script{{.mode = Mode::listen, .name = "not a name", .host = "host:1", .json = true}};
  script.start();
  EXPECT_THAT(script.take_text(), HasSubstr(event("name_refused")));
}

TEST_F(ScriptEnded, IsPrintedOnce) {
  join_room(listen_);
  (void)listen_.take_text();
  listen_.quit();
  listen_.on_report(ended(Outcome::done));
  listen_.quit();
  listen_.on_session_lost("signal 9");
  const std::string text = listen_.take_text();
  EXPECT_THAT(text, HasSubstr(event("done")));
  EXPECT_EQ(text.find('\n'), text.size() - 1);
}

}  // namespace
}  // namespace chatd::client
