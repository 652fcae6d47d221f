// SPDX-License-Identifier: GPL-3.0-or-later
// process_codec_fuzz.cpp — fuzz target for messages between the processes of one program: any
// bytes give no value, or a value that is written as the same bytes. A process that crashed can
// have sent anything.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "client/session/message.hpp"
#include "client/words/outcome.hpp"
#include "common/process/codec.hpp"
#include "tests/fuzz/require.hpp"

namespace chatd::process {
namespace {

struct Part {
  std::string name{};
  std::optional<std::uint64_t> number{};
  bool is_last{};

  static constexpr void fields(auto& v, auto& part) {
    v("name", part.name);
    v("number", part.number);
    v("is_last", part.is_last);
  }
};

using In = std::span<const std::byte>;

template <class T>
void fuzz_value(In bytes) {
  T value{};
  In rest = bytes;
  if (!Codec<T>::read(rest, value)) return;
  const In taken = bytes.first(bytes.size() - rest.size());
  Bytes again;
  Codec<T>::write(again, value);
  require(std::ranges::equal(again, taken));
  if (taken.empty()) return;
  In cut = taken.first(taken.size() - 1);
  T partial{};
  require(!Codec<T>::read(cut, partial));
}

void fuzz_values(In bytes) {
  fuzz_value<bool>(bytes);
  fuzz_value<std::string>(bytes);
  fuzz_value<std::vector<std::uint32_t>>(bytes);
  fuzz_value<std::vector<std::vector<std::string>>>(bytes);
  fuzz_value<std::vector<std::optional<std::pair<std::uint16_t, std::string>>>>(bytes);
  fuzz_value<std::vector<Part>>(bytes);
  fuzz_value<std::tuple<bool, std::optional<std::uint64_t>, std::vector<double>>>(bytes);
}

void fuzz_order(In bytes) {
  const auto order = client::decode_order(bytes);
  if (!order) return;
  require(std::ranges::equal(client::encode(*order), bytes));
}

void fuzz_report(In bytes) {
  const auto report = client::decode_report(bytes);
  if (!report) return;
  require(std::ranges::equal(client::encode(*report), bytes));
  // The line and the exit status of uchat's end are looked up without another check.
  if (const auto* ended = std::get_if<client::Ended>(&*report)) {
    require(wire::is_known(ended->reason) && wire::row_of(ended->reason).status.has_value());
  }
}

}  // namespace
}  // namespace chatd::process

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span{data, size});
  chatd::process::fuzz_values(bytes);
  chatd::process::fuzz_order(bytes);
  chatd::process::fuzz_report(bytes);
  return 0;
}
