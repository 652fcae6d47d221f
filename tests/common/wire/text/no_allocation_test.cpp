// SPDX-License-Identifier: GPL-3.0-or-later
// The code that every datagram and every line passes through must not allocate.
#include <array>

#include <gtest/gtest.h>

#include "common/wire/message_text.hpp"
#include "common/wire/text/line_packer.hpp"
#include "common/wire/text/phrases.hpp"
#include "common/wire/text/text_protocol.hpp"
#include "tests/support/allocations.hpp"

namespace chatd::wire {
namespace {

using test::allocations;

TEST(NoAllocation, FromTheDatagramToThePackedLine) {
  LinePacker packer{4};
  std::array<char, kMaxMessageBytes> out{};
  constexpr std::string_view kDatagram = "C e\u0301milie 你好 \x1b[2J\n";
  const std::size_t before = allocations();

  const TextCommand command = decode_text(std::as_bytes(std::span{kDatagram}));
  const auto said = strip_own_name(command.argument, "\u00e9milie");
  const auto text = clean_text(said.value_or(""), kMaxMessageBytes, out);
  const bool added = packer.add(Language::zh, {LineKind::said, "\u00e9milie", text.value_or("")});
  const std::size_t notice = render_rate_notice(Language::zh, 0.3, std::chrono::seconds{2}, out);

  EXPECT_EQ(allocations(), before);
  EXPECT_TRUE(added);
  EXPECT_GT(notice, 0U);
  EXPECT_EQ(packer.datagram(0), "\u00e9milie ： 你好 ?[2J");
}

}  // namespace
}  // namespace chatd::wire
