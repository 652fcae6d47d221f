// SPDX-License-Identifier: GPL-3.0-or-later
// The dialogue about the owned name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/terminal/dialogue_fixture.hpp"

namespace chatd::client {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using wire::OwnAct;

const std::string kKey = "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";
const std::string kOther = "SHA256:AAAAQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";

class DialogueOwn : public DialogueTest {
 protected:
  void SetUp() override {
    DialogueTest::SetUp();
    join_room();
  }
  // Types a command, and returns its order.
  OwnOrder ordered(std::string_view line) {
    type(line);
    return next_order();
  }
  OwnOrder next_order() {
    const auto post = one_order<Post>();
    number_ = post.number;
    const auto* const order = std::get_if<OwnOrder>(&post.message);
    EXPECT_NE(order, nullptr);
    return order == nullptr ? OwnOrder{} : *order;
  }
  void answer(const std::string& facts, const std::string& name = "ada") {
    report(OwnNews{.name = name, .facts = facts, .is_answer = true});
    report(Confirmed{number_});
  }
  void device_asks(const std::string& key) {
    report(DeviceAsks{.name = "ada",
                      .facts = "key\t" + key + "\naddress\t192.0.2.7\nlabel\tphone\nseconds\t600"});
  }
  std::string keys() const {
    return "event\tkeys\nkey\t" + kKey + "\t1795216504000000\tthis\tlaptop\nkey\t" + kOther +
           "\t1795216504000000\t-\tphone";
  }
  std::uint64_t number_{0};
};

TEST_F(DialogueOwn, TheNameIsClaimed) {
  EXPECT_EQ(ordered("/own"), (OwnOrder{.act = OwnAct::claim}));
  EXPECT_EQ(prompt(), "(sending 1) ada> ");
  answer("event\tclaimed\nsaved\tyes");
  EXPECT_EQ(dialogue_.take_text(),
            "-- ada is your name now: nobody else can use it here, with another key or from a text "
            "client\n   /own add adds another device of yours; with one device, the name is lost "
            "if its key is lost\n");
  EXPECT_EQ(prompt(), "ada> ");
}

TEST_F(DialogueOwn, AChangeThatIsNotOnTheDiskIsSaid) {
  (void)ordered("/own");
  answer("event\tclaimed\nsaved\tno");
  EXPECT_THAT(dialogue_.take_text(),
              HasSubstr("; it is in force, but not on the server's disk yet\n"));
}

TEST_F(DialogueOwn, ARefusalIsShownWithTheCommand) {
  (void)ordered("/own");
  report(Refused{.number = number_, .code = "new_code", .text = "The name looks like another."});
  EXPECT_EQ(dialogue_.take_text(), "! not done: The name looks like another: /own\n");
}

TEST_F(DialogueOwn, ACodeIsShownWithWhatToDoWithIt) {
  EXPECT_EQ(ordered("/own add"), (OwnOrder{.act = OwnAct::add}));
  answer("event\tcode\ncode\t0123456789abcdef\nseconds\t600");
  EXPECT_EQ(dialogue_.take_text(),
            "-- the code is 0123-4567-89ab-cdef; one device can use it, within 10 minutes\n"
            "   on the other device: /own 0123-4567-89ab-cdef in uchat, or uchat own "
            "ada@host:8888 0123-4567-89ab-cdef in a shell; then you are asked here\n");
}

TEST_F(DialogueOwn, ACodeIsUsedAndTheNameIsTakenWhenTheOtherDeviceHasSaidYes) {
  report(joined("ada2"));
  (void)dialogue_.take_orders();
  (void)dialogue_.take_text();
  EXPECT_EQ(ordered("/own 0123 4567-89ab cdef"),
            (OwnOrder{.act = OwnAct::use, .code = 0x0123'4567'89AB'CDEF}));
  answer("event\tasked\nseconds\t540\ndevice\t" + kOther);
  EXPECT_EQ(dialogue_.take_text(),
            "-- the code is right; a device that has the name ada is asked: say yes there, within "
            "9 minutes\n   the key of this device is " +
                kOther + "\n");
  report(OwnNews{.name = "ada", .facts = "event\tadded\ndevice\t" + kOther + "\nsaved\tyes"});
  EXPECT_EQ(dialogue_.take_text(), "-- this device has the name ada now\n");
  EXPECT_EQ(one_order<Rename>().name, "ada");
}

TEST_F(DialogueOwn, ADeclinedDeviceShowsThatNoDeviceHasSaidYes) {
  (void)ordered("/own 0123-4567-89ab-cdef");
  answer("event\tasked\nseconds\t600");
  (void)dialogue_.take_text();
  report(OwnNews{.name = "ada", .facts = "event\tdeclined\ndevice\t" + kOther});
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("-- no device has said yes"));
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
}

TEST_F(DialogueOwn, KeysAreListed) {
  EXPECT_EQ(ordered("/own keys"), (OwnOrder{.act = OwnAct::keys}));
  answer(keys());
  EXPECT_EQ(dialogue_.take_text(), "-- keys of the name ada: 2\n   " + kKey +
                                       "  laptop, since 2026-11-20 23:15, this device\n   " +
                                       kOther + "  phone, since 2026-11-20 23:15\n");
}

TEST_F(DialogueOwn, AKeyIsDroppedByTheBeginningOfItsFingerprintAfterAQuestion) {
  EXPECT_EQ(ordered("/own drop AAAA"), (OwnOrder{.act = OwnAct::keys}));
  answer(keys());
  EXPECT_EQ(dialogue_.take_text(), "");
  EXPECT_EQ(prompt(), "remove the key " + kOther + " from ada (yes/no)? ");
  type("well");
  EXPECT_EQ(dialogue_.take_text(), "! not sent: type yes or no: well\n");
  EXPECT_EQ(ordered("yes"), (OwnOrder{.act = OwnAct::drop, .key = kOther}));
  answer("event\tdropped\ndevice\t" + kOther + "\nsaved\tyes");
  EXPECT_EQ(dialogue_.take_text(), "-- the key " + kOther + " does not belong to ada any more\n");
  EXPECT_EQ(prompt(), "ada> ");
}

TEST_F(DialogueOwn, NoKeyIsDroppedAfterANoOrForABeginningThatIsNotUnique) {
  (void)ordered("/own drop SHA256:AAAA");
  answer(keys());
  type("no");
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
  EXPECT_EQ(prompt(), "ada> ");
  (void)ordered("/own drop bbb");
  answer(keys());
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("! no key of the name begins with bbb\n"));
  (void)ordered("/own drop SHA256:");
  answer(keys());
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("! several keys of the name begin with SHA256:\n"));
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
}

TEST_F(DialogueOwn, AListOfKeysAfterADropThatWasRefusedAsksNothing) {
  (void)ordered("/own drop AAAA");
  report(Refused{.number = number_, .code = "own_none", .text = "No."});
  (void)ordered("/own keys");
  answer(keys());
  EXPECT_EQ(prompt(), "ada> ");
}

TEST_F(DialogueOwn, TheNameIsReleasedAfterAQuestion) {
  EXPECT_EQ(ordered("/own release"), (OwnOrder{.act = OwnAct::keys}));
  answer(keys());
  EXPECT_EQ(prompt(), "give up the name ada (yes/no)? ");
  EXPECT_EQ(ordered("y"), (OwnOrder{.act = OwnAct::release}));
  answer("event\treleased\nsaved\tyes");
  EXPECT_EQ(dialogue_.take_text(), "-- ada is not your name any more\n");
}

TEST_F(DialogueOwn, ADeviceIsAskedAbout) {
  device_asks(kOther);
  EXPECT_EQ(dialogue_.take_text(),
            "-- a device at 192.0.2.7 wants to have your name ada\n   it calls itself phone\n"
            "   its key is " +
                kOther + "\n");
  EXPECT_EQ(prompt(), "is it your device (yes/no)? ");
  mono_ += seconds{5};
  EXPECT_EQ(ordered("yes"), (OwnOrder{.act = OwnAct::answer, .yes = true, .key = kOther}));
  answer("event\tadded\ndevice\t" + kOther + "\nsaved\tyes");
  EXPECT_EQ(dialogue_.take_text(),
            "-- the device with the key " + kOther + " has the name ada now\n");
  EXPECT_EQ(prompt(), "ada> ");
}

TEST_F(DialogueOwn, ALineThatWasTypedForTheRoomIsNoAnswer) {
  dialogue_.set_drafting(true);
  device_asks(kOther);
  EXPECT_EQ(dialogue_.take_text(), "") << "the question waits while the user types";
  EXPECT_EQ(prompt(), "ada> ");
  type("yes");
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("wants to have your name ada"));
  EXPECT_EQ(messages(), std::vector<Message>{(Say{.text = "yes"})});
  // Entered before the user can have read the question.
  type("y");
  EXPECT_EQ(messages(), std::vector<Message>{(Say{.text = "y"})});
  EXPECT_EQ(prompt(), "is it your device (yes/no)? ");
  mono_ += seconds{5};
  type("yes\nno\nyes");
  EXPECT_EQ(messages().size(), 3U) << "pasted lines are for the room";
  type("");
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
  EXPECT_EQ(ordered("no"), (OwnOrder{.act = OwnAct::answer, .key = kOther}));
}

TEST_F(DialogueOwn, AQuestionIsAnsweredWithNoByCtrlC) {
  device_asks(kOther);
  EXPECT_TRUE(dialogue_.drop_question());
  EXPECT_EQ(next_order(), (OwnOrder{.act = OwnAct::answer, .key = kOther}));
  EXPECT_FALSE(dialogue_.drop_question());
}

TEST_F(DialogueOwn, AQuestionEndsWhenAnotherProgramHasAnswered) {
  device_asks(kOther);
  report(OwnNews{.name = "ada", .facts = "event\tadded\ndevice\t" + kOther});
  EXPECT_EQ(prompt(), "ada> ");
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("has the name ada now\n"));
}

TEST_F(DialogueOwn, TextsOfTheServerAreEscaped) {
  report(DeviceAsks{.name = "a\x1b[2J", .facts = "key\tx\x1b[2J\naddress\t\x1b[2J"});
  EXPECT_THAT(dialogue_.take_text(), Not(HasSubstr("\x1b")));
}

TEST_F(DialogueOwn, WrongWordsAreNoRequest) {
  for (const char* line : {"/own ad", "/own drop", "/own add x", "/own 0123", "/own keys x"}) {
    type(line);
    EXPECT_THAT(dialogue_.take_text(), HasSubstr("usage: /own [add|keys|drop|release|CODE] [KEY]"))
        << line;
  }
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
}

TEST_F(DialogueOwn, OwnersAreMarkedInListsAndTextMembersNever) {
  type("/users");
  (void)dialogue_.take_orders();
  report(users("ada\towned\nbob\taway\towned\ncid\ntex\ttext\towned"));
  EXPECT_THAT(dialogue_.take_text(),
              HasSubstr("ada (owned)         bob (owned) (away)  cid                 ~tex\n"));
  report(MemberAbout{.name = "bob", .list = "name\tbob\nprotocol\tnative\nowned\t1"});
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("   owns the name: no other key can have it\n"));
  report(MemberAbout{.name = "tex", .list = "name\ttex\nprotocol\ttext\nowned\t1"});
  EXPECT_THAT(dialogue_.take_text(), Not(HasSubstr("owns")));
}

}  // namespace
}  // namespace chatd::client
