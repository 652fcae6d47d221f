// SPDX-License-Identifier: GPL-3.0-or-later
// Changes on disks that are full or read-only, each in a mount namespace of a child process.
#include <sys/mount.h>
#include <unistd.h>

#include <functional>
#include <string>

#include <gmock/gmock.h>

#include "tests/daemon/archive/registry_to_save.hpp"
#include "tests/daemon/archive/small_disk.hpp"

namespace chatd::archive {
namespace {

using nlohmann::json;
using state::ArchiveState;
using std::chrono::seconds;
using ::testing::Contains;

class RegistryDiskTest : public test::RegistryToSave {
 protected:
  void on_small_disk(const std::function<void()>& work) {
    if (!test::on_small_disk(directory_.path(), work)) {
      GTEST_SKIP() << "no mount namespace is permitted";
    }
  }
  [[nodiscard]] Registry make() {
    return {directory_.path(), follower_, {.clock = [this] { return clock_; }, .alive = [] {}}};
  }
  [[nodiscard]] ArchiveState state() const { return state_.registry_figures().state; }
  [[nodiscard]] bool is_all_saved() const {
    return state_.registry_figures().saved == state_.registry_head().version;
  }
  [[nodiscard]] bool has_file(const std::string& name) const {
    return ::access((directory_ / name).c_str(), F_OK) == 0;
  }
  MonoTime clock_{test::mono_at(seconds{100})};
};

TEST_F(RegistryDiskTest, OnAFullDiskChangesAreSavedFromTheReserve) {
  on_small_disk([this] {
    Registry registry = make();
    registry.save();
    ASSERT_TRUE(has_file("registry.reserve"));
    test::fill_disk(directory_ / "other");
    for (std::uint32_t i = 0; i < 100; ++i) ban(i, "bob" + std::to_string(i));
    registry.save();
    registry.save();
    EXPECT_TRUE(is_all_saved());
    EXPECT_EQ(state(), ArchiveState::ok);
    EXPECT_FALSE(has_file("registry.reserve")) << "it is given up";
    ASSERT_EQ(::unlink((directory_ / "other").c_str()), 0);
    ban(200, "cyd");
    registry.save();
    EXPECT_TRUE(has_file("registry.reserve")) << "it is taken again";
    registry.finish();
    EXPECT_EQ(stored().size(), 102U);
  });
}

TEST_F(RegistryDiskTest, WithoutSpaceAndReserveChangesWaitAndTheOldCopyStays) {
  on_small_disk([this] {
    ban(0, "bob");
    Registry registry = make();
    registry.save();
    registry.save_copy();
    ASSERT_EQ(::unlink((directory_ / "registry.reserve").c_str()), 0);
    test::fill_disk(directory_ / "other");
    for (std::uint32_t i = 1; i < 2000; ++i) ban(i, "bob" + std::to_string(i));
    clock_ += seconds{10};
    registry.save();
    registry.save_copy();
    EXPECT_EQ(state(), ArchiveState::full);
    EXPECT_FALSE(is_all_saved());
    EXPECT_NE(state_.registry_figures().behind_since, 0);
    EXPECT_EQ(json::parse(test::file_text(copy())).at("rules").size(), 1U);
    EXPECT_FALSE(has_file("registry.json.new")) << "it would take space";
    ASSERT_EQ(::unlink((directory_ / "other").c_str()), 0);
    clock_ += seconds{10};
    registry.save();
    EXPECT_EQ(state(), ArchiveState::ok);
    EXPECT_TRUE(is_all_saved());
    registry.finish();
    EXPECT_EQ(stored().size(), 2001U);
  });
}

TEST_F(RegistryDiskTest, OnAReadOnlyDiskChangesAreSavedWhenItIsWritable) {
  on_small_disk([this] {
    ASSERT_TRUE(test::remount(directory_.path(), MS_RDONLY));
    ban(0, "bob");
    Registry registry = make();
    registry.save();
    registry.save_copy();
    EXPECT_EQ(state(), ArchiveState::broken);
    EXPECT_THAT(error_of(state_.registry_figures()), testing::HasSubstr("Read-only file system"));
    ASSERT_TRUE(test::remount(directory_.path(), 0));
    clock_ += seconds{10};
    registry.save();
    EXPECT_EQ(state(), ArchiveState::ok);
    EXPECT_TRUE(is_all_saved());
    registry.finish();
    EXPECT_THAT(stored(), Contains("rules 0 bob 0"));
  });
}

}  // namespace
}  // namespace chatd::archive
