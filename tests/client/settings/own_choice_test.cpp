// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/own_choice.hpp"

#include <gtest/gtest.h>

#include "client/settings/paths.hpp"

namespace chatd::client {
namespace {

using wire::OwnAct;

const std::string kKey = "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";

TEST(OwnChoice, IsReadFromTheWords) {
  EXPECT_EQ(read_own_choice("", "", "").value().act, OwnAct::claim);
  EXPECT_EQ(read_own_choice("add", "", "").value().act, OwnAct::add);
  EXPECT_EQ(read_own_choice("keys", "", "").value().act, OwnAct::keys);
  EXPECT_EQ(read_own_choice("release", "", "").value().act, OwnAct::release);
  const auto drop = read_own_choice("drop", "47DE", "").value();
  EXPECT_EQ(drop.act, OwnAct::drop);
  EXPECT_EQ(drop.key, "47DE");
  const auto use = read_own_choice("0123-4567-89AB-cdef", "", "").value();
  EXPECT_EQ(use.act, OwnAct::use);
  EXPECT_EQ(use.code, 0x0123'4567'89AB'CDEFU);
}

TEST(OwnChoice, WaitsForAnotherDeviceAfterACodeOrWithAKey) {
  EXPECT_TRUE(read_own_choice("0123456789abcdef", "", "").value().waits());
  EXPECT_TRUE(read_own_choice("add", "", kKey).value().waits());
  for (const char* action : {"", "add", "keys", "release"}) {
    EXPECT_FALSE(read_own_choice(action, "", "").value().waits()) << action;
  }
}

TEST(OwnChoice, AWordThatIsNotExpectedIsTheError) {
  EXPECT_EQ(read_own_choice("ad", "", "").error(), "ad");
  EXPECT_EQ(read_own_choice("0123", "", "").error(), "0123");
  EXPECT_EQ(read_own_choice("drop", "", "").error(), "");
  EXPECT_EQ(read_own_choice("keys", "47DE", "").error(), "47DE");
  EXPECT_EQ(read_own_choice("drop", "47DE", kKey).error(), "--yes");
  EXPECT_EQ(read_own_choice("", "", kKey).error(), "--yes");
}

TEST(OwnChoice, ALabelOfTheDeviceFitsARequest) {
  const std::string label = device_label();
  EXPECT_LE(label.size(), wire::kMaxDeviceLabelBytes);
  EXPECT_FALSE(label.contains('.')) << label;
}

}  // namespace
}  // namespace chatd::client
