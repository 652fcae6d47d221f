// SPDX-License-Identifier: GPL-3.0-or-later
// The text of `web`, by the real program against a scripted daemon.
#include <gmock/gmock.h>

#include "common/wire/control/verbs.hpp"
#include "tests/ctl/answers_fixture.hpp"

namespace chatd::ctl {
namespace {

using ::testing::HasSubstr;

using WebAnswer = AnswersFixture;

TEST_F(WebAnswer, IsTheAddressesOfThePage) {
  result_ = wire::to_json(wire::WebReport{.listen = {"192.0.2.7:8880", "127.0.0.1:8880"}});
  EXPECT_EQ(output({"web"}), "http://192.0.2.7:8880/\nhttp://127.0.0.1:8880/\n");
  EXPECT_THAT(ask({"web", "--json"}).out,
              HasSubstr(R"("urls":["http://192.0.2.7:8880/","http://127.0.0.1:8880/"])"));
}

}  // namespace
}  // namespace chatd::ctl
