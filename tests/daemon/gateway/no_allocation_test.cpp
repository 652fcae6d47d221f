// SPDX-License-Identifier: GPL-3.0-or-later
// Checks that a message does not cause allocations, from the gateway to the sockets of a worker.
#include <array>
#include <new>

#include "daemon/chat/rule_text.hpp"
#include "tests/daemon/gateway/gateway_fixture.hpp"
#include "tests/support/allocations.hpp"

namespace chatd::gateway {
namespace {

using test::allocations;

class NoAllocationTest : public GatewayFixture {
 protected:
  // The allocations of 50 runs of `work`, after two runs to warm up.
  template <class Work>
  static std::size_t allocations_of(Work work) {
    work();
    work();
    const std::size_t before = allocations();
    for (int i = 0; i < 50; ++i) work();
    return allocations() - before;
  }
  static io::Datagram datagram(const test::UdpClient& client, std::string_view bytes) {
    return {.from = client.endpoint(),
            .to = {},
            .bytes = std::as_bytes(std::span{bytes}),
            .full_size = bytes.size()};
  }
};

TEST_F(NoAllocationTest, CountsAllocations) {
  const std::size_t before = allocations();
  // NOLINTNEXTLINE(cppcoreguidelines-owning-memory): it must not be optimized away
  ::operator delete(::operator new(8));
  EXPECT_EQ(allocations(), before + 1);
}

TEST_F(NoAllocationTest, NoneFromTheDatagramToTheLog) {
  enter(ada_, "ada");
  constexpr std::array<std::string_view, 4> kMessages{"C ada hello\n", "C 你好 \x1b[2J", "C \xff",
                                                      "Cx"};
  for (const std::string_view message : kMessages) {
    SCOPED_TRACE(message);
    const io::Datagram in = datagram(ada_, message);
    EXPECT_EQ(allocations_of([&] {
                text().handle(in, 0, {}, now());
                text().finish();
                wait(std::chrono::seconds{2});
              }),
              0U);
  }
  EXPECT_GE(figure(&state::GatewayCounters::messages), 104U);
}

TEST_F(NoAllocationTest, NoneForARateLimitRefusal) {
  config_.limits.messages_per_second = 0.5;
  config_.limits.burst = 1;
  enter(ada_, "ada");
  const io::Datagram in = datagram(ada_, "C ada hello");
  EXPECT_EQ(allocations_of([&] {
              text().handle(in, 0, {}, now());
              text().finish();
              wait(std::chrono::seconds{1});
            }),
            0U);
  EXPECT_GT(figure(&state::GatewayCounters::messages_refused_rate), 0U);
}

TEST_F(NoAllocationTest, NoneForTheSearchOfARule) {
  enter(ada_, "ada");
  const chat::Slot ada = sessions().find_name("ada").value();
  for (const char* name : {"ada", "bob"}) {
    ASSERT_TRUE(chat().rules.add({.kind = state::RuleKind::mute,
                                  .target = state::RuleTarget::name,
                                  .name = name,
                                  .reason = "noise"}));
  }
  for (const char* network : {"192.0.2.0/24", "2001:db8::/32"}) {
    ASSERT_TRUE(chat().rules.add({.kind = state::RuleKind::ban,
                                  .target = state::RuleTarget::network,
                                  .network = parse_network(network).value()}));
  }
  std::size_t found = 0;
  EXPECT_EQ(allocations_of([&] {
              for (const auto kind : {state::RuleKind::ban, state::RuleKind::mute}) {
                const auto rule = chat().rules.find(kind, sessions().subject(ada),
                                                    state::kDefaultRoom, now().wall);
                std::array<char, wire::kMaxPhraseBytes> text{};
                if (rule) found += chat::rule_text(chat().rules.row(*rule), language_, text).size();
              }
            }),
            0U);
  EXPECT_EQ(found, 52 * std::string_view{"muted: noise"}.size());
}

TEST_F(NoAllocationTest, NoneFromTheLogToTheMembers) {
  enter(ada_, "ada");
  enter(bob_, "bob");
  worker::FanOut worker{state_, state_.process(1), keys_, sockets_, 0, 1, language_};
  const io::Datagram in = datagram(ada_, "C ada hello");
  EXPECT_EQ(allocations_of([&] {
              for (int i = 0; i < 30; ++i) text().handle(in, 0, {}, now());
              text().finish();
              while (worker.pass({}).more) {
              }
            }),
            0U);
  EXPECT_EQ(bob_.drain_lines().size(), 52U * 30U);
}

}  // namespace
}  // namespace chatd::gateway
