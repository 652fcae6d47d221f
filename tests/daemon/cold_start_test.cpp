// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/cold_start.hpp"

#include <gmock/gmock.h>

#include "daemon/state/room_table.hpp"
#include "tests/support/registry_text.hpp"
#include "tests/support/state_region.hpp"

namespace chatd {
namespace {

using ::testing::HasSubstr;

class ColdStartTest : public test::StateFixture {
 protected:
  ColdStartTest()
      : StateFixture{{.sessions = 4, .ring_bytes = 16384, .rooms = 1, .room_ring_bytes = 16384}} {
    service_.state_directory = directory_.path();
  }
  test::TempDir directory_;
  Service service_;
};

TEST_F(ColdStartTest, RoomsAreInTheNewMemoryAndThoseWithoutARowAreCounted) {
  test::RegistryText{.rooms = {test::room_row(7, "lab"), test::room_row(8, "den")}}.write_database(
      directory_ / "registry.db");
  const auto loaded = load_from_disk(service_, region_.get());
  ASSERT_TRUE(loaded) << loaded.error().error.message();
  EXPECT_EQ(state::RoomTable{state_}.name(state::RoomIndex{0}), "lab");
  EXPECT_EQ(state_.loaded().rooms_left_out, 1U);
}

TEST_F(ColdStartTest, AFirstStartIsEmpty) {
  EXPECT_TRUE(load_from_disk(service_, region_.get()));
  EXPECT_EQ(state_.loaded().source, state::LoadSource::none);
}

TEST_F(ColdStartTest, ARegistryThatCannotBeReadIsAnErrorOfTheConfiguration) {
  test::write_file(directory_ / "registry.json", "{");
  auto loaded = load_from_disk(service_, region_.get());
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().status, kExitConfig);
  EXPECT_THAT(loaded.error().error.message(), HasSubstr("registry.required = false"));
  service_.config.registry.required = false;
  renew_region();
  EXPECT_TRUE(load_from_disk(service_, region_.get()));
  EXPECT_EQ(state_.loaded().source, state::LoadSource::nothing);
}

}  // namespace
}  // namespace chatd
