// SPDX-License-Identifier: GPL-3.0-or-later
// line_cache.hpp — the last lines of the rooms as they were rendered, shared by all streams: a line
// is rendered once, however many browsers get it.
//
// Runs in:   web. Pure.
// Invariant: at most kMaxBytes of text; the line that was added first goes first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <utility>

namespace chatd::web {

class LineCache {
 public:
  static constexpr std::size_t kMaxBytes = std::size_t{4} << 20U;

  // `at`: the offset of the record; no two rooms have one in common. Calls render() if the line is
  // not there. Valid until the next call.
  template <class Render>
  const std::string& get(std::uint64_t at, const Render& render) {
    const auto found = lines_.find(at);
    if (found != lines_.end()) return found->second;
    std::string line = render();
    bytes_ += line.size();
    while (bytes_ > kMaxBytes && !order_.empty()) forget_first();
    order_.push_back(at);
    return lines_.insert_or_assign(at, std::move(line)).first->second;
  }
  // The text of this line was erased.
  void forget(std::uint64_t at) {
    const auto found = lines_.find(at);
    if (found == lines_.end()) return;
    bytes_ -= found->second.size();
    lines_.erase(found);
    std::erase(order_, at);
  }
  // A room has another name: all are rendered again.
  void clear() {
    lines_.clear();
    order_.clear();
    bytes_ = 0;
  }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  void forget_first() {
    const auto found = lines_.find(order_.front());
    order_.pop_front();
    if (found == lines_.end()) return;
    bytes_ -= found->second.size();
    lines_.erase(found);
  }

  std::unordered_map<std::uint64_t, std::string> lines_;
  std::deque<std::uint64_t> order_;
  std::size_t bytes_{0};
};

}  // namespace chatd::web
