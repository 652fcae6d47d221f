// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/control/control_path.hpp"

#include <unistd.h>

#include <gtest/gtest.h>

namespace chatd::wire {
namespace {

ControlPathContext user(std::string xdg_runtime_dir, bool own_exists) {
  return {.uid = 1000,
          .chatd_control = "",
          .xdg_runtime_dir = std::move(xdg_runtime_dir),
          .exists = [own_exists](const std::string&) { return own_exists; }};
}

TEST(ControlPath, RootUsesTheSystemsSocketInAnySession) {
  ControlPathContext root = user("/run/user/0", true);
  root.uid = 0;
  EXPECT_EQ(daemon_control_path(root), "/run/chatd/control.sock");
  EXPECT_EQ(client_control_path(root), "/run/chatd/control.sock");
}

TEST(ControlPath, AnOrdinaryUsersDaemonAndClientUseOnePath) {
  EXPECT_EQ(daemon_control_path(user("/run/user/1000", false)),
            "/run/user/1000/chatd/control.sock");
  EXPECT_EQ(client_control_path(user("/run/user/1000", true)), "/run/user/1000/chatd/control.sock");
}

TEST(ControlPath, AUserWithoutADaemonUsesTheSystemsSocket) {
  EXPECT_EQ(client_control_path(user("/run/user/1000", false)), "/run/chatd/control.sock");
}

TEST(ControlPath, AServiceUserHasNoSessionDirectory) {
  EXPECT_EQ(daemon_control_path(user("", true)), "/run/chatd/control.sock");
  EXPECT_EQ(client_control_path(user("", true)), "/run/chatd/control.sock");
}

TEST(ControlPath, TheVariableOverridesForTheClientOnly) {
  ControlPathContext context = user("/run/user/1000", true);
  context.chatd_control = "/elsewhere.sock";
  EXPECT_EQ(client_control_path(context), "/elsewhere.sock");
  EXPECT_EQ(daemon_control_path(context), "/run/user/1000/chatd/control.sock");
}

TEST(ControlPath, TheContextIsThisProcesss) {
  const ControlPathContext context = control_path_context();
  EXPECT_EQ(context.uid, ::geteuid());
  EXPECT_TRUE(context.exists("/"));
  EXPECT_FALSE(context.exists("/no/such/file"));
}

}  // namespace
}  // namespace chatd::wire
