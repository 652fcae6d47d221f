// SPDX-License-Identifier: GPL-3.0-or-later
// When uchat listen ends, and what it leaves out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/script/script_fixture.hpp"

namespace chatd::client {
namespace {

using ::testing::IsEmpty;

class ScriptListen : public ScriptTest {};

TEST_F(ScriptListen, EndsAfterItsNumberOfMessages) {
  Script listen{{.mode = Mode::listen, .name = "ada", .host = "host:1", .count = 2}};
  join_room(listen);
  listen.on_report(said("bob", "one"));
  listen.on_report(line_of(wire::RecordKind::join, "carol"));
  EXPECT_THAT(listen.take_orders(), IsEmpty());
  listen.on_report(line_of(wire::RecordKind::direct, "bob", "two"));
  listen.on_report(said("bob", "three"));
  EXPECT_EQ(listen.take_text(), "23:15 bob: one\n23:15 -- carol joined\n23:15 [from bob] two\n");
  EXPECT_TRUE(std::holds_alternative<Quit>(listen.take_orders().at(0)));
  listen.on_timeout();
  listen.on_report(ended(Outcome::done));
  EXPECT_EQ(listen.outcome(), Outcome::done);
}

TEST_F(ScriptListen, EndsAtItsTimeLimit) {
  for (const bool counts : {false, true}) {
    Script listen{{.mode = Mode::listen, .name = "ada", .host = "host:1"}};
    if (counts) {
      listen = Script{{.mode = Mode::listen, .name = "ada", .host = "host:1", .count = 2}};
    }
    join_room(listen);
    listen.on_report(said("bob", "one"));
    listen.on_timeout();
    EXPECT_TRUE(std::holds_alternative<Quit>(listen.take_orders().at(0)));
    listen.on_report(ended(Outcome::done));
    EXPECT_EQ(listen.outcome(), counts ? Outcome::timed_out : Outcome::done);
    EXPECT_EQ(listen.closing_line(),
              counts ? "the time limit is over: 1 of 2 messages have come" : "");
  }
}

TEST_F(ScriptListen, LeavesOutJoinsAndLeavesIfItIsQuiet) {
  for (const bool json : {false, true}) {
    Script listen{
        {.mode = Mode::listen, .name = "ada", .host = "host:1", .json = json, .quiet = true}};
    join_room(listen);
    (void)listen.take_text();
    listen.on_report(line_of(wire::RecordKind::join, "carol"));
    listen.on_report(line_of(wire::RecordKind::leave, "carol"));
    EXPECT_EQ(listen.take_text(), "");
    listen.on_report(line_of(wire::RecordKind::kick, "carol"));
    EXPECT_NE(listen.take_text(), "") << "a removal is told";
  }
}

TEST_F(ScriptListen, LeavesOutOlderLinesOfTheReplay) {
  Script listen{{.mode = Mode::listen, .name = "ada", .host = "host:1", .since = kFriday}};
  join_room(listen);
  Line old = said("bob", "old");
  old.time -= Micros{1};
  Line late = old;  // the clock of the server was set back
  old.replay = true;
  listen.on_report(old);
  listen.on_report(said("bob", "new"));
  listen.on_report(late);
  EXPECT_EQ(listen.take_text(), "23:15 bob: new\n23:15 bob: old\n");
}

}  // namespace
}  // namespace chatd::client
