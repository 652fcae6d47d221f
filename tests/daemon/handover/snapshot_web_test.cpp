// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions of browsers in a service that continues in memory of other sizes.
#include <gmock/gmock.h>

#include "daemon/handover/snapshot.hpp"
#include "tests/support/members_fixture.hpp"

namespace chatd::handover {
namespace {

using ::testing::ElementsAre;

class SnapshotOfBrowsers : public web::MembersFixture {
 protected:
  void move_to(const state::Geometry& geometry) {
    world_.replace_service(geometry, [this](const auto& from, const auto& from_keys, const auto& to,
                                            const auto& to_keys) {
      const auto read = read_snapshot(write_snapshot(from, from_keys), to, to_keys,
                                      WallTime{std::chrono::seconds{5000}});
      ASSERT_TRUE(read) << read.error().message();
      restored_ = *read;
    });
  }
  Restored restored_{};
};

TEST_F(SnapshotOfBrowsers, ASessionGoesOnWithItsCommandsAndItsMailbox) {
  (void)world_.enter(ada_);
  (void)world_.say(ada_, 1, "hello");
  (void)world_.command(ada_, 2, wire::CommandKind::whois, "nobody");
  state::Geometry larger = test::BrowserWorld::kGeometry;
  larger.ring_bytes *= 2;
  move_to(larger);
  EXPECT_EQ(restored_.left_out, 0U);
  const auto resumed = world_.resume(ada_);
  ASSERT_TRUE(resumed && *resumed);
  EXPECT_EQ((*resumed)->uplink, 2U);
  EXPECT_EQ(**world_.say(ada_, 3, "again"), 3U);
  EXPECT_EQ(test::mailbox_records(world_.view(), slot_of(ada_)).size(), 1U);
  EXPECT_THAT(world_.texts(), ElementsAre("join ada ", "say ada hello", "say ada again"));
}

TEST_F(SnapshotOfBrowsers, ASessionWithoutAPlaceIsSeenToLeave) {
  (void)world_.enter(ada_);
  state::Geometry more = test::BrowserWorld::kGeometry;
  more.sessions += 8;  // the slots of browsers are others
  move_to(more);
  EXPECT_EQ(restored_.left_out, 1U);
  EXPECT_THAT(world_.texts(), ElementsAre("join ada ", "leave ada "));
  EXPECT_EQ(reason(world_.resume(ada_)), wire::Reason::no_session);
  EXPECT_TRUE(*world_.enter(ada_));
}

TEST_F(SnapshotOfBrowsers, APlainTokenStaysPlain) {
  ada_.entry.is_plain = true;
  (void)world_.enter(ada_);
  state::Geometry larger = test::BrowserWorld::kGeometry;
  larger.ring_bytes *= 2;
  move_to(larger);
  EXPECT_TRUE(world_.sessions().is_plain(slot_of(ada_)));
}

}  // namespace
}  // namespace chatd::handover
