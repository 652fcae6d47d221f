// SPDX-License-Identifier: GPL-3.0-or-later
// transport_fuzz.cpp — the pure parts of the transport against simple models of them.
//
// Input: the first byte chooses: a stream in pieces, a replay window, or the plans of
// a sender whose member sends any acknowledgements; the rest is events.
#include <cstring>
#include <map>
#include <set>
#include <vector>

#include "common/transport/down_sender.hpp"
#include "common/transport/receive_stream.hpp"
#include "common/transport/replay_window.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/require.hpp"

namespace chatd::transport {
namespace {

constexpr std::uint32_t kWindow = 256;

std::byte byte_at(std::uint64_t offset) {
  return static_cast<std::byte>(offset * 0x9E37'79B9'7F4A'7C15U >> 56U);
}

// Every byte that comes out is the one of its offset, and the next one.
void fuzz_receive_stream(fuzz::Input& input) {
  const std::uint64_t start = input.byte() % 2 == 0 ? 0 : (1ULL << 63U) - 512;
  ReceiveStream stream{start, kWindow};
  std::set<std::uint64_t> known;  // offsets that were added or skipped, within the window
  std::array<std::byte, kWindow * 2> piece{};
  while (!input.is_over()) {
    const std::uint8_t what = input.byte();
    const std::uint64_t offset = stream.next() + input.number(2) % (2 * kWindow) - kWindow / 2;
    const std::size_t size = input.byte();
    if (what % 4 == 0) {
      stream.consume(std::min(size, stream.readable().size()));
    } else if (what % 16 == 1) {
      (void)stream.skip(offset, offset + size);
    } else {
      for (std::size_t i = 0; i < size; ++i) piece[i] = byte_at(offset + i);
      (void)stream.add(offset, std::span{piece}.first(size));
    }
    const auto ready = stream.readable();
    require(ready.size() == stream.cumulative() - stream.next() && ready.size() <= kWindow);
    for (std::size_t i = 0; i < ready.size(); ++i) require(ready[i] == byte_at(stream.next() + i));
    const auto ack = stream.ack(1);
    require(ack.cumulative == stream.cumulative() && ack.holes <= wire::kMaxGaps);
    for (std::size_t i = 0; i < ack.holes; ++i) {
      require(ack.hole[i].bytes > 0 && ack.hole[i].start + ack.hole[i].bytes < kWindow);
    }
  }
}

// Everything within the window is fresh exactly once; what is older, never.
void fuzz_replay_window(fuzz::Input& input) {
  ReplayWindow window;
  std::set<std::uint64_t> seen;
  std::uint64_t at = input.byte() % 2 == 0 ? 0 : ~0ULL - 100'000;
  while (!input.is_over()) {
    const std::uint64_t step = input.number(2);
    at = step % 2 == 0 ? at + step / 2 % 1200 : at - std::min<std::uint64_t>(at, step / 2 % 1200);
    if (at == ~0ULL) return;  // a session ends long before
    const bool is_old =
        !seen.empty() && *seen.rbegin() >= at && *seen.rbegin() - at >= ReplayWindow::kSize;
    require(window.is_fresh(at) == (!is_old && !seen.contains(at)));
    if (window.is_fresh(at)) {
      window.commit(at);
      seen.insert(at);
    }
    require(!window.is_fresh(at));
  }
}

// With any acknowledgements of the member, only existing bytes are planned, never more than the
// window beyond the acknowledged ones, and the plan ends.
void fuzz_down_sender(fuzz::Input& input) {
  DownOffsets tails{input.number(1) * 8, input.number(2) * 8};
  DownState state = DownState::at({0, 0});
  Acks acks{};
  acks.window = {4096, 65536};
  std::vector<wire::Hole> holes;
  std::int64_t now = 1'000'000;
  while (!input.is_over()) {
    switch (input.byte() % 5) {
      case 0:
        tails[1] += input.number(2);
        break;
      case 1:
        now += static_cast<std::int64_t>(input.number(3));
        break;
      case 2: {  // as the gateway lets it through: never back, never beyond the tail
        const std::size_t stream = input.byte() % 2;
        acks.acked[stream] += input.number(2) % (tails[stream] - acks.acked[stream] + 1);
        acks.window[stream] = static_cast<std::uint32_t>(input.number(3));
        ++acks.serial;
        break;
      }
      case 3:
        holes.assign(input.byte() % (wire::kMaxGaps + 1), {});
        for (auto& hole : holes) {
          hole = {.start = static_cast<std::uint32_t>(input.number(4)),
                  .bytes = static_cast<std::uint32_t>(input.number(4))};
        }
        ++acks.serial;
        break;
      default:
        acks.rtt.add(static_cast<std::uint32_t>(input.number(3)));
        acks.is_steady = !acks.is_steady;
        break;
    }
    acks.holes = holes;
    const DownPlan plan =
        plan_down(state, acks, tails, 1200 + input.byte() * 8U, MonoTime{Micros{now}});
    require(plan.ranges <= plan.range.size());
    for (std::size_t i = 0; i < plan.ranges; ++i) {
      const Range& range = plan.range[i];
      require(range.stream < wire::kDownStreams && range.from < range.to);
      require(range.to <= tails[range.stream]);
      if (range.fresh) {
        require(range.from >= state.sent[range.stream]);
        state.sent[range.stream] = range.to;
      }
    }
  }
}

}  // namespace
}  // namespace chatd::transport

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chatd::fuzz::Input input{data, size};
  switch (input.byte() % 3) {
    case 0:
      chatd::transport::fuzz_receive_stream(input);
      break;
    case 1:
      chatd::transport::fuzz_replay_window(input);
      break;
    default:
      chatd::transport::fuzz_down_sender(input);
      break;
  }
  return 0;
}
