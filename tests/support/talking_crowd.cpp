// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/talking_crowd.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace chatd::test {

TalkingCrowd::TalkingCrowd(const Endpoint& server, std::size_t size)
    : crowd_{server, {.size = size, .keeps_lines = false}} {
  crowd_.on_event = [this](std::size_t /*member*/, const client::Event& event) {
    const auto* line = std::get_if<client::Line>(&event);
    if (line == nullptr) return;
    const auto said = said_at_.find(line->text);
    if (said != said_at_.end()) delays_.push_back(crowd_.heard_at() - said->second);
  };
}

Micros TalkingCrowd::talk(Micros time, Micros between) {
  delays_.clear();
  said_at_.clear();
  const MonoTime end = mono_now() + time;
  for (MonoTime due = mono_now(); due < end; due += between) {
    do {
      crowd_.pump(std::max(due - mono_now(), Micros{0}));
    } while (mono_now() < due);
    const std::string text = "line " + std::to_string(said_);
    said_at_.emplace(text, due);
    crowd_.say(said_ % crowd_.size(), text);
    ++said_;
  }
  const std::size_t all = said_at_.size() * crowd_.size();
  EXPECT_TRUE(crowd_.pump_until([&] { return crowd_.unconfirmed() == 0 && delays_.size() >= all; },
                                std::chrono::seconds{60}))
      << delays_.size() << " of " << all;
  EXPECT_EQ(delays_.size(), all);
  EXPECT_EQ(crowd_.ended(), 0U);
  if (delays_.empty()) return Micros::max();
  std::ranges::sort(delays_);
  return delays_[delays_.size() * 99 / 100];
}

}  // namespace chatd::test
