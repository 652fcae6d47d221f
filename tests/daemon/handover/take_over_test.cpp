// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/handover/take_over.hpp"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <functional>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "daemon/handover/snapshot.hpp"
#include "daemon/handover/snapshot_file.hpp"
#include "daemon/state/room_table.hpp"
#include "daemon/state/rule_table.hpp"
#include "tests/daemon/handover/kept_service.hpp"

namespace chatd::handover {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::HasSubstr;

class TakeOverTest : public KeptService {
 protected:
  // The state is kept only as its snapshot.
  Kept snapshot_alone() {
    return {.state = {},
            .keys = {},
            .snapshot = make_snapshot(first_.state.get(), first_.keys.get()).value()};
  }
  // As many starts as make a state count as dangerous. There is no memory for any of them.
  void fail_to_start(const std::function<Result<Begin>()>& start) {
    for (std::uint32_t i = 0; i < 2 * kMaxTakeOvers; ++i) {
      now_ += seconds{1};
      EXPECT_FALSE(start()) << i;
    }
    now_ += seconds{1};
  }
};

// While this lives, the process can make one more descriptor: enough for the region, and not for
// the keys.
class OneMoreDescriptor {
 public:
  OneMoreDescriptor() {
    EXPECT_EQ(::getrlimit(RLIMIT_NOFILE, &before_), 0);
    const UniqueFd next{::dup(0)};  // the lowest free number
    const rlimit limit{.rlim_cur = static_cast<rlim_t>(next.get()) + 1,
                       .rlim_max = before_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  }
  ~OneMoreDescriptor() { EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &before_), 0); }
  OneMoreDescriptor(const OneMoreDescriptor&) = delete;
  OneMoreDescriptor& operator=(const OneMoreDescriptor&) = delete;
  OneMoreDescriptor(OneMoreDescriptor&&) = delete;
  OneMoreDescriptor& operator=(OneMoreDescriptor&&) = delete;

 private:
  rlimit before_{};
};

TEST_F(TakeOverTest, WithoutKeptStateTheRoomIsEmptyWithoutAMessage) {
  const auto begin = take_over({}, wanted()).value();
  EXPECT_FALSE(begin.is_kept);
  EXPECT_EQ(begin.words, "");
  EXPECT_EQ(view(begin).header().epoch, 7U);
}

TEST_F(TakeOverTest, TheSameProgramUsesTheSameMemory) {
  begin();
  const auto second = take_over(kept(), wanted()).value();
  EXPECT_TRUE(second.is_kept);
  EXPECT_TRUE(has_ada(second));
}

TEST_F(TakeOverTest, MemoryOfAnotherLayoutIsReplacedByTheSnapshot) {
  begin();
  auto last = kept();
  last.snapshot = make_snapshot(first_.state.get(), first_.keys.get()).value();
  const std::uint32_t other = 0xFFFF;  // a future layout
  ASSERT_EQ(
      ::pwrite(first_.state.get(), &other, sizeof other, offsetof(state::Header, layout_version)),
      static_cast<ssize_t>(sizeof other));
  const auto second = take_over(std::move(last), wanted()).value();
  EXPECT_FALSE(second.is_kept);
  EXPECT_TRUE(has_ada(second));
  EXPECT_THAT(second.words, HasSubstr("took over 1 sessions from a snapshot"));
}

TEST_F(TakeOverTest, TheResetSecretIsHandedOver) {
  constexpr state::ResetSecret kLater{std::byte{3}};
  begin();
  EXPECT_EQ(reset_secret_of(first_), kRandom);
  EXPECT_EQ(reset_secret_of(take_over(kept(), wanted(kLater)).value()), kRandom);
  geometry_.sessions *= 2;
  const auto other = take_over(kept(), wanted(kLater)).value();
  EXPECT_FALSE(other.is_kept) << "by a snapshot";
  EXPECT_EQ(reset_secret_of(other), kRandom);
  EXPECT_EQ(reset_secret_of(take_over({}, wanted(kLater)).value()), kLater) << "empty";
}

TEST_F(TakeOverTest, ASnapshotWithoutAResetSecretHasTheFormerOne) {
  begin();
  const auto keys =
      state::KeyTable::map(first_.keys.get(), geometry_.sessions, state::Access::writer).value();
  auto snapshot = nlohmann::json::from_cbor(write_snapshot(view(first_), keys));
  snapshot.erase("reset_secret");
  Kept old{.state = {},
           .keys = {},
           .snapshot = store_snapshot(nlohmann::json::to_cbor(snapshot)).value()};
  const auto second = take_over(std::move(old), wanted()).value();
  EXPECT_TRUE(has_ada(second));
  EXPECT_EQ(reset_secret_of(second), kFormer);
}

TEST_F(TakeOverTest, ALostRuleIsReported) {
  begin();
  const auto state = view(first_);
  state::RuleTable rules{state};
  const state::RuleTable::Making ban{.kind = state::RuleKind::ban,
                                     .target = state::RuleTarget::person,
                                     .person = state::PersonId{1}};
  for (std::uint32_t row = 0; row < 3; ++row) rules.make(state::RuleIndex{row}, ban);
  state.rule_slots()[1].kind = state::RuleKind{99};  // damaged
  geometry_.sessions *= 2;
  const auto second = take_over(kept(), wanted()).value();
  EXPECT_TRUE(has_ada(second));
  EXPECT_EQ(view(second).rule_head().used, 2U);
  EXPECT_THAT(second.words, HasSubstr("1 bans, mutes, invitations or roles are lost"));
}

TEST_F(TakeOverTest, OtherLayoutWithoutASnapshotIsAnEmptyRoomAndIsReported) {
  begin();
  const std::uint32_t other = 0xFFFF;
  ASSERT_EQ(
      ::pwrite(first_.state.get(), &other, sizeof other, offsetof(state::Header, layout_version)),
      static_cast<ssize_t>(sizeof other));
  const auto second = take_over(kept(), wanted()).value();
  EXPECT_EQ(view(second).slots()[3].phase.load(), state::SessionPhase::free);
  EXPECT_THAT(second.words, HasSubstr("starting with an empty room"));
  EXPECT_THAT(second.words, HasSubstr("another layout"));
}

TEST_F(TakeOverTest, OtherSizesInTheConfigurationKeepTheMembers) {
  begin();
  geometry_ = {.sessions = 16, .ring_bytes = 65536};
  const auto second = take_over(kept(), wanted()).value();
  EXPECT_FALSE(second.is_kept);
  EXPECT_TRUE(has_ada(second));
  EXPECT_EQ(view(second).geometry().sessions, 16U);
}

TEST_F(TakeOverTest, RoomsBeyondTheNewLimitAreCountedInTheLog) {
  geometry_.rooms = 3;
  begin();
  const auto state = view(first_);
  state::RoomTable rooms{state};
  for (std::uint32_t row = 0; row < 3; ++row) {
    rooms.make(state::RoomIndex{row}, {.id = state::RoomId{row + 1},
                                       .name = "room" + std::to_string(row),
                                       .is_kept = row == 2,
                                       .now = now_,
                                       .maker = {}});
    rooms.settle(state::RoomIndex{row});
  }
  geometry_.rooms = 1;
  const auto second = take_over(kept(), wanted()).value();
  EXPECT_TRUE(has_ada(second));
  EXPECT_THAT(second.words, HasSubstr("; 2 rooms are beyond limits.rooms"));
  EXPECT_EQ(state::RoomTable{view(second)}.name(state::RoomIndex{0}), "room2");
}

TEST_F(TakeOverTest, AnotherSizeOfRoomLogsIsAnotherShape) {
  geometry_.rooms = 3;
  begin();
  EXPECT_TRUE(take_over(kept(), wanted()).value().is_kept);
  geometry_.room_ring_bytes *= 2;
  EXPECT_FALSE(take_over(kept(), wanted()).value().is_kept);
}

TEST_F(TakeOverTest, AStateWithWhichDaemonsDieInARowIsNotUsedAgain) {
  begin();
  for (std::uint32_t i = 0; i < kMaxTakeOvers; ++i) {
    now_ += seconds{2};
    EXPECT_TRUE(take_over(kept(), wanted()).value().is_kept) << i;
  }
  now_ += seconds{2};
  const auto last = take_over(kept(), wanted()).value();
  EXPECT_FALSE(last.is_kept);
  EXPECT_THAT(last.words, HasSubstr("starting with an empty room"));
}

TEST_F(TakeOverTest, DeathsThatAreFarApartAreNotCounted) {
  begin();
  for (int i = 0; i < 10; ++i) {
    now_ += minutes{1};
    EXPECT_TRUE(take_over(kept(), wanted()).value().is_kept) << i;
  }
}

TEST_F(TakeOverTest, RestartsInOrderAreNotCounted) {
  begin();
  for (int i = 0; i < 10; ++i) {
    now_ += seconds{1};
    ASSERT_TRUE(note_handed_over(first_.state.get()));
    EXPECT_TRUE(take_over(kept(), wanted()).value().is_kept) << i;
  }
}

TEST_F(TakeOverTest, AStartForWhichThereIsNoMemoryLosesNothingAndIsNotCounted) {
  begin();
  const state::Geometry possible = geometry_;
  geometry_.ring_bytes += 1;  // no region has this size
  fail_to_start([this] { return take_over(kept(), wanted()); });
  geometry_ = possible;
  const auto next = take_over(kept(), wanted()).value();
  EXPECT_TRUE(next.is_kept);
  EXPECT_TRUE(has_ada(next));
}

TEST_F(TakeOverTest, AStartForWhoseKeysThereIsNoMemoryLosesNothingAndIsNotCounted) {
  begin();
  geometry_.sessions *= 2;
  fail_to_start([this] {
    Kept last = kept();
    const OneMoreDescriptor limit;
    return take_over(std::move(last), wanted());
  });
  const auto next = take_over(kept(), wanted()).value();
  EXPECT_FALSE(next.is_kept);
  EXPECT_TRUE(has_ada(next));
}

TEST_F(TakeOverTest, AStoredSnapshotIsUsedAfterStartsForWhichThereWasNoMemory) {
  begin();
  geometry_.sessions *= 2;
  const Kept last = snapshot_alone();
  const auto start = [&] {
    return take_over({.state = {}, .keys = {}, .snapshot = copy(last.snapshot)}, wanted());
  };
  geometry_.ring_bytes += 1;
  fail_to_start(start);
  geometry_.ring_bytes -= 1;
  fail_to_start([&] {
    Kept same{.state = {}, .keys = {}, .snapshot = copy(last.snapshot)};
    const OneMoreDescriptor limit;
    return take_over(std::move(same), wanted());
  });
  const auto next = start().value();
  EXPECT_FALSE(next.is_lost);
  EXPECT_TRUE(has_ada(next));
}

TEST_F(TakeOverTest, MemoryThatIsNoStateIsNotUsed) {
  begin();
  const auto some_file = [](std::string_view content) {
    UniqueFd file{::memfd_create("test", 0)};
    EXPECT_EQ(::write(file.get(), content.data(), content.size()),
              static_cast<ssize_t>(content.size()));
    return file;
  };
  const auto nothing =
      take_over({.state = some_file(""), .keys = copy(first_.keys), .snapshot = {}}, wanted())
          .value();
  EXPECT_THAT(nothing.words, HasSubstr("starting with an empty room"));
  const auto garbage = take_over({.state = copy(first_.state),
                                  .keys = some_file("short"),
                                  .snapshot = some_file("no snapshot")},
                                 wanted())
                           .value();
  EXPECT_THAT(garbage.words, HasSubstr("the snapshot cannot be read"));
}

}  // namespace
}  // namespace chatd::handover
