// SPDX-License-Identifier: GPL-3.0-or-later
// The mapping of web: a child tries to read and write all of it, as hostile code would.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

#include <gmock/gmock.h>

#include "tests/support/fatal_signal.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::state {
namespace {

using test::fatal_signal;

constexpr Slot kNativeSlot{12};
constexpr Slot kWebSlot{13};  // the first one, in the middle of a page of each table
constexpr Slot kLastSlot{20};

template <class T>
bool is_readable(const T& value) {
  return fatal_signal([&] {
           volatile auto byte = *reinterpret_cast<const std::byte*>(&value);
           (void)byte;
         }) == 0;
}

template <class T>
bool is_writable(T& value) {
  return fatal_signal([&] { *reinterpret_cast<volatile std::byte*>(&value) = std::byte{1}; }) == 0;
}

class WebViewTest : public test::StateFixture {
 protected:
  static constexpr Geometry kGeometry{.sessions = 21,
                                      .ring_bytes = 16384,
                                      .rooms = 2,
                                      .room_ring_bytes = 32768,
                                      .names = 3,
                                      .web_sessions = 8};
  WebViewTest() : StateFixture{kGeometry} {}
  StateView web_{StateView::map(region_.get(), Access::web).value()};
};

TEST_F(WebViewTest, SlotsOfBrowsersAreTheLastOnesAndBeginOnAPage) {
  const Geometry& geometry = web_.geometry();
  EXPECT_EQ(geometry.first_web_slot(), std::uint32_t{kWebSlot});
  const auto page_of = [](const auto& row) {
    return reinterpret_cast<std::uintptr_t>(&row) % kPage;
  };
  EXPECT_EQ(page_of(web_.slots()[kWebSlot]), 0U);
  EXPECT_EQ(page_of(web_.native_slots()[kWebSlot]), 0U);
}

TEST_F(WebViewTest, WebReadsItsSessionsTheRoomsAndTheirLogs) {
  state_.slots()[kLastSlot].messages = 43;
  state_.native_slots()[kWebSlot].uplink = 44;
  state_.mailbox(kLastSlot)[4095] = std::byte{45};
  state_.ring()[7] = std::byte{46};
  EXPECT_EQ(web_.slots()[kLastSlot].messages, 43U);
  EXPECT_EQ(web_.native_slots()[kWebSlot].uplink, 44U);
  EXPECT_EQ(web_.mailbox(kLastSlot)[4095], std::byte{45});
  EXPECT_EQ(web_.ring()[16384 + 7], std::byte{46});
  EXPECT_TRUE(is_readable(web_.subscriptions(kWebSlot)[0]));
  EXPECT_TRUE(is_readable(web_.room_slots()[1]));
  EXPECT_TRUE(is_readable(web_.properties(std::nullopt)));
  EXPECT_TRUE(is_readable(web_.room_news()));
  EXPECT_TRUE(is_readable(web_.room_ring(RoomIndex{1})[0]));
  EXPECT_TRUE(is_readable(web_.process(0)));
}

TEST_F(WebViewTest, WebReadsNothingOfOtherSessionsAndNoRule) {
  EXPECT_FALSE(is_readable(web_.slots()[kNativeSlot]));
  EXPECT_FALSE(is_readable(web_.native_slots()[kNativeSlot].identity));
  EXPECT_FALSE(is_readable(web_.mailbox(kNativeSlot)[0]));
  EXPECT_FALSE(is_readable(web_.subscriptions(kNativeSlot)[0]));
  EXPECT_FALSE(is_readable(web_.rule_slots()[0]));
  EXPECT_FALSE(is_readable(web_.kept_rows<OwnedNameRow>()[0]));
  EXPECT_FALSE(is_readable(web_.room_members(RoomIndex{0}).sessions[0]));
  EXPECT_FALSE(is_readable(web_.active()[0]));
}

TEST_F(WebViewTest, WebWritesNothing) {
  EXPECT_FALSE(is_writable(web_.slots()[kWebSlot]));
  EXPECT_FALSE(is_writable(web_.native_slots()[kWebSlot]));
  EXPECT_FALSE(is_writable(web_.mailbox(kWebSlot)[0]));
  EXPECT_FALSE(is_writable(web_.ring()[0]));
  EXPECT_FALSE(is_writable(web_.process(0)));
}

// A read-only mapping of a descriptor that is open for writing could be made writable.
TEST_F(WebViewTest, TheMappingCannotBeMadeWritable) {
  const auto can_protect = [](const void* page) {
    return ::mprotect(const_cast<void*>(page), kPage, PROT_READ | PROT_WRITE) == 0;
  };
  EXPECT_FALSE(can_protect(&web_.slots()[kWebSlot]));
  EXPECT_FALSE(can_protect(web_.mailbox(kWebSlot).data()));
  EXPECT_FALSE(can_protect(web_.ring().data()));
}

TEST_F(WebViewTest, WithoutBrowsersTheRegionIsNotLonger) {
  Geometry without = kGeometry;
  without.sessions = 13;
  without.web_sessions = 0;
  const std::size_t tables =
      Geometry::pages(13 * sizeof(SessionSlot)) + Geometry::pages(13 * sizeof(NativeSlot));
  EXPECT_EQ(without.stored_places() - without.active_end(), tables);
  EXPECT_EQ(without.first_web_slot(), 13U);
}

}  // namespace
}  // namespace chatd::state
