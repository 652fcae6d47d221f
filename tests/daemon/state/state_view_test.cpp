// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/state_view.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <set>

#include <gmock/gmock.h>

#include "daemon/sys/memory_file.hpp"
#include "tests/support/fatal_signal.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::state {
namespace {

using test::fatal_signal;
using ::testing::HasSubstr;

using StateViewTest = test::StateFixture;

std::string refusal(int region) {
  const auto view = StateView::map(region, Access::writer);
  return view ? "(mapped)" : view.error().message();
}

TEST_F(StateViewTest, ANewRegionHasAHeaderAndIsZeroElsewhere) {
  EXPECT_EQ(state_.header().magic, kMagic);
  EXPECT_EQ(state_.header().epoch, test::kHistoryId);
  EXPECT_EQ(state_.header().started_wall, 1'000'000);
  EXPECT_EQ(state_.geometry().sessions, 8U);
  EXPECT_EQ(state_.geometry().ring_bytes, 16384U);
  EXPECT_EQ(state_.slots().size(), 8U);
  EXPECT_EQ(state_.active().size(), 1U);
  EXPECT_EQ(state_.ring().size(), 2 * 16384U);
  EXPECT_EQ(state_.ring_head().tail.load(), 0U);
  EXPECT_EQ(state_.counters().messages.load(), 0U);
}

class RoomsViewTest : public test::StateFixture {
 protected:
  static constexpr Geometry kGeometry{
      .sessions = 70, .ring_bytes = 16384, .rooms = 3, .room_ring_bytes = 32768};
  RoomsViewTest() : StateFixture{kGeometry} {}
};

TEST_F(RoomsViewTest, EachRoomHasItsOwnPlaces) {
  std::set<const void*> places;
  for (std::uint32_t i = 0; i < 3; ++i) {
    const RoomIndex room{i};
    EXPECT_TRUE(places.insert(&state_.room_slot(room)).second);
    EXPECT_TRUE(places.insert(state_.room_ring(room).data()).second);
    EXPECT_EQ(state_.room_ring(room).size(), 32768U);
    EXPECT_EQ(state_.room_log(room).capacity(), 32768U);
    const auto members = state_.room_members(room);
    EXPECT_EQ(members.sessions.size(), 2U);
    EXPECT_EQ(members.summary.size(), 1U);
    EXPECT_TRUE(places.insert(members.sessions.data()).second);
    EXPECT_TRUE(places.insert(members.summary.data()).second);
    EXPECT_EQ(members.summary.data(), members.sessions.data() + members.sessions.size());
  }
  EXPECT_EQ(state_.room_slots().size(), 3U);
  EXPECT_EQ(state_.room_news().count.load(), 0U);
}

TEST_F(RoomsViewTest, EachSessionHasAPageOfSubscriptions) {
  const auto first = state_.subscriptions(Slot{0});
  EXPECT_EQ(first.size(), kSubscriptions);
  const auto* second = reinterpret_cast<const std::byte*>(state_.subscriptions(Slot{1}).data());
  EXPECT_EQ(second - reinterpret_cast<const std::byte*>(first.data()),
            static_cast<std::ptrdiff_t>(kSubscriptionBytes));
}

TEST_F(RoomsViewTest, AFollowerWritesItsPartOfSubscriptionsAndNothingOfRooms) {
  const StateView other = follower();
  EXPECT_EQ(fatal_signal([&] { other.room_slots()[0].phase.store(RoomPhase::made); }), SIGSEGV);
  EXPECT_EQ(fatal_signal([&] { other.room_ring(RoomIndex{2})[0] = std::byte{1}; }), SIGSEGV);
  EXPECT_EQ(fatal_signal([&] { other.room_members(RoomIndex{1}).sessions[0].store(1); }), SIGSEGV);
  EXPECT_EQ(fatal_signal([&] { other.room_news().count.store(1); }), SIGSEGV);
  EXPECT_EQ(fatal_signal([&] { other.subscriptions(Slot{69})[30].stream.sent.store(7); }), 0);
  EXPECT_EQ(state_.subscriptions(Slot{69})[30].stream.sent.load(), 7U);
}

TEST_F(StateViewTest, WithoutRoomsTheirPartsAreEmpty) {
  EXPECT_TRUE(state_.room_slots().empty());
  EXPECT_TRUE(state_.subscriptions(Slot{0}).empty());
  EXPECT_EQ(state_.geometry().subscriptions(), state_.geometry().ring_head());
}

TEST_F(RoomsViewTest, EachRoomAndTheDefaultRoomHaveAStoredPlaceThatAFollowerWrites) {
  std::set<const void*> places;
  for (std::uint32_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(places.insert(&state_.stored_place(RoomIndex{i})).second);
  }
  EXPECT_TRUE(places.insert(&state_.stored_place(std::nullopt)).second);
  follower().stored_place(std::nullopt).offset = 7;
  EXPECT_EQ(state_.stored_place(std::nullopt).offset, 7U);
}

TEST_F(StateViewTest, AllViewsSeeTheSameBytes) {
  const StateView other = follower();
  state_.ring_head().tail.store(42);
  state_.slots()[7].messages = 43;
  state_.worker_counters(15).passes.store(44);
  state_.process(16).pid.store(45);
  EXPECT_EQ(other.ring_head().tail.load(), 42U);
  EXPECT_EQ(other.slots()[7].messages, 43U);
  EXPECT_EQ(other.worker_counters(15).passes.load(), 44U);
  EXPECT_EQ(other.process(16).pid.load(), 45);
}

TEST_F(StateViewTest, TheRingIsMappedTwice) {
  state_.ring()[16384] = std::byte{7};
  EXPECT_EQ(state_.ring()[0], std::byte{7});
}

TEST_F(StateViewTest, AFollowerCannotWriteTheRoomLog) {
  const StateView other = follower();
  EXPECT_EQ(fatal_signal([&] { other.ring_head().tail.store(1); }), SIGSEGV);
  EXPECT_EQ(fatal_signal([&] { other.ring()[0] = std::byte{1}; }), SIGSEGV);
  EXPECT_EQ(fatal_signal([&] { other.slots()[0].sent.store(1); }), 0);
  EXPECT_EQ(state_.slots()[0].sent.load(), 1U);
}

TEST_F(StateViewTest, AMappingKeptOutOfChildrenIsNotMappedInThem) {
  ASSERT_TRUE(state_.keep_out_of_children().has_value());
  EXPECT_EQ(fatal_signal([&] { (void)state_.ring_head().tail.load(); }), SIGSEGV);
  EXPECT_EQ(fatal_signal([&] {
              (void)state_.header().magic;
              state_.slots()[0].sent.store(1);
            }),
            SIGSEGV);
  EXPECT_EQ(state_.ring_head().tail.load(), 0U);
}

class HeaderRefusalTest : public StateViewTest {
 protected:
  // The error of map() for a copy of the region with another header.
  std::string refused_with(const std::function<void(Header&)>& change) {
    Header header = state_.header();
    change(header);
    EXPECT_EQ(::pwrite(region_.get(), &header, sizeof header, 0), ssize_t{sizeof header});
    return refusal(region_.get());
  }
};

TEST_F(HeaderRefusalTest, AnotherProgramsFileIsRefused) {
  EXPECT_THAT(refused_with([](Header& header) { ++header.magic; }), HasSubstr("magic"));
}

TEST_F(HeaderRefusalTest, AnotherLayoutIsRefused) {
  EXPECT_THAT(refused_with([](Header& header) { ++header.layout_version; }), HasSubstr("layout"));
}

TEST_F(HeaderRefusalTest, AnotherBuildsStructuresAreRefused) {
  EXPECT_THAT(refused_with([](Header& header) { ++header.abi_hash; }), HasSubstr("layout"));
}

TEST_F(HeaderRefusalTest, ASizeOtherThanTheFilesIsRefused) {
  EXPECT_THAT(refused_with([](Header& header) { header.sessions += 1000; }), HasSubstr("as long"));
  EXPECT_THAT(refused_with([](Header& header) {
                header.sessions = 8;
                header.rooms = 5;
              }),
              HasSubstr("as long"));
  EXPECT_THAT(refused_with([](Header& header) { header.rooms = Geometry::kMaxRooms + 1; }),
              HasSubstr("impossible"));
  EXPECT_THAT(refused_with([](Header& header) { header.rooms = 0; }), "(mapped)");
  EXPECT_THAT(refused_with([](Header& header) {
                header.sessions = 8;
                header.ring_bytes *= 2;
                header.total_bytes += header.ring_bytes;
              }),
              HasSubstr("as long"));
}

TEST_F(StateViewTest, AFileWithoutAHeaderIsRefused) {
  const UniqueFd tiny = sys::make_memory_file("chatd-test", 16).value();
  EXPECT_THAT(refusal(tiny.get()), HasSubstr("no header"));
  EXPECT_THAT(refusal(-1), HasSubstr("no header"));
}

// Offsets are masked, and a record must fit beside the one that it overwrites.
TEST_F(StateViewTest, ARingOfAnImpossibleLengthIsRefused) {
  for (const std::uint64_t bytes : {std::uint64_t{0}, std::uint64_t{4096}, std::uint64_t{8192},
                                    std::uint64_t{3 * 8192}, std::uint64_t{20000}}) {
    SCOPED_TRACE(bytes);
    const Geometry geometry{.sessions = 8, .ring_bytes = bytes};
    EXPECT_FALSE(create_region(geometry, 1, {}).has_value());

    const UniqueFd file = sys::make_memory_file("chatd-test", geometry.total()).value();
    Header header = state_.header();
    header.ring_bytes = bytes;
    header.total_bytes = geometry.total();
    ASSERT_EQ(::pwrite(file.get(), &header, sizeof header, 0), ssize_t{sizeof header});
    EXPECT_THAT(refusal(file.get()), HasSubstr("ring"));
  }
  EXPECT_FALSE(create_region({.sessions = 0, .ring_bytes = 16384}, 1, {}).has_value());
}

}  // namespace
}  // namespace chatd::state
