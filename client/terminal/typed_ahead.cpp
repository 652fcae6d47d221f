// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/typed_ahead.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

namespace chatd::client {

namespace {

// Every sort of line end as '\n'.
std::string as_lines(std::string_view keys) {
  std::string lines;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const bool is_pair = keys[i] == '\r' && i + 1 < keys.size() && keys[i + 1] == '\n';
    if (!is_pair) lines += keys[i] == '\r' ? '\n' : keys[i];
  }
  while (lines.ends_with('\n')) lines.pop_back();
  return lines;
}

}  // namespace

bool is_paste(std::string_view keys) noexcept {
  constexpr unsigned char kFirstPrintable = 0x20;
  constexpr unsigned char kDelete = 0x7f;
  std::size_t ends = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto key = static_cast<unsigned char>(keys[i]);
    const bool is_end = key == '\r' || key == '\n';
    if ((key < kFirstPrintable && key != '\t' && !is_end) || key == kDelete) return false;
    const bool is_second = key == '\n' && i > 0 && keys[i - 1] == '\r';
    if (is_end && !is_second) ++ends;
  }
  return ends >= 2;
}

void TypedAhead::fill(int fd, std::chrono::milliseconds wait) {
  std::array<char, 4096> buffer{};
  while (keys_.size() < kMaxBytes) {
    pollfd keys{.fd = fd, .events = POLLIN, .revents = 0};
    if (::poll(&keys, 1, static_cast<int>(wait.count())) <= 0) return;
    if ((keys.revents & POLLIN) == 0) return;
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got <= 0) return;
    keys_.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

std::optional<std::string> TypedAhead::take_paste(int fd) {
  keys_.erase(0, std::exchange(begin_, 0));
  fill(fd, std::chrono::milliseconds{0});
  if (!is_paste(keys_)) return std::nullopt;
  fill(fd, kWait);
  if (!is_paste(keys_)) return std::nullopt;
  return as_lines(std::exchange(keys_, {}));
}

unsigned char TypedAhead::next() noexcept {
  return is_empty() ? '\0' : static_cast<unsigned char>(keys_[begin_++]);
}

}  // namespace chatd::client
