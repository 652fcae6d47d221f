// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/limits/top_sources.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <string>

#include "tests/support/state_region.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::seconds;

IpAddress address(unsigned number) {
  IpAddress made = test::endpoint("10.0.0.0:0").address;
  made.bytes[13] = static_cast<std::uint8_t>(number >> 16U);
  made.bytes[14] = static_cast<std::uint8_t>(number >> 8U);
  made.bytes[15] = static_cast<std::uint8_t>(number);
  return made;
}

std::uint64_t count_of(std::span<const TopSources::Source> sources, const IpAddress& wanted) {
  const auto found = std::ranges::find(sources, wanted, &TopSources::Source::network);
  return found == sources.end() ? 0 : found->count;
}

const MonoTime kStart = test::mono_at(seconds{100});

TEST(TopSources, FewSourcesAreCountedExactlyAndSorted) {
  TopSources sources;
  for (unsigned who = 1; who <= TopSources::kEntries; ++who) {
    for (unsigned i = 0; i < who; ++i) (void)sources.note(address(who), kStart);
  }
  const auto sorted = sources.sorted();
  ASSERT_EQ(sorted.size(), TopSources::kEntries);
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    EXPECT_EQ(sorted[i].count, TopSources::kEntries - i);
  }
  EXPECT_EQ(sources.total(), 64U * 65U / 2U);
}

TEST(TopSources, AnIpv6NetworkIsOneSource) {
  TopSources sources;
  for (unsigned i = 1; i < 1000; ++i) {
    (void)sources.note(test::endpoint("[2001:db8::" + std::to_string(i) + "]:0").address, kStart);
  }
  EXPECT_EQ(count_of(sources.sorted(), test::endpoint("[2001:db8::]:0").address), 999U);
}

TEST(TopSources, CountsAreNeverTooHighAndHeavySendersAreListed) {
  std::mt19937 random{7};
  for (int round = 0; round < 5; ++round) {
    TopSources sources;
    std::map<unsigned, std::uint64_t> truth;
    for (int i = 0; i < 20'000; ++i) {
      // A third comes from five addresses, the rest from forged addresses.
      const auto drawn = static_cast<unsigned>(random());
      const unsigned who = drawn % 3 == 0 ? drawn % 5 : 100 + drawn % 100'000;
      ++truth[who];
      (void)sources.note(address(who), kStart);
    }
    const std::uint64_t most_lost = 20'000 / (TopSources::kEntries + 1);
    const auto sorted = sources.sorted();
    for (const auto& [who, sent] : truth) {
      const std::uint64_t counted = count_of(sorted, address(who));
      EXPECT_LE(counted, sent);
      EXPECT_GE(counted + most_lost, sent) << who;
    }
  }
}

TEST(TopSources, AnAddressIsNewOnceAndAgainAfterALongSilence) {
  TopSources sources;
  EXPECT_TRUE(sources.note(address(1), kStart)->is_new);
  EXPECT_FALSE(sources.note(address(1), kStart)->is_new);
  EXPECT_FALSE(sources.note(address(1), kStart + seconds{59})->is_new);
  EXPECT_TRUE(sources.note(address(1), kStart + seconds{119})->is_new);
}

TEST(TopSources, ANewPeriodResetsCountsAndKeepsTheSources) {
  TopSources sources;
  sources.note(address(1), kStart)->is_logged = true;
  sources.next_period();
  EXPECT_EQ(sources.total(), 0U);
  const auto* const again = sources.note(address(1), kStart + seconds{10});
  EXPECT_FALSE(again->is_new);
  EXPECT_FALSE(again->is_logged);
  EXPECT_EQ(again->count, 1U);
}

TEST(TopSources, ReplacesTheSourceThatWasSilentForLongest) {
  TopSources sources;
  for (unsigned i = 0; i < TopSources::kEntries; ++i) {
    (void)sources.note(address(i), kStart + seconds{i == 5 ? 0 : 1});
  }
  EXPECT_EQ(sources.note(address(1000), kStart), nullptr);  // each entry has a count
  sources.next_period();
  EXPECT_NE(sources.note(address(1001), kStart + seconds{2}), nullptr);
  EXPECT_FALSE(sources.note(address(6), kStart + seconds{2})->is_new);
  EXPECT_TRUE(sources.note(address(5), kStart + seconds{2})->is_new);
}

TEST(TopSources, TheUnspecifiedAddressIsNotAFreeEntry) {
  TopSources sources;
  EXPECT_TRUE(sources.note(IpAddress{}, kStart)->is_new);
  EXPECT_FALSE(sources.note(IpAddress{}, kStart)->is_new);
}

}  // namespace
}  // namespace chatd::gateway
