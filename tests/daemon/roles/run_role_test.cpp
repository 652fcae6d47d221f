// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/roles/run_role.hpp"

#include <gmock/gmock.h>

#include "tests/support/state_region.hpp"

namespace chatd::roles {
namespace {

struct Inheritance {
  int state;
  int keys;
  process::PipeEnd* supervisor{nullptr};
  bool fails{false};
};

class Echo {
 public:
  Echo(const Inheritance& inheritance, PartsWithKeys parts)
      : inheritance_{inheritance}, parts_{std::move(parts)} {}
  Result<> start() {
    if (inheritance_.fails) return fail("no luck today");
    return sys::send(*inheritance_.supervisor, sys::Ready{});
  }
  Result<> run() { return {}; }

 private:
  const Inheritance& inheritance_;
  PartsWithKeys parts_;
};

class RunRole : public test::StateFixture {
 protected:
  int run(int state, bool fails) {
    const Inheritance inheritance{
        .state = state, .keys = key_region_.get(), .supervisor = &ends_.second, .fails = fails};
    return run_role<Echo>("echo", inheritance, state::Access::follower);
  }
  sys::ToSupervisor received() { return sys::receive_from_child(ends_.first).value().value(); }

  std::pair<process::PipeEnd, process::PipeEnd> ends_{process::make_pipe().value()};
};

TEST_F(RunRole, StartsRunsAndEndsWithSuccess) {
  EXPECT_EQ(run(region_.get(), false), 0);
  EXPECT_TRUE(std::holds_alternative<sys::Ready>(received()));
}

TEST_F(RunRole, AStartThatFailsIsReportedToTheSupervisor) {
  EXPECT_EQ(run(region_.get(), true), 1);
  EXPECT_EQ(std::get<sys::Failed>(received()).why, "no luck today");
}

TEST_F(RunRole, MemoryThatCannotBeMappedIsReportedToTheSupervisor) {
  EXPECT_EQ(run(-1, false), 1);
  EXPECT_FALSE(std::get<sys::Failed>(received()).why.empty());
}

}  // namespace
}  // namespace chatd::roles
