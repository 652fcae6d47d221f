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

// The sender of a member with any number of streams, the first of them perhaps the mailbox.
class Sender {
 public:
  Sender(std::size_t first, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      streams_[i].number = static_cast<std::uint8_t>(first + i);
      streams_[i].window = 65536;
      streams_[i].state = &states_[i];
    }
    used_ = std::span{streams_}.first(count);
  }

  void event(fuzz::Input& input) {
    const std::uint8_t what = input.byte();
    if (what % 8 < 2 || used_.empty()) return of_all(input, what % 2 == 0);
    SendStream& stream = used_[input.byte() % used_.size()];
    switch (what % 8) {
      case 2:
        stream.tail += input.number(2);
        break;
      case 3: {  // as the gateway lets it through: never back, never beyond the tail
        const std::uint64_t space = stream.tail - std::min(stream.tail, stream.acked);
        const std::uint64_t fresh = input.number(2) % (space + 1);
        stream.acked += fresh;
        stream.window = static_cast<std::uint32_t>(input.number(3));
        acks_.acked_bytes += fresh;
        ++acks_.serial;
        break;
      }
      case 4:
        lose(stream, input);
        break;
      case 5:  // another stream has this number now
        stream.tail = stream.acked = input.number(4);
        stream.holes = {};
        stream.state->begin(stream.acked);
        break;
      case 6:  // the memory of a member can hold anything
        stream.state->sent = input.number(8);
        stream.state->repaired_to = input.number(8);
        stream.acked = input.number(8);
        state_.first_served = static_cast<std::uint32_t>(input.number(4));
        break;
      default:  // the last stream ends
        used_ = used_.first(used_.size() - 1);
        break;
    }
  }

  // Only existing bytes that are not acknowledged are planned, each fresh byte once.
  void send(std::uint32_t datagram) {
    const DownPlan plan = plan_down(state_, acks_, used_, datagram, MonoTime{Micros{now_}});
    require(plan.ranges <= plan.range.size());
    for (const Range& range : std::span{plan.range}.first(plan.ranges)) {
      require(range.stream < used_.size() && range.from < range.to);
      const SendStream& stream = used_[range.stream];
      require(range.from >= stream.acked && range.to <= stream.tail);
      if (!range.fresh) continue;
      require(range.from == stream.sent);
      stream.state->sent = range.to;
    }
  }

 private:
  void of_all(fuzz::Input& input, bool is_time) {
    if (is_time) {
      now_ += static_cast<std::int64_t>(input.number(3));
      return;
    }
    acks_.rtt.add(static_cast<std::uint32_t>(input.number(3)));
    acks_.is_steady = !acks_.is_steady;
  }
  void lose(SendStream& stream, fuzz::Input& input) {
    auto& holes = holes_[static_cast<std::size_t>(&stream - streams_.data())];
    holes.assign(input.byte() % (wire::kMaxGaps + 1), {});
    for (auto& hole : holes) {
      hole = {.start = static_cast<std::uint32_t>(input.number(4)),
              .bytes = static_cast<std::uint32_t>(input.number(4))};
    }
    stream.holes = holes;
    ++acks_.serial;
  }

  std::array<StreamState, 33> states_;
  std::array<SendStream, 33> streams_;
  std::array<std::vector<wire::Hole>, 33> holes_;
  std::span<SendStream> used_;
  DownState state_;
  Acks acks_{};
  std::int64_t now_{1'000'000};
};

void fuzz_down_sender(fuzz::Input& input) {
  const std::size_t first = input.byte() % 2;
  Sender sender{first, input.byte() % 34U};
  while (!input.is_over()) {
    sender.event(input);
    sender.send(1200 + input.byte() * 8U);
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
