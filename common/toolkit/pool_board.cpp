// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/toolkit/pool_board.hpp"

namespace chatd::process {
namespace {

constexpr std::size_t kBoardBytes = std::size_t{4} * 1024 * 1024;

}  // namespace

std::size_t TaskBoard::capacity() noexcept { return kBoardBytes; }
std::size_t TaskBoard::max_call_size() noexcept { return kBoardBytes / 4; }

TaskNotice TaskBoard::front() const noexcept {
  TaskNotice notice{};
  ring_.copy_front(std::as_writable_bytes(std::span{&notice, 1}));
  return notice;
}

bool TaskBoard::try_put(const TaskNotice& notice, std::span<const std::byte> call) noexcept {
  const std::size_t size = sizeof notice + (notice.call_follows ? call.size() : 0);
  mutex_.lock();
  const bool fits = ring_.has_space_for(size);
  if (fits) {
    const auto head = std::as_bytes(std::span{&notice, 1});
    ring_.prepare({head, notice.call_follows ? call : std::span<const std::byte>{}});
    tasks_.wake_all();
    ring_.commit();
  }
  mutex_.unlock();
  return fits;
}

void TaskBoard::close() noexcept {
  mutex_.lock();
  tasks_.wake_all();
  publish(closed_, true);
  mutex_.unlock();
}

std::optional<TaskNotice> TaskBoard::take(unsigned worker, Bytes& call) {
  const Deadline never{kForever};
  for (;;) {
    mutex_.lock();
    if (!ring_.is_empty()) break;
    const bool closed = closed_.load(std::memory_order_relaxed);
    const auto ticket = tasks_.enroll();
    mutex_.unlock();
    if (closed) return std::nullopt;
    static_cast<void>(tasks_.wait(ticket, never));
  }
  const TaskNotice notice = front();
  call.resize(ring_.front_size() - sizeof notice);
  ring_.copy_front(call, sizeof notice);
  publish(held_[worker], notice.id);
  ring_.remove_front();
  mutex_.unlock();
  return notice;
}

void TaskBoard::finish(unsigned worker) noexcept { publish(held_[worker], kNoTask); }

TaskId TaskBoard::held_by(unsigned worker) noexcept {
  mutex_.lock();
  TaskId held = held_[worker].load(std::memory_order_acquire);
  // The worker noted the id, but was killed before the task left the board: another worker takes
  // it.
  if (!ring_.is_empty() && front().id <= held) held = kNoTask;
  mutex_.unlock();
  return held;
}

}  // namespace chatd::process
