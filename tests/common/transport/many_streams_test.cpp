// SPDX-License-Identifier: GPL-3.0-or-later
// A sender of up to 33 streams (the mailbox, and rooms), a simulated network, and the receiver.
#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include "common/transport/ack_policy.hpp"
#include "common/transport/down_sender.hpp"
#include "common/transport/receive_stream.hpp"
#include "common/wire/native/native_packet.hpp"
#include "tests/support/network_weather.hpp"

namespace chatd::transport {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::NetworkWeather;

constexpr std::size_t kMaxStreams = 33;
// The value of state::kSubscriptionHoles.
constexpr std::size_t kRoomHoles = 3;

// The time is simulated, in steps of a millisecond. The test fails if a byte is wrong, or if fresh
// bytes exceed the congestion window.
class SenderNetwork {
 public:
  static constexpr std::uint32_t kPayload = 1148;
  static constexpr std::uint32_t kWindow = 64U << 10U;

  SenderNetwork(std::size_t streams, std::uint64_t seed) : random_{seed} {
    for (std::size_t i = 0; i < streams; ++i) open(static_cast<std::uint8_t>(i), 1000 * i);
  }

  void open(std::uint8_t number, std::uint64_t start) {
    Stream& one = streams_.try_emplace(number, start).first->second;
    one.state.begin(start);
    one.tail = one.acked = start;
  }
  void close(std::uint8_t number) { streams_.erase(number); }
  void write(std::uint8_t number, std::uint64_t bytes) { streams_.at(number).tail += bytes; }

  [[nodiscard]] std::uint64_t received(std::uint8_t number) const {
    return streams_.at(number).receiver.next();
  }
  [[nodiscard]] std::uint64_t lacks(std::uint8_t number) const {
    return streams_.at(number).tail - received(number);
  }
  [[nodiscard]] bool has_all() const {
    return std::ranges::all_of(streams_, [](const auto& entry) {
      return entry.second.acked == entry.second.tail &&
             entry.second.receiver.next() == entry.second.tail;
    });
  }
  [[nodiscard]] const DownState& down() const { return down_; }
  [[nodiscard]] std::size_t datagrams() const { return datagrams_; }

  void step() {
    now_ += std::chrono::milliseconds{1};
    deliver();
    acknowledge();
    while (send()) {
    }
  }
  void run_for(Micros time) {
    for (const MonoTime end = now_ + time; now_ < end;) step();
  }
  // False: it did not happen within `time`.
  [[nodiscard]] bool run_until(const std::function<bool()>& condition, Micros time) {
    for (const MonoTime end = now_ + time; now_ < end && !condition();) step();
    return condition();
  }

  NetworkWeather weather;
  std::function<bool(std::uint8_t stream)> drops;  // a datagram with bytes of this stream

 private:
  struct Stream {
    explicit Stream(std::uint64_t start) : receiver{start, kWindow} {}
    std::uint64_t tail{};
    std::uint64_t acked{};
    std::uint32_t window{kWindow};
    std::vector<wire::Hole> holes;
    StreamState state;
    ReceiveStream receiver;
  };
  struct Piece {
    std::uint8_t number;
    std::uint64_t from;
    std::uint64_t to;
  };
  using Datagram = std::vector<Piece>;
  using AckFrames = std::vector<wire::AckFrame>;

  static std::byte byte_at(std::uint8_t number, std::uint64_t offset) {
    return static_cast<std::byte>((offset + number) * 0x9E37'79B9'7F4A'7C15U >> 56U);
  }
  double chance() { return std::uniform_real_distribution{}(random_); }
  MonoTime arrival() {
    const auto spread = static_cast<double>((weather.most_delay - weather.least_delay).count());
    return now_ + weather.least_delay + Micros{static_cast<std::int64_t>(chance() * spread)};
  }
  template <class T>
  void carry(std::multimap<MonoTime, T>& wire, const T& what) {
    if (chance() < weather.loss) return;
    wire.emplace(arrival(), what);
    if (chance() < weather.twice) wire.emplace(arrival(), what);
  }

  // One turn, as the worker makes it. True if another one is needed at once.
  bool send() {
    std::vector<SendStream> streams;
    for (auto& [number, one] : streams_) {
      streams.push_back({.number = number,
                         .window = one.window,
                         .tail = one.tail,
                         .acked = one.acked,
                         .holes = one.holes,
                         .state = &one.state});
    }
    const Acks acks{.serial = serial_, .acked_bytes = acked_bytes_, .rtt = rtt_};
    const auto plan = plan_down(down_, acks, streams, kPayload, now_);
    wish_ = plan.waits_for_ack ? wire::AckWish::hurry : wire::AckWish::usual;
    constexpr std::size_t kBytesPerTurn = 16U * kPayload;
    std::size_t left = kBytesPerTurn;
    bool has_fresh = false;
    Datagram filling;
    std::size_t filled = 0;
    for (const auto& range : std::span{plan.range}.first(plan.ranges)) {
      const auto& stream = streams[range.stream];
      EXPECT_LE(range.to, stream.tail);
      for (std::uint64_t from = range.from; from < range.to && left != 0;) {
        const std::uint64_t size =
            std::min<std::uint64_t>({range.to - from, kPayload - filled, left});
        filling.push_back({.number = stream.number, .from = from, .to = from + size});
        from += size;
        filled += size;
        left -= size;
        if (range.fresh) stream.state->sent = from;
        if (filled == kPayload) launch(filling, filled);
      }
      has_fresh |= range.fresh;
    }
    if (filled != 0) launch(filling, filled);
    if (has_fresh) expect_within_window();
    return left == 0 || plan.is_cut;
  }
  void launch(Datagram& datagram, std::size_t& filled) {
    ++datagrams_;
    const bool dropped =
        drops && std::ranges::any_of(datagram, [&](const Piece& p) { return drops(p.number); });
    if (!dropped) carry(to_member_, datagram);
    datagram.clear();
    filled = 0;
  }
  void expect_within_window() const {
    std::uint64_t in_flight = 0;
    for (const auto& [number, one] : streams_) {
      const std::uint64_t sent = one.state.sent;
      if (sent > one.acked) in_flight += sent - one.acked;
    }
    EXPECT_LE(in_flight, down_.congestion.window);
  }

  void deliver() {
    while (!to_member_.empty() && to_member_.begin()->first <= now_) {
      const Datagram datagram = to_member_.extract(to_member_.begin()).mapped();
      for (const Piece& piece : datagram) receive(piece);
    }
    while (!to_server_.empty() && to_server_.begin()->first <= now_) {
      const AckFrames acks = to_server_.extract(to_server_.begin()).mapped();
      for (const auto& ack : acks) take(ack);
    }
  }
  void receive(const Piece& piece) {
    const auto found = streams_.find(piece.number);
    if (found == streams_.end()) return;
    std::vector<std::byte> bytes;
    for (auto at = piece.from; at < piece.to; ++at) bytes.push_back(byte_at(piece.number, at));
    auto& receiver = found->second.receiver;
    const auto outcome = receiver.add(piece.from, bytes);
    policy_.on_data({.bytes = bytes.size(),
                     .fresh = outcome.fresh,
                     .new_hole = outcome.new_hole,
                     .wish = wish_},
                    now_, chance());
    const auto ready = receiver.readable();
    for (std::size_t i = 0; i < ready.size(); ++i) {
      ASSERT_EQ(ready[i], byte_at(piece.number, receiver.next() + i));
    }
    receiver.consume(ready.size());
  }
  // Sends the ACKs as a client does: each packet has the ACKs of the mailbox and of the default
  // room, and as many ACKs of further rooms as fit.
  void acknowledge() {
    if (!policy_.is_due(now_)) return;
    AckFrames base;
    AckFrames acks;
    bool has_holes = false;
    for (const auto& [number, one] : streams_) {
      const bool is_room = number >= wire::kFirstRoomStream;
      if (acks.size() == wire::kMaxFrames) carry(to_server_, std::exchange(acks, base));
      acks.push_back(one.receiver.ack(number));
      if (!is_room) base.push_back(acks.back());
      has_holes |= one.receiver.has_holes();
    }
    policy_.on_acked(has_holes, rtt_, now_);
    carry(to_server_, acks);
  }
  // Takes an ACK as the gateway does: one that is older than the last one, or beyond the tail,
  // changes nothing; no holes are stored for the mailbox, and few for a further room.
  void take(const wire::AckFrame& ack) {
    const auto found = streams_.find(ack.stream);
    if (found == streams_.end()) return;
    Stream& one = found->second;
    if (ack.cumulative < one.acked || ack.cumulative > one.tail) return;
    ++serial_;
    acked_bytes_ += ack.cumulative - one.acked;
    one.acked = ack.cumulative;
    one.window = ack.window;
    if (ack.stream != wire::kMailboxStream) {
      const bool is_room = ack.stream >= wire::kFirstRoomStream;
      const std::size_t most = is_room ? kRoomHoles : wire::kMaxGaps;
      one.holes.assign(ack.hole.begin(), ack.hole.begin() + std::min<std::size_t>(ack.holes, most));
    }
    rtt_.add(static_cast<std::uint32_t>((weather.least_delay + weather.most_delay).count()));
  }

  std::mt19937_64 random_;
  MonoTime now_{std::chrono::seconds{100}};
  std::map<std::uint8_t, Stream> streams_;
  DownState down_;
  Rtt rtt_;
  AckPolicy policy_{kWindow};
  wire::AckWish wish_{};
  std::uint64_t serial_{0};
  std::uint64_t acked_bytes_{0};
  std::size_t datagrams_{0};
  std::multimap<MonoTime, Datagram> to_member_;
  std::multimap<MonoTime, AckFrames> to_server_;
};

class StreamsTest : public ::testing::TestWithParam<std::size_t> {
 protected:
  void write_at_random(SenderNetwork& network, std::mt19937_64& random) const {
    for (int i = 0; i < 400; ++i) {
      const auto number = static_cast<std::uint8_t>(random() % GetParam());
      network.write(number, 1 + random() % 3000);
      network.run_for(milliseconds{random() % 5});
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Counts, StreamsTest, ::testing::Values(1, 2, kMaxStreams));

TEST_P(StreamsTest, AllBytesArriveDespiteLossAndReordering) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    SenderNetwork network{GetParam(), seed};
    network.weather = {
        .loss = 0.2, .twice = 0.1, .least_delay = milliseconds{1}, .most_delay = milliseconds{30}};
    std::mt19937_64 random{seed};
    write_at_random(network, random);
    EXPECT_TRUE(network.run_until([&] { return network.has_all(); }, seconds{120}));
    network.run_for(seconds{1});
    EXPECT_EQ(network.down().timer, 0);
  }
}

TEST_P(StreamsTest, WithoutLossEachByteIsSentOnce) {
  SenderNetwork network{GetParam(), 1};
  network.weather.least_delay = network.weather.most_delay = milliseconds{5};
  for (std::size_t i = 0; i < GetParam(); ++i) network.write(static_cast<std::uint8_t>(i), 11'480);
  EXPECT_TRUE(network.run_until([&] { return network.has_all(); }, seconds{2}));
  EXPECT_LE(network.datagrams(), 10 * GetParam() + 5);
}

TEST_P(StreamsTest, BytesOfASilentTimeArriveAfterIt) {
  SenderNetwork network{GetParam(), 1};
  network.weather.loss = 1;
  for (std::size_t i = 0; i < GetParam(); ++i) network.write(static_cast<std::uint8_t>(i), 3000);
  network.run_for(seconds{5});
  network.weather.loss = 0;
  EXPECT_TRUE(network.run_until([&] { return network.has_all(); }, seconds{5}));
}

// A backlog in one room: the others have small messages.
TEST(ManyStreamsTest, AStreamFarAheadDoesNotDelayTheOthers) {
  SenderNetwork network{kMaxStreams, 1};
  network.weather.least_delay = network.weather.most_delay = milliseconds{10};
  network.write(7, 1U << 30U);
  network.run_for(seconds{1});
  for (int round = 0; round < 20; ++round) {
    for (std::uint8_t number = 0; number < kMaxStreams; ++number) {
      if (number != 7) network.write(number, 100);
    }
    EXPECT_TRUE(network.run_until(
        [&] {
          for (std::uint8_t number = 0; number < kMaxStreams; ++number) {
            if (number != 7 && network.lacks(number) != 0) return false;
          }
          return true;
        },
        milliseconds{100}));
  }
  EXPECT_GT(network.received(7), 1U << 20U);
}

TEST(ManyStreamsTest, BusyRoomsShareTheWindow) {
  SenderNetwork network{kMaxStreams, 1};
  network.weather = {.loss = 0.01, .least_delay = milliseconds{20}, .most_delay = milliseconds{20}};
  for (std::uint8_t number = 1; number < kMaxStreams; ++number) network.write(number, 1U << 30U);
  network.run_for(seconds{20});
  std::uint64_t least = ~0ULL;
  std::uint64_t most = 0;
  for (std::uint8_t number = 1; number < kMaxStreams; ++number) {
    const std::uint64_t bytes = network.received(number) - 1000U * number;
    least = std::min(least, bytes);
    most = std::max(most, bytes);
  }
  EXPECT_GT(least, most / 4);
  EXPECT_GT(least, 0U);
}

// The timer that all share never ends, as the busy room is acknowledged all the time.
TEST(ManyStreamsTest, ALostLastDatagramIsRepairedWhileAnotherRoomIsBusy) {
  SenderNetwork network{3, 1};
  network.weather.least_delay = network.weather.most_delay = milliseconds{5};
  network.drops = [](std::uint8_t number) { return number != 1; };
  network.write(0, 100);
  network.write(2, 100);
  network.step();
  network.drops = {};
  const auto is_there = [&] {
    network.write(1, 200);
    return network.lacks(0) == 0 && network.lacks(2) == 0;
  };
  EXPECT_TRUE(network.run_until(is_there, milliseconds{200}));
}

TEST(ManyStreamsTest, AStreamThatEndsLeavesTheOthersAlone) {
  SenderNetwork network{kMaxStreams, 1};
  network.weather = {.loss = 0.1, .least_delay = milliseconds{1}, .most_delay = milliseconds{9}};
  for (std::uint8_t number = 0; number < kMaxStreams; ++number) network.write(number, 50'000);
  for (const std::uint8_t number : std::array<std::uint8_t, 4>{5, 32, 1, 20}) {
    network.run_for(milliseconds{50});
    network.close(number);
  }
  EXPECT_TRUE(network.run_until([&] { return network.has_all(); }, seconds{60}));
  network.run_for(seconds{1});
  EXPECT_EQ(network.down().timer, 0);
}

TEST(ManyStreamsTest, ANumberIsUsedAgainByAnotherStream) {
  SenderNetwork network{3, 1};
  network.weather = {.loss = 0.1, .least_delay = milliseconds{1}, .most_delay = milliseconds{9}};
  for (int i = 0; i < 10; ++i) {
    network.write(1, 20'000);
    network.write(2, 20'000);
    network.run_for(milliseconds{30});
    network.close(2);
    network.run_for(milliseconds{30});  // its datagrams and acknowledgements arrive
    network.open(2, i % 2 == 0 ? 0 : 1'000'000);
  }
  network.write(2, 20'000);
  EXPECT_TRUE(network.run_until([&] { return network.has_all(); }, seconds{60}));
}

}  // namespace
}  // namespace chatd::transport
