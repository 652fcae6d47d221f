// SPDX-License-Identifier: GPL-3.0-or-later
// noise_fuzz.cpp — fuzz target for Noise handshake messages: only the genuine message is accepted,
// and every other one leaves the handshake as it was.
//
// Input: one byte (bit 0: with a password; bits 1 and 2, modulo 3: index of the message), then the
// message.
#include "common/crypto/noise.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tests/common/crypto/handshake_pair.hpp"
#include "tests/fuzz/require.hpp"

namespace chatd::crypto {
namespace {

constexpr std::string_view kPassword =
    "2176657279736563726574766572797365637265747665727973656372657421";

// The keys are fixed, so the corpus can contain genuine messages.
void fuzz_noise(std::span<const std::byte> data) {
  if (data.empty()) return;
  const auto where = std::to_integer<unsigned>(data[0]);
  const auto input = data.subspan(1);
  const bool with_password = (where & 1U) != 0;
  const std::size_t at = (where >> 1U) % 4 % 3;

  HandshakePair pair{with_password ? kPassword : ""};
  for (std::size_t before = 0; before < at; ++before) {
    require(read(pair.reader(before), written(pair.writer(before), {})).has_value());
  }
  const auto genuine = written(pair.writer(at), {});
  const auto payload = read(pair.reader(at), input);
  if (!payload) {
    require(read(pair.reader(at), genuine).has_value());
    return;
  }
  require(payload->size() + genuine.size() == input.size());
  // Only the first message without a password can be made without a key.
  if (at > 0 || with_password) require(std::ranges::equal(input, genuine));
  require(pair.reader(at).is_finished() == (at == 2));
  std::vector<std::byte> out(200);
  const auto answer = pair.reader(at).write_message({}, out);
  if (at == 2) require(!answer.has_value());
  if (answer)
    require(read(pair.writer(at), std::span{out}.first(*answer)).has_value() ==
            std::ranges::equal(input, genuine));
}

}  // namespace
}  // namespace chatd::crypto

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chatd::crypto::fuzz_noise(std::as_bytes(std::span{data, size}));
  return 0;
}
