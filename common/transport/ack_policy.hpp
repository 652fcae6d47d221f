// SPDX-License-Identifier: GPL-3.0-or-later
// ack_policy.hpp — decides when a receiver sends an acknowledgement.
//
// Runs in:   client. Pure.
// Invariant: data is acknowledged within the delay that its sender wishes (see rtt.hpp for the
//            delays). A hole is acknowledged at once when it is first seen, and again at growing
//            intervals while it stays.
// Source:    QUIC's delay (RFC 9000, 13.2) and ACK_FREQUENCY extension, Aeron's quarter of the
//            window. The jitter spreads the acknowledgements of a thousand members that receive
//            the same message.
#pragma once

#include <algorithm>
#include <cstdint>

#include "common/base/time.hpp"
#include "common/transport/rtt.hpp"
#include "common/wire/native/native_frame.hpp"

namespace chatd::transport {

[[nodiscard]] constexpr Micros ack_delay(wire::AckWish wish) noexcept {
  switch (wish) {
    case wire::AckWish::later:
      return kSteadyAckDelay;
    case wire::AckWish::hurry:
      return kHurriedAckDelay;
    case wire::AckWish::usual:
      break;
  }
  return kMaxAckDelay;
}

class AckPolicy {
 public:
  explicit AckPolicy(std::uint32_t window) : quarter_{window / 4} {}

  struct Data {
    std::size_t bytes{};
    bool fresh{};
    bool new_hole{};
    wire::AckWish wish{};
  };
  // `jitter` in [0, 1).
  void on_data(const Data& data, MonoTime now, double jitter) {
    if (datagrams_++ == 0) enough_ = enough_for(data.wish, jitter);
    bytes_ += data.bytes;
    if (data.fresh) repeat_interval_ = Micros{0};
    const bool at_once =
        data.new_hole || !data.fresh || datagrams_ >= enough_ || bytes_ >= quarter_;
    const auto delay =
        std::chrono::duration_cast<Micros>(ack_delay(data.wish) * (0.5 + 0.5 * jitter));
    due_ = std::min(due_, at_once ? now : now + delay);
  }
  void request_ack(MonoTime now) { due_ = now; }

  void on_acked(bool has_holes, const Rtt& rtt, MonoTime now) {
    datagrams_ = 0;
    bytes_ = 0;
    due_ = MonoTime::max();
    if (!has_holes) {
      repeat_interval_ = Micros{0};
      return;
    }
    const Micros first = std::max(Micros{rtt.smoothed + rtt.smoothed / 2}, kFirstRepeatInterval);
    repeat_interval_ =
        repeat_interval_ == Micros{0} ? first : std::min(repeat_interval_ * 2, kMaxRepeatInterval);
    due_ = now + repeat_interval_;
  }

  [[nodiscard]] bool is_due(MonoTime now) const noexcept { return now >= due_; }
  [[nodiscard]] bool has_news() const noexcept { return datagrams_ != 0; }
  [[nodiscard]] MonoTime deadline() const noexcept { return due_; }

 private:
  // How many datagrams are acknowledged at once: `few` plus the jitter, less than twice as many.
  static unsigned enough_for(wire::AckWish wish, double jitter) noexcept {
    const unsigned few = wish == wire::AckWish::later ? kManyDatagrams : kFewDatagrams;
    return few + static_cast<unsigned>(jitter * few);
  }

  static constexpr unsigned kFewDatagrams = 8;
  static constexpr unsigned kManyDatagrams = 32;
  static constexpr Micros kFirstRepeatInterval{5'000};
  static constexpr Micros kMaxRepeatInterval{250'000};

  std::size_t quarter_;
  std::size_t bytes_{0};
  unsigned datagrams_{0};
  unsigned enough_{0};
  Micros repeat_interval_{0};  // of the ACKs of a hole; 0: there is none
  MonoTime due_{MonoTime::max()};
};

}  // namespace chatd::transport
