// SPDX-License-Identifier: GPL-3.0-or-later
// Other programs of the user in the output of a script.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/script/script_fixture.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ScriptPrograms : public ScriptTest {
 protected:
  // Without the output so far.
  static Script joined_script(Mode mode, bool json = false) {
    Script script = made(mode, "hello", json);
    join_room(script);
    (void)script.take_orders();
    (void)script.take_text();
    return script;
  }
  // Reports a message in the room and a direct one, both from another program; returns the output.
  static std::string printed_for_other_program(Script script) {
    script.on_report(said_by_me("ada", "hello"));
    Line direct = line_of(wire::RecordKind::direct, "bob", "psst");
    direct.own = true;
    script.on_report(direct);
    return script.take_text();
  }
};

TEST_F(ScriptPrograms, AListenerPrintsWhatTheySay) {
  EXPECT_EQ(printed_for_other_program(joined_script(Mode::listen)),
            "23:15 ada: hello ✓\n23:15 [to bob] psst ✓\n");
  EXPECT_THAT(printed_for_other_program(joined_script(Mode::listen, true)),
              HasSubstr(R"("own":true})"));
}

TEST_F(ScriptPrograms, APipePrintsTheMessagesOfOtherMembersOnly) {
  EXPECT_EQ(printed_for_other_program(joined_script(Mode::talk)), "");
  EXPECT_EQ(printed_for_other_program(joined_script(Mode::send)), "");
}

TEST_F(ScriptPrograms, DoNotConfirmWhatAScriptSends) {
  Script script = joined_script(Mode::send);
  script.on_report(said_by_me("ada", "hello"));
  EXPECT_THAT(script.take_orders(), IsEmpty()) << "it does not leave yet";
  script.on_report(Confirmed{1});
  EXPECT_TRUE(std::holds_alternative<Quit>(script.take_orders().at(0)));
}

TEST_F(ScriptPrograms, AreReportedWhenTheyComeIn) {
  const OtherProgram other{.address = "there:2", .number = 2, .time = kFriday};
  Script script = joined_script(Mode::listen);
  script.on_report(other);
  EXPECT_THAT(script.take_text(), HasSubstr("you are in with another program, from there:2"));
  Script json = joined_script(Mode::listen, true);
  json.on_report(other);
  EXPECT_THAT(json.take_text(), HasSubstr(R"("address":"there:2","number":2})"));
  Script send = joined_script(Mode::send);
  send.on_report(other);
  EXPECT_EQ(send.take_text() + send.take_remarks(), "");
}

TEST_F(ScriptPrograms, EndAScriptWithAStatusOfItsOwn) {
  Script script = joined_script(Mode::listen, true);
  script.on_report(ended(Outcome::program_ended));
  EXPECT_EQ(script.outcome(), Outcome::program_ended);
  EXPECT_THAT(script.take_orders(), IsEmpty());
  EXPECT_EQ(script.take_text(),
            R"({"schema":1,"event":"ended","room":"","outcome":"program_ended","time":null})"
            "\n");
  EXPECT_EQ(script.closing_line(), "another program of ada has ended this one");
}

}  // namespace
}  // namespace chatd::client
