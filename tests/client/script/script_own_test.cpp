// SPDX-License-Identifier: GPL-3.0-or-later
// `uchat own`
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/script/script_fixture.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using wire::OwnAct;

const std::string kKey = "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";
const std::string kOther = "SHA256:AAAAQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";

class ScriptOwn : public ScriptTest {
 protected:
  static Script script_for(OwnChoice own, bool json = false) {
    return Script{{.mode = Mode::own,
                   .name = "ada",
                   .host = "host:1",
                   .json = json,
                   .own = std::move(own),
                   .device = "laptop"}};
  }
  // The only order, which must be a request.
  OwnOrder ordered(Script& script) {
    const auto orders = script.take_orders();
    EXPECT_THAT(orders, SizeIs(1));
    const auto* const post = orders.empty() ? nullptr : std::get_if<Post>(&orders.front());
    const auto* const order = post == nullptr ? nullptr : std::get_if<OwnOrder>(&post->message);
    EXPECT_NE(order, nullptr);
    if (order == nullptr) return {};
    number_ = post->number;
    return *order;
  }
  void answer(Script& script, const std::string& facts) const {
    script.on_report(OwnNews{.name = "ada", .facts = facts, .is_answer = true});
    script.on_report(Confirmed{number_});
  }
  static void expect_leaves(Script& script) {
    const auto orders = script.take_orders();
    ASSERT_THAT(orders, SizeIs(1));
    EXPECT_TRUE(std::holds_alternative<Quit>(orders[0]));
    script.on_report(ended(Outcome::done));
  }
  std::uint64_t number_{0};
};

TEST_F(ScriptOwn, ClaimsTheNameAndLeaves) {
  Script script = script_for({});
  join_room(script);
  EXPECT_EQ(ordered(script), (OwnOrder{.act = OwnAct::claim, .label = "laptop"}));
  answer(script, "event\tclaimed\nsaved\tyes");
  EXPECT_THAT(script.take_text(), HasSubstr("ada is your name now"));
  expect_leaves(script);
  EXPECT_EQ(script.outcome(), Outcome::done);
}

TEST_F(ScriptOwn, SaysThatTheChangeIsNotOnTheDisk) {
  Script script = script_for({});
  join_room(script);
  (void)ordered(script);
  answer(script, "event\tclaimed\nsaved\tno");
  expect_leaves(script);
  EXPECT_EQ(script.outcome(), Outcome::not_saved);
  EXPECT_THAT(script.closing_line(), HasSubstr("not on the server's disk yet"));
}

TEST_F(ScriptOwn, EndsWithTheReasonOfARefusal) {
  Script script = script_for({});
  join_room(script);
  (void)ordered(script);
  script.on_report(Refused{.number = number_, .code = "new_code", .text = "It is too new."});
  expect_leaves(script);
  EXPECT_EQ(script.outcome(), Outcome::message_refused);
  EXPECT_EQ(script.closing_line(), "It is too new");
}

TEST_F(ScriptOwn, PrintsACodeAndLeaves) {
  Script script = script_for({.act = OwnAct::add}, true);
  join_room(script);
  (void)script.take_text();
  EXPECT_EQ(ordered(script), (OwnOrder{.act = OwnAct::add}));
  answer(script, "event\tcode\ncode\t0123456789abcdef\nseconds\t600");
  EXPECT_THAT(
      script.take_text(),
      HasSubstr(R"("name":"ada","what":"code","code":"0123-4567-89ab-cdef","seconds":600)"));
  expect_leaves(script);
}

TEST_F(ScriptOwn, WithoutAGivenKeyNoDeviceIsAnswered) {
  Script script = script_for({.act = OwnAct::add});
  join_room(script);
  (void)ordered(script);
  script.on_report(DeviceAsks{.name = "ada", .facts = "key\t" + kOther});
  EXPECT_THAT(script.take_orders(), IsEmpty());
}

TEST_F(ScriptOwn, AnswersYesForTheKeyThatIsGivenOnly) {
  Script script = script_for({.act = OwnAct::add, .yes = kOther});
  join_room(script);
  (void)ordered(script);
  answer(script, "event\tcode\ncode\t0123456789abcdef\nseconds\t600");
  EXPECT_THAT(script.take_orders(), IsEmpty()) << "it waits";
  script.on_report(DeviceAsks{.name = "ada", .facts = "key\t" + kOther});
  EXPECT_EQ(ordered(script), (OwnOrder{.act = OwnAct::answer, .yes = true, .key = kOther}));
  answer(script, "event\tadded\ndevice\t" + kOther + "\nsaved\tyes");
  EXPECT_THAT(script.take_text(), HasSubstr("has the name ada now\n"));
  expect_leaves(script);
  EXPECT_EQ(script.outcome(), Outcome::done);
}

TEST_F(ScriptOwn, AnswersNoForAnotherKey) {
  Script script = script_for({.act = OwnAct::add, .yes = kOther});
  join_room(script);
  (void)ordered(script);
  answer(script, "event\tcode\ncode\t0123456789abcdef\nseconds\t600");
  script.on_report(DeviceAsks{.name = "ada", .facts = "key\t" + kKey});
  EXPECT_EQ(ordered(script), (OwnOrder{.act = OwnAct::answer, .key = kKey}));
  answer(script, "event\tdeclined\ndevice\t" + kKey);
  expect_leaves(script);
  EXPECT_EQ(script.outcome(), Outcome::message_refused);
  EXPECT_EQ(script.closing_line(), "the device with the key " + kKey + " was not added to ada");
}

TEST_F(ScriptOwn, DoesNotAnswerADeviceThatHasUsedAnEarlierCode) {
  Script script = script_for({.act = OwnAct::add, .yes = kOther});
  join_room(script);
  (void)ordered(script);
  script.on_report(DeviceAsks{.name = "ada", .facts = "key\t" + kKey});
  EXPECT_THAT(script.take_orders(), IsEmpty());
  script.on_report(DeviceAsks{.name = "ada", .facts = "key\t" + kOther});
  EXPECT_EQ(ordered(script), (OwnOrder{.act = OwnAct::answer, .yes = true, .key = kOther}));
}

TEST_F(ScriptOwn, UsesACodeUnderAnotherNameWhileItsNameBelongsToOthers) {
  Script script = script_for({.act = OwnAct::use, .code = 7});
  script.start();
  (void)script.take_orders();
  script.on_report(ended(Outcome::name_taken));
  auto orders = script.take_orders();
  ASSERT_THAT(orders, SizeIs(1));
  EXPECT_EQ(std::get<Enter>(orders[0]).name, "ada-2");
  script.on_report(ended(Outcome::name_taken));
  orders = script.take_orders();
  ASSERT_THAT(orders, SizeIs(1));
  EXPECT_EQ(std::get<Enter>(orders[0]).name, "ada-3");
  script.on_report(joined("ada-3"));
  EXPECT_EQ(ordered(script), (OwnOrder{.act = OwnAct::use, .code = 7, .label = "laptop"}));
  answer(script, "event\tasked\nseconds\t600");
  EXPECT_THAT(script.take_orders(), IsEmpty()) << "it waits";
  script.on_report(OwnNews{.name = "ada", .facts = "event\tadded\ndevice\t" + kOther});
  EXPECT_THAT(script.take_text(), HasSubstr("this device has the name ada now\n"));
  expect_leaves(script);
}

TEST_F(ScriptOwn, EndsIfNoDeviceSaysYes) {
  for (const bool declined : {true, false}) {
    Script script = script_for({.act = OwnAct::use, .code = 7});
    join_room(script);
    (void)ordered(script);
    answer(script, "event\tasked\nseconds\t600");
    if (declined) {
      script.on_report(OwnNews{.name = "ada", .facts = "event\tdeclined\ndevice\t" + kOther});
    } else {
      script.on_timeout();
    }
    expect_leaves(script);
    EXPECT_EQ(script.outcome(), Outcome::message_refused);
    EXPECT_THAT(script.closing_line(), HasSubstr("no device has said yes"));
  }
}

TEST_F(ScriptOwn, FailsIfItIsInterruptedBeforeTheAnswer) {
  Script waiting = script_for({.act = OwnAct::use, .code = 7});
  join_room(waiting);
  (void)ordered(waiting);
  answer(waiting, "event\tasked\nseconds\t600");
  waiting.quit();
  expect_leaves(waiting);
  EXPECT_EQ(waiting.outcome(), Outcome::message_refused);

  Script claim = script_for({});
  join_room(claim);
  (void)ordered(claim);
  claim.on_report(Confirmed{number_});
  claim.quit();
  expect_leaves(claim);
  EXPECT_EQ(claim.outcome(), Outcome::not_confirmed);
}

TEST_F(ScriptOwn, DropsTheKeyThatBeginsWithTheGivenText) {
  const std::string keys = "event\tkeys\nkey\t" + kKey + "\t1\tthis\t\nkey\t" + kOther + "\t2\t-\t";
  Script script = script_for({.act = OwnAct::drop, .key = "AAAA"});
  join_room(script);
  EXPECT_EQ(ordered(script), (OwnOrder{.act = OwnAct::keys}));
  answer(script, keys);
  EXPECT_EQ(ordered(script), (OwnOrder{.act = OwnAct::drop, .key = kOther}));
  answer(script, "event\tdropped\ndevice\t" + kOther + "\nsaved\tyes");
  expect_leaves(script);
  EXPECT_EQ(script.outcome(), Outcome::done);

  Script wrong = script_for({.act = OwnAct::drop, .key = "x"});
  join_room(wrong);
  (void)ordered(wrong);
  answer(wrong, keys);
  expect_leaves(wrong);
  EXPECT_EQ(wrong.closing_line(), "no key of the name begins with x");
}

TEST_F(ScriptOwn, ListsKeysAsJson) {
  Script script = script_for({.act = OwnAct::keys}, true);
  join_room(script);
  (void)script.take_text();
  (void)ordered(script);
  answer(script, "event\tkeys\nkey\t" + kKey + "\t1795216504000000\tthis\tlaptop");
  EXPECT_THAT(script.take_text(),
              HasSubstr(R"("what":"keys","keys":[{"key":")" + kKey +
                        R"(","since":"2026-11-20T23:15:04.000Z","this":true,"label":"laptop"}])"));
  expect_leaves(script);
}

}  // namespace
}  // namespace chatd::client
