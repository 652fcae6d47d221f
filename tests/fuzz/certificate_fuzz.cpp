// SPDX-License-Identifier: GPL-3.0-or-later
// certificate_fuzz.cpp — fuzz target for the certificate of a server, as bytes and as text: what is
// read has one form only, and a signature that does not match is refused.
//
// Input: the bytes of a certificate, or its text.
#include "common/crypto/certificate.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "tests/fuzz/require.hpp"

namespace chatd::crypto {
namespace {

void fuzz_certificate(std::span<const std::byte> data) {
  const auto read = decode_certificate(data);
  if (read) {
    const auto again = encode(*read);
    require(std::equal(again.begin(), again.end(), data.begin(), data.end()));
    require(certificate_of(to_text(*read)) == read);
    require(day_of_end(*read).size() == 10);
    (void)is_signed(*read);
  }
  const std::string_view text{reinterpret_cast<const char*>(data.data()), data.size()};
  if (const auto written = certificate_of(text)) require(to_text(*written) == text);
}

}  // namespace
}  // namespace chatd::crypto

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chatd::crypto::fuzz_certificate(std::as_bytes(std::span{data, size}));
  return 0;
}
