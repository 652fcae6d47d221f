// SPDX-License-Identifier: GPL-3.0-or-later
// long_answer.hpp — an answer that is not sent at once: the work is done in steps, or it has more
// bytes than a socket takes.
//
// Runs in:   archive.
// Owns:      the caller's connection.
// Invariant: a step takes some milliseconds. No step waits for the caller; one that takes nothing
//            for kStalled is cut: its connection is closed without the end of the answer.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/time.hpp"
#include "common/base/unique_fd.hpp"
#include "common/wire/control/control_message.hpp"
#include "daemon/archive/history.hpp"

namespace chatd::archive {

class LongAnswer {
 public:
  static constexpr std::chrono::seconds kStalled{30};
  enum class Next : std::uint8_t {
    at_once,        // another step, after the messages that wait
    when_writable,  // when the caller has read
    later,          // in some time
    done,
  };
  virtual ~LongAnswer() = default;
  LongAnswer(const LongAnswer&) = delete;
  LongAnswer& operator=(const LongAnswer&) = delete;
  LongAnswer(LongAnswer&&) = delete;
  LongAnswer& operator=(LongAnswer&&) = delete;

  [[nodiscard]] virtual Next step(History& history, MonoTime now) = 0;
  [[nodiscard]] int caller() const noexcept { return caller_.get(); }
  [[nodiscard]] bool is_stalled(MonoTime now) const noexcept {
    return !output_.empty() && now - moved_ > kStalled;
  }

 protected:
  explicit LongAnswer(UniqueFd caller) noexcept : caller_{std::move(caller)} {}

  [[nodiscard]] std::string& output() noexcept { return output_; }
  // Sends what the caller takes of the output. at_once: all of it.
  [[nodiscard]] Next flush(MonoTime now);
  // The caller has closed its end. One that only sends nothing more, as `nc -N`, has not.
  [[nodiscard]] bool is_hung_up() const noexcept;
  // The last line of the answer. Done, whether the caller takes it or not.
  [[nodiscard]] Next reply(const wire::ControlReply& reply);

 private:
  UniqueFd caller_;
  std::string output_;
  std::size_t sent_{0};
  MonoTime moved_{};  // when the caller took something, or the output began
};

}  // namespace chatd::archive
