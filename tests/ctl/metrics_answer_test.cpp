// SPDX-License-Identifier: GPL-3.0-or-later
// The text of `metrics`, by the real program against a scripted daemon.
#include <gtest/gtest.h>

#include "common/wire/control/verbs.hpp"
#include "tests/ctl/answers_fixture.hpp"

namespace chatd::ctl {
namespace {

using MetricsAnswer = AnswersFixture;

TEST_F(MetricsAnswer, IsTheTextOfTheDaemonWithoutControlCharacters) {
  result_ = wire::to_json(wire::MetricsReport{.text = "# HELP a b\na{b=\"c\"} 1\n\x1b[2J 2\n"});
  EXPECT_EQ(output({"metrics"}), "# HELP a b\na{b=\"c\"} 1\n\\x1b[2J 2\n");
  EXPECT_EQ(ask({"metrics", "--json"}).out, result_as_json());
}

}  // namespace
}  // namespace chatd::ctl
