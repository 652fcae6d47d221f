// SPDX-License-Identifier: GPL-3.0-or-later
// ack_policy.hpp — when a receiver acknowledges.
//
// Runs in:   client. Pure.
// Invariant: what came is acknowledged as soon as its sender wishes (see rtt.hpp for the
//            delays); a hole at once when it is first seen, and again, ever more slowly, while
//            it stays.
// Source:    QUIC's delay (RFC 9000, 13.2) and ACK_FREQUENCY extension, Aeron's quarter of the
//            window; the jitter keeps a thousand members from answering one message in the same
//            instant.
#pragma once

#include <algorithm>
#include <cstdint>

#include "common/base/time.hpp"
#include "common/transport/rtt.hpp"
#include "common/wire/native_frame.hpp"

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
    if (data.fresh) nag_ = Micros{0};
    const bool at_once =
        data.new_hole || !data.fresh || datagrams_ >= enough_ || bytes_ >= quarter_;
    const auto delay =
        std::chrono::duration_cast<Micros>(ack_delay(data.wish) * (0.5 + 0.5 * jitter));
    due_ = std::min(due_, at_once ? now : now + delay);
  }
  void now_please(MonoTime now) { due_ = now; }

  void on_acked(bool has_holes, const Rtt& rtt, MonoTime now) {
    datagrams_ = 0;
    bytes_ = 0;
    due_ = MonoTime::max();
    if (!has_holes) {
      nag_ = Micros{0};
      return;
    }
    const Micros first = std::max(Micros{rtt.smoothed + rtt.smoothed / 2}, kFirstNag);
    nag_ = nag_ == Micros{0} ? first : std::min(nag_ * 2, kLastNag);
    due_ = now + nag_;
  }

  [[nodiscard]] bool is_due(MonoTime now) const noexcept { return now >= due_; }
  [[nodiscard]] bool has_news() const noexcept { return datagrams_ != 0; }
  [[nodiscard]] MonoTime deadline() const noexcept { return due_; }

 private:
  // Less than twice as many at most.
  static unsigned enough_for(wire::AckWish wish, double jitter) noexcept {
    const unsigned least = wish == wire::AckWish::later ? kManyDatagrams : kFewDatagrams;
    return least + static_cast<unsigned>(jitter * least);
  }

  static constexpr unsigned kFewDatagrams = 8;
  static constexpr unsigned kManyDatagrams = 32;
  static constexpr Micros kFirstNag{5'000};
  static constexpr Micros kLastNag{250'000};

  std::size_t quarter_;
  std::size_t bytes_{0};
  unsigned datagrams_{0};
  unsigned enough_{0};
  Micros nag_{0};  // the last delay of a hole's report
  MonoTime due_{MonoTime::max()};
};

}  // namespace chatd::transport
