// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/log_events.hpp"

#include <gtest/gtest.h>

namespace chatd::sys {
namespace {

TEST(LogEvents, AreFoundByName) {
  for (const auto& event : kLogEvents) EXPECT_EQ(find_log_event(event.name), &event);
  EXPECT_EQ(find_log_event("party"), nullptr);
  EXPECT_EQ(find_log_event(""), nullptr);
}

TEST(LogEvents, KeepTheirMessageId) {
  EXPECT_EQ(find_log_event("join")->message_id, "3954570c33754d0db0e66c22a92c1dd3");
  EXPECT_EQ(find_log_event("process_died")->message_id, "7b91c04651244c5da5ce5c42b229ae09");
}

TEST(LogEvents, AreDescribedInOneSentence) {
  for (const auto& event : kLogEvents) {
    EXPECT_TRUE(event.description.ends_with('.')) << event.name;
    EXPECT_EQ(event.description.find('\n'), std::string_view::npos) << event.name;
  }
}

}  // namespace
}  // namespace chatd::sys
