// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/archive_link.hpp"

#include <gtest/gtest.h>

#include "tests/support/state_region.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::seconds;
using test::mono_at;

class ArchiveLinkTest : public ::testing::Test {
 protected:
  // The Hurries that the archive finds.
  int hurries() {
    int found = 0;
    while (const auto got = sys::receive_from_gateway(pair_.archive.get())) {
      found += std::holds_alternative<sys::Hurry>(got->message) ? 1 : 0;
    }
    return found;
  }
  void say_stored() { ASSERT_TRUE(sys::send(pair_.archive.get(), sys::Stored{})); }

  sys::ArchivePair pair_{sys::make_archive_pair().value()};
  int looks_{0};
  bool has_moved_{true};
  ArchiveLink link_{pair_.gateway.get(), {.stored = [this] {
                      ++looks_;
                      return has_moved_;
                    }}};
};

TEST_F(ArchiveLinkTest, OneHurryIsOnItsWayUntilItIsAnswered) {
  for (int i = 0; i < 3; ++i) link_.hurry(mono_at(seconds{1}));
  EXPECT_EQ(hurries(), 1);
  say_stored();
  link_.take();
  EXPECT_EQ(looks_, 1);
  link_.hurry(mono_at(seconds{1}));
  EXPECT_EQ(hurries(), 1);
}

TEST_F(ArchiveLinkTest, TwoAnswersThatBroughtNothingMakeNoOtherHurryBeforeTheTick) {
  has_moved_ = false;
  for (int i = 0; i < 2; ++i) {
    link_.hurry(mono_at(seconds{1}));
    EXPECT_EQ(hurries(), 1);
    say_stored();
    link_.take();
  }
  link_.hurry(mono_at(seconds{1}));
  EXPECT_EQ(hurries(), 0);
  link_.tick(mono_at(seconds{2}));
  EXPECT_EQ(looks_, 3) << "a Stored may be lost";
  link_.hurry(mono_at(seconds{2}));
  EXPECT_EQ(hurries(), 1);
}

TEST_F(ArchiveLinkTest, AFullChannelBlocksNobody) {
  while (sys::send(pair_.gateway.get(), sys::Request{std::string(1000, 'x')})) continue;
  link_.hurry(mono_at(seconds{1}));
  EXPECT_EQ(hurries(), 0);
  link_.hurry(mono_at(seconds{1}));
  EXPECT_EQ(hurries(), 0);
  link_.tick(mono_at(seconds{2}));
  link_.hurry(mono_at(seconds{2}));
  EXPECT_EQ(hurries(), 1);
}

TEST_F(ArchiveLinkTest, OnlyAFewMessagesAreReadAtATime) {
  for (int i = 0; i < 40; ++i) say_stored();
  link_.take();
  EXPECT_LT(looks_, 40);
  for (int i = 0; i < 10; ++i) link_.take();
  EXPECT_EQ(looks_, 40);
}

TEST_F(ArchiveLinkTest, WithoutAnArchiveThereIsNothingToSend) {
  ArchiveLink none{-1, {.stored = [] { return false; }}};
  none.hurry(mono_at(seconds{1}));
  none.tick(mono_at(seconds{2}));
  EXPECT_EQ(hurries(), 0);
}

TEST_F(ArchiveLinkTest, AQuestionGoesToTheArchiveAndItsAnswerComesBack) {
  std::vector<std::uint64_t> answered;
  ArchiveLink link{pair_.gateway.get(),
                   {.stored = [] { return false; },
                    .answered = [&](sys::Answer answer) { answered.push_back(answer.id); }}};
  EXPECT_TRUE(link.ask({.id = 7, .room = {.id = 3}, .value = 5}));
  const auto got = sys::receive_from_gateway(pair_.archive.get());
  ASSERT_TRUE(got);
  const auto& question = std::get<sys::Question>(got->message);
  EXPECT_EQ(question.id, 7U);
  EXPECT_EQ(question.room.id, 3U);
  EXPECT_EQ(question.value, 5U);
  sys::Answer answer{.id = 7, .is_read = true};
  for (int i = 0; i < 50; ++i) answer.lines.push_back({.text = std::string(900, 'x')});
  EXPECT_TRUE(sys::send(pair_.archive.get(), answer)) << "the longest one";
  link.take();
  EXPECT_EQ(answered, std::vector<std::uint64_t>{7});
  EXPECT_FALSE((ArchiveLink{-1, {.stored = [] { return false; }}}.ask({.id = 8})));
}

TEST_F(ArchiveLinkTest, AnArchiveThatStartsTakesQuestions) {
  const test::StandaloneRegion region;
  state::ProcessControl& process = region.state_.process(1);
  config::Config config;
  Inheritance inheritance{};
  inheritance.config = &config;
  EXPECT_FALSE(archive_process(inheritance, region.state_).exists);
  inheritance.archive = 5;
  config.history.enabled = false;
  EXPECT_FALSE(archive_process(inheritance, region.state_).exists) << "it stores rules only";
  config.history.enabled = true;
  EXPECT_TRUE(archive_process(inheritance, region.state_).exists);
  EXPECT_FALSE(archive_process(inheritance, region.state_).answers);
  inheritance.processes.push_back({.role = roles::kArchive, .row = 1});
  using State = state::ProcessState;
  for (const auto now : {State::empty, State::starting, State::ready, State::hung, State::waiting,
                         State::stopping}) {
    process.state = now;
    EXPECT_EQ(archive_process(inheritance, region.state_).answers,
              now == State::starting || now == State::ready);
  }
  process.started_wall = 9;
  EXPECT_EQ(archive_process(inheritance, region.state_).started, 9);
}

}  // namespace
}  // namespace chatd::gateway
