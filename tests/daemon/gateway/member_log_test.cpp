// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/member_log.hpp"

#include <gmock/gmock.h>

#include "common/base/log.hpp"
#include "tests/daemon/chat/native_fixture.hpp"

namespace chatd::gateway {
namespace {

using ::testing::ElementsAre;

class MemberLogTest : public chat::NativeFixture {
 protected:
  struct Sink final : LogSink {
    explicit Sink(std::vector<std::string>& lines) : lines_{lines} {}
    void write(const LogRecord& record) noexcept override { lines_.emplace_back(record.message); }
    std::vector<std::string>& lines_;
  };
  void SetUp() override {
    set_log_level(LogLevel::info);
    set_log_sink(std::make_unique<Sink>(lines_));
  }
  void TearDown() override { set_log_sink(nullptr); }
  std::vector<std::string> lines_;
};

TEST_F(MemberLogTest, NamesWhoAndWhereFromAndWhy) {
  const auto ada = enter("ada", 1, "192.0.2.1:77").slot;
  const auto bob =
      room_->login(test::delivery_to(test::endpoint("192.0.2.2:88")), "bob", now()).slot;
  log_join(*room_, ada);
  log_join(*room_, bob);
  log_leave(*room_, ada, state::LeaveKind::kicked, "spam");
  log_leave(*room_, bob, state::LeaveKind::idle, "");
  EXPECT_THAT(lines_, ElementsAre("ada joined from 192.0.2.1:77", "bob joined from 192.0.2.2:88",
                                  "ada left (kicked: spam)", "bob left (idle)"));
}

}  // namespace
}  // namespace chatd::gateway
