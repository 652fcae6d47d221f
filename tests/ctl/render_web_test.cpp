// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include "ctl/qr_code.hpp"
#include "ctl/render.hpp"

namespace chatd::ctl {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const wire::WebReport kOpen{.urls = {"http://192.0.2.7:8880/", "http://127.0.0.1:8880/"}};

TEST(RenderWeb, OnATerminalTheFirstAddressHasAQrCode) {
  EXPECT_EQ(render(kOpen, {}), "http://192.0.2.7:8880/\nhttp://127.0.0.1:8880/\n");
  EXPECT_EQ(render(kOpen, {.draws = true}), "http://192.0.2.7:8880/\nhttp://127.0.0.1:8880/\n\n" +
                                                qr_code("http://192.0.2.7:8880/", false));
}

TEST(RenderWeb, APageOfThisMachineOnlyHasNoQrCodeAndSaysSo) {
  const wire::WebReport local{.urls = {"http://127.0.0.1:8880/"}};
  EXPECT_THAT(render(local, {.draws = true}), HasSubstr("Only browsers of this machine"));
  EXPECT_THAT(render(local, {.draws = true}), Not(HasSubstr("▀")));
  EXPECT_EQ(render(local, {.legend = false, .draws = true}), "http://127.0.0.1:8880/\n");
}

}  // namespace
}  // namespace chatd::ctl
