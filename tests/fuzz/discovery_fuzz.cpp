// SPDX-License-Identifier: GPL-3.0-or-later
// discovery_fuzz.cpp — any bytes as a SEEK and as a HERE: an answer is not longer than what asked
// for it; a Finder stays within its limits, and what it found is shown on one line.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "client/member/finder.hpp"
#include "client/script/found_output.hpp"
#include "daemon/gateway/seek_answers.hpp"
#include "tests/fuzz/require.hpp"

namespace chatd {
namespace {

constexpr std::uint64_t kToken = 7;

void fuzz_seek(wire::Bytes datagram) {
  config::Config config;
  config.room.name = std::string(300, 'r');
  state::GatewayCounters counters{};
  gateway::FloodLog floods;
  gateway::UnauthenticatedLimits limits{0, 1, counters, floods};
  gateway::SeekAnswers answers{config, {}, false, limits, counters};
  const Endpoint from = parse_endpoint("10.0.0.1:1").value();
  const auto answer = answers.answer(datagram, from, MonoTime{Micros{1}});
  require(answer.size() <= datagram.size());
  require(answer.empty() || wire::read_here(answer).has_value());
}

// The input as answers: a byte with the size of each in front. `token`: each has the right one.
void fuzz_finder(wire::Bytes rest, bool token) {
  client::Finder finder{
      kToken, [](const crypto::PublicKey& identity) { return identity.back() == std::byte{0}; }};
  for (std::uint16_t port = 1; !rest.empty(); ++port) {
    const std::size_t size =
        std::min<std::size_t>(std::to_integer<std::size_t>(rest.front()), rest.size() - 1);
    std::vector<std::byte> datagram{rest.begin() + 1,
                                    rest.begin() + 1 + static_cast<std::ptrdiff_t>(size)};
    rest = rest.subspan(1 + size);
    if (token && datagram.size() >= 12) {
      const auto bytes = std::as_bytes(std::span{&kToken, 1});
      std::ranges::copy(bytes, datagram.begin() + 4);
    }
    Endpoint from = parse_endpoint("10.0.0.1:1").value();
    from.port = port;
    finder.receive(datagram, from);
  }
  std::size_t unknown = 0;
  for (const client::FoundServer& server : finder.servers()) {
    if (server.identity.back() != std::byte{0}) ++unknown;
    require(!server.addresses.empty());
    require(server.addresses.size() <= client::Finder::kMaxAddresses);
    require(server.room.size() <= wire::kMaxHereRoom);
    require(std::ranges::count(client::json_line(client::FoundRow{.server = server}, WallTime{}),
                               '\n') == 1);
  }
  require(unknown <= client::Finder::kMaxServers);
  const auto rows = client::found_rows(finder.servers(), {}, {});
  const std::string text = client::found_text(rows, wire::Language::en);
  require(static_cast<std::size_t>(std::ranges::count(text, '\n')) == rows.size());
  require(std::ranges::none_of(text, [](char c) { return c == '\x1b' || c == '\r'; }));
}

}  // namespace
}  // namespace chatd

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span{data, size});
  chatd::fuzz_seek(bytes);
  chatd::fuzz_finder(bytes, false);
  chatd::fuzz_finder(bytes, true);
  return 0;
}
