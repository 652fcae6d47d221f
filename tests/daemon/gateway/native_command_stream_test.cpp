// SPDX-License-Identifier: GPL-3.0-or-later
// Commands of one of several programs of a member, and what the other programs and members receive.
#include <algorithm>
#include <array>

#include <gmock/gmock.h>

#include "common/wire/native/native_command.hpp"
#include "daemon/chat/programs.hpp"
#include "daemon/chat/rule_hits.hpp"
#include "tests/support/native_world.hpp"

namespace chatd::gateway {
namespace {

using client::End;
using std::chrono::seconds;
using test::NativeWorld;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;
using wire::CommandKind;

class NativePrograms : public ::testing::Test {
 protected:
  NativePrograms() {
    world_.run_for(seconds{1});
    world_.start(laptop_);
    EXPECT_TRUE(world_.run_until([&] { return laptop_.member.is_joined(); }));
  }
  static std::vector<std::string> names_of(const std::vector<test::SeenRecord>& records,
                                           state::RecordKind kind) {
    std::vector<std::string> names;
    for (const auto& record : records) {
      if (record.kind == kind) names.push_back(record.name);
    }
    return names;
  }
  std::vector<std::string> in_room(state::RecordKind kind) {
    return names_of(test::records_of(world_.view()), kind);
  }
  // The texts of the records of that kind in a mailbox.
  std::vector<std::string> in_mailbox(chat::Slot slot, state::RecordKind kind) {
    std::vector<std::string> texts;
    for (const auto& record : test::mailbox_records(world_.view(), slot)) {
      if (record.kind == kind) texts.push_back(record.text);
    }
    return texts;
  }
  chat::Sessions& sessions() { return world_.sessions(); }
  // A command of the phone, whose own client sleeps.
  void command(CommandKind kind, std::string_view text) {
    phone_.asleep = true;
    std::array<std::byte, wire::kMaxCommandBytes> bytes{};
    wire::ByteWriter out{bytes};
    ASSERT_TRUE(wire::write_command(out, kind, {}, text));
    const std::uint64_t uplink = world_.view().native_slots()[phone_slot_].uplink;
    const std::array<wire::Frame, 1> frames{
        wire::DataFrame{.stream = wire::kCommandStream, .offset = uplink, .bytes = out.written()}};
    world_.forge(phone_, "ada", frames);
  }
  void end_program(std::uint32_t number) {
    const auto text = wire::as_argument(wire::ProgramNumber{number});
    command(CommandKind::end_program, {text.data(), text.size()});
  }

  NativeWorld world_{21};
  const crypto::KeyPair identity_{crypto::generate_key_pair().value()};
  NativeWorld::Seat& phone_{world_.add({.name = "ada", .identity = identity_})};
  NativeWorld::Seat& laptop_{world_.add({.name = "ada", .identity = identity_})};
  NativeWorld::Seat& bob_{world_.enter("bob")};
  const chat::Slot phone_slot_{[this] {
    world_.start(phone_);
    EXPECT_TRUE(world_.run_until([&] { return phone_.member.is_joined(); }));
    return world_.sessions().find_name("ada").value();
  }()};
  chat::Slot laptop_slot() { return chat::other_programs(sessions(), phone_slot_).at(0); }
};

TEST_F(NativePrograms, AllOfThemHearWhatOneSays) {
  phone_.member.say("from the phone", world_.now());
  laptop_.member.say("from the laptop", world_.now());
  for (const NativeWorld::Seat* seat : {&phone_, &laptop_, &bob_}) {
    EXPECT_TRUE(world_.run_until([&] { return seat->lines.size() == 2; }));
    EXPECT_THAT(seat->lines, UnorderedElementsAre("ada: from the phone", "ada: from the laptop"));
  }
  EXPECT_THAT(in_room(state::RecordKind::join), UnorderedElementsAre("ada", "bob"));
}

TEST_F(NativePrograms, TheFirstOneAndTheSecondAreNotifiedOfEachOther) {
  EXPECT_THAT(in_mailbox(phone_slot_, state::RecordKind::program), ElementsAre("127.0.0.1"));
  EXPECT_THAT(in_mailbox(laptop_slot(), state::RecordKind::program), ElementsAre("127.0.0.1"));
}

TEST_F(NativePrograms, ALoginThatTakesASessionOverIsReportedToTheOthers) {
  config::Config::Limits limits = NativeWorld::quick_config().limits;
  limits.programs_per_person = 2;
  world_.limit_to(limits);
  laptop_.asleep = true;
  world_.run_for(seconds{40});
  NativeWorld::Seat& third = world_.add({.name = "ada", .identity = identity_});
  world_.start(third);
  ASSERT_TRUE(world_.run_until([&] { return third.member.is_joined(); }));
  EXPECT_EQ(sessions().all().size(), 3U);
  EXPECT_THAT(in_mailbox(phone_slot_, state::RecordKind::program),
              ElementsAre("127.0.0.1", "127.0.0.1"));
}

TEST_F(NativePrograms, ADirectMessageReachesEach) {
  bob_.member.write_to("ada", "psst", world_.now());
  for (const NativeWorld::Seat* seat : {&phone_, &laptop_}) {
    EXPECT_TRUE(world_.run_until([&] {
      return std::ranges::any_of(
          test::events_of<client::Line>(seat->events),
          [](const client::Line& line) { return line.text == "psst" && line.name == "bob"; });
    }));
  }
}

TEST_F(NativePrograms, OneEndsAnother) {
  const chat::Slot slot = laptop_slot();
  end_program(slot);
  ASSERT_TRUE(world_.run_until([&] { return laptop_.member.has_ended(); }));
  EXPECT_EQ(test::end_of(laptop_.events).reason, End::program_ended);
  const auto lists = in_mailbox(phone_slot_, state::RecordKind::programs);
  ASSERT_EQ(lists.size(), 1U);
  EXPECT_FALSE(lists[0].contains('\n')) << lists[0];
  EXPECT_THAT(in_room(state::RecordKind::leave), ::testing::IsEmpty());
  EXPECT_FALSE(sessions().is_member(slot));
  world_.run_for(seconds{30});
  EXPECT_FALSE(test::has<client::Reconnecting>(laptop_.events)) << "it does not come back";
}

TEST_F(NativePrograms, AForgedNumberEndsNothing) {
  const chat::Slot bob = sessions().find_name("bob").value();
  std::size_t refused = 0;
  for (const std::uint32_t number : {std::uint32_t{bob}, std::uint32_t{phone_slot_}, 63U, ~0U}) {
    end_program(number);
    world_.run_for(seconds{1});
    EXPECT_EQ(in_mailbox(phone_slot_, state::RecordKind::notice).size(), ++refused) << number;
  }
  EXPECT_EQ(sessions().all().size(), 3U);
  command(CommandKind::end_program, "12");
  world_.run_for(seconds{1});
  EXPECT_EQ(in_mailbox(phone_slot_, state::RecordKind::notice).size(), ++refused)
      << "no ProgramNumber";
}

TEST_F(NativePrograms, AnEndThatComesTwiceEndsOneProgram) {
  const chat::Slot slot = laptop_slot();
  end_program(slot);
  end_program(slot);
  world_.run_for(seconds{1});
  EXPECT_EQ(in_mailbox(phone_slot_, state::RecordKind::programs).size(), 1U);
  EXPECT_EQ(in_mailbox(phone_slot_, state::RecordKind::notice).size(), 1U);
  EXPECT_EQ(sessions().all().size(), 2U);
}

TEST_F(NativePrograms, AKickOfTheMemberEndsAll) {
  for (const chat::Slot program : chat::programs_of(sessions(), phone_slot_)) {
    world_.service().remove(program, state::LeaveKind::kicked, "noise", world_.server_now());
  }
  for (const NativeWorld::Seat* seat : {&phone_, &laptop_}) {
    ASSERT_TRUE(world_.run_until([&] { return seat->member.has_ended(); }));
    EXPECT_EQ(test::end_of(seat->events).reason, End::kicked);
  }
  EXPECT_THAT(in_room(state::RecordKind::kick), ElementsAre("ada"));
  EXPECT_EQ(world_.figure(&state::GatewayCounters::members_kicked), 1U);
}

TEST_F(NativePrograms, ABanOfTheKeyHitsAll) {
  const auto rule = world_.chat().rules.add({.kind = state::RuleKind::ban,
                                             .target = state::RuleTarget::person,
                                             .room = state::kDefaultRoom,
                                             .person = sessions().person(phone_slot_),
                                             .name = "ada",
                                             .by = {},
                                             .now = world_.server_now().wall});
  ASSERT_TRUE(rule);
  EXPECT_EQ(chat::banned_members(sessions(), world_.chat().rules, world_.server_now().wall).size(),
            2U);
}

TEST_F(NativePrograms, SurviveTheGateway) {
  world_.replace_gateway();
  phone_.member.say("still here", world_.now());
  laptop_.member.say("me too", world_.now());
  EXPECT_TRUE(world_.run_until([&] { return bob_.lines.size() == 2; }));
  EXPECT_EQ(sessions().size(), 2U);
  EXPECT_THAT(in_room(state::RecordKind::join), UnorderedElementsAre("ada", "bob"));
}

}  // namespace
}  // namespace chatd::gateway
