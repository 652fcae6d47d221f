// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/toolkit/pool_core.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstring>

#include <fmt/format.h>
#include <sched.h>

namespace chatd::process {
namespace {

// A worker that does not receive its call in this time is stopped or broken; it is replaced.
constexpr std::chrono::seconds kLongestHandover{60};

// The number of tasks after which submit() reads replies while the board is full, so that workers
// do not wait for full pipes.
constexpr std::size_t kPumpEvery = 64;

}  // namespace

unsigned usable_cores() noexcept {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (::sched_getaffinity(0, sizeof cores, &cores) < 0) return 1;
  return static_cast<unsigned>(std::max(CPU_COUNT(&cores), 1));
}

PoolCore::PoolCore(SharedObject<TaskBoard> board, std::string name) noexcept
    : board_{std::move(board)}, name_{std::move(name)}, owner_{::getpid()} {}

Result<std::shared_ptr<PoolCore>> PoolCore::create(const PoolOptions& options) {
  const unsigned count = options.workers == 0 ? usable_cores() : options.workers;
  if (count > kMaxWorkers) {
    return fail(Error{fmt::format("make a pool: at most {} workers", kMaxWorkers), EINVAL});
  }
  const std::size_t capacity = TaskBoard::capacity();
  auto board = SharedObject<TaskBoard>::create(capacity, capacity);
  if (!board) return fail(std::move(board).error().within("make a pool"));
  auto core = std::make_shared<PoolCore>(std::move(*board), options.name);
  core->workers_.resize(count);
  core->watched_.resize(std::size_t{2} * count);
  for (unsigned index = 0; index < count; ++index) {
    if (auto ok = core->spawn(index); !ok) {
      return fail(std::move(ok).error().within("make a pool"));
    }
  }
  return core;
}

Result<> PoolCore::spawn(unsigned index) {
  auto pipe = make_pipe();
  if (!pipe) return fail(std::move(pipe).error());
  auto& [ours, theirs] = *pipe;
  board_->finish(index);
  auto process = std::make_unique<Process>(
      [this, index, &ours, &theirs] {
        ours.close();
        return serve_tasks(*board_, index, theirs);
      },
      ProcessOptions{.name = fmt::format("{}-{}", name_, index), .daemon = true});
  if (auto started = process->start(); !started) return started;
  watched_[std::size_t{2} * index] = {.fd = ours.fd(), .events = POLLIN, .revents = 0};
  watched_[(std::size_t{2} * index) + 1] = {.fd = process->pidfd(), .events = POLLIN, .revents = 0};
  workers_[index] = {.process = std::move(process), .pipe = std::move(ours)};
  return {};
}

Result<> PoolCore::check_owner() const {
  if (owner_ == ::getpid()) return {};
  return fail(Error{"this pool belongs to another process", EPERM});
}

Result<PoolTaskPtr> PoolCore::submit(TaskEntry entry, Bytes call) {
  if (auto ok = check_owner(); !ok) return fail(std::move(ok).error());
  if (closed_) return fail(Error{"the pool is closed", EPIPE});
  auto task = std::make_shared<PoolTask>();
  task->id = ++last_id_;
  task->entry = entry;
  task->call = std::move(call);
  pending_.emplace(task->id, task);
  backlog_.push_back(task);
  fill_board();
  if (!backlog_.empty() && backlog_.size() % kPumpEvery == 0) {
    if (auto ok = pump(Deadline{kNoWait}); !ok) return fail(std::move(ok).error());
  }
  return task;
}

void PoolCore::fill_board() {
  while (!backlog_.empty()) {
    PoolTask& task = *backlog_.front();
    const bool small = task.call.size() <= TaskBoard::max_call_size();
    const TaskNotice notice{.id = task.id, .entry = task.entry, .call_follows = small};
    if (!board_->try_put(notice, task.call)) return;
    if (small) task.call = {};
    backlog_.pop_front();
  }
}

Result<bool> PoolCore::wait(const PoolTask& task, const Deadline& deadline) {
  while (!task.outcome) {
    if (auto ok = check_owner(); !ok) return fail(std::move(ok).error());
    if (auto ok = pump(deadline); !ok) return fail(std::move(ok).error());
    if (!task.outcome && deadline.has_passed()) return false;
  }
  return true;
}

Result<> PoolCore::pump(const Deadline& deadline) {
  if (auto ok = respawn_missing(); !ok) return ok;
  fill_board();
  timespec left{};
  if (!deadline.is_never()) left = deadline.remaining();
  const int ready =
      ::ppoll(watched_.data(), watched_.size(), deadline.is_never() ? nullptr : &left, nullptr);
  if (ready < 0 && errno != EINTR) return fail(Error::from_errno("poll the pool's workers"));
  if (ready <= 0) return {};
  for (unsigned index = 0; index < size(); ++index) {
    if (watched_[std::size_t{2} * index].revents != 0) collect_replies(index);
    if (watched_[(std::size_t{2} * index) + 1].revents != 0) handle_death(index);
  }
  fill_board();
  return {};
}

void PoolCore::collect_replies(unsigned index) {
  auto& pipe = workers_[index].pipe;
  for (;;) {
    auto reply = pipe->receive(kNoWait);
    if (!reply || !*reply) return;  // none now, or end of file: the pidfd reports the death
    handle(index, std::move(**reply));
  }
}

void PoolCore::handle(unsigned index, Bytes reply) {
  ReplyHeader header{};
  std::memcpy(&header, reply.data(), std::min(sizeof header, reply.size()));
  const auto found = pending_.find(header.id);
  if (found == pending_.end()) return;
  switch (header.kind) {
    case ReplyKind::done:
      return finish(header.id, std::move(reply));
    case ReplyKind::failed: {
      const auto* text = reinterpret_cast<const char*>(reply.data());
      return finish(header.id,
                    fail(Error{{text + sizeof header, text + reply.size()}, header.code}));
    }
    case ReplyKind::fetch:
      return send_call(index, *found->second);
  }
}

void PoolCore::send_call(unsigned index, const PoolTask& task) {
  Worker& worker = workers_[index];
  if (worker.pipe->send(task.call, kLongestHandover)) return;
  // If the worker is dead already, the next pump() notices that.
  static_cast<void>(worker.process->kill());
}

void PoolCore::finish(TaskId id, Result<Bytes> outcome) {
  const auto found = pending_.find(id);
  if (found == pending_.end()) return;
  found->second->call = {};
  found->second->outcome = std::move(outcome);
  pending_.erase(found);
}

void PoolCore::fail_all(const Error& error) {
  for (auto& [id, task] : pending_) task->outcome = fail(Error{error});
  pending_.clear();
  backlog_.clear();
}

void PoolCore::handle_death(unsigned index) {
  Worker& worker = workers_[index];
  collect_replies(index);  // its replies before it died
  static_cast<void>(worker.process->join(kNoWait));
  const auto status = worker.process->exit_status().value_or(ExitStatus{});
  const TaskId held = board_->held_by(index);
  worker = {};
  watched_[std::size_t{2} * index].fd = -1;
  watched_[(std::size_t{2} * index) + 1].fd = -1;
  if (held != kNoTask) finish(held, fail(Error{"worker died: " + to_text(status), EOWNERDEAD}));
}

Result<> PoolCore::respawn_missing() {
  std::optional<Error> failed;
  unsigned alive = 0;
  for (unsigned index = 0; index < size(); ++index) {
    if (!workers_[index].process) {
      if (auto ok = spawn(index); !ok) failed = std::move(ok).error();
    }
    if (workers_[index].process) ++alive;
  }
  if (alive > 0 || !failed) return {};
  fail_all(*failed);
  return fail(*failed);
}

Result<> PoolCore::join() {
  if (auto ok = check_owner(); !ok) return ok;
  if (!closed_) return fail(Error{"join a pool: close() or terminate() it first", EINVAL});
  while (!pending_.empty()) {
    if (auto ok = pump(Deadline{kForever}); !ok) return ok;
  }
  board_->close();
  for (Worker& worker : workers_) {
    if (!worker.process) continue;
    if (auto joined = worker.process->join(); !joined) return fail(std::move(joined).error());
  }
  workers_.clear();
  watched_.clear();
  return {};
}

void PoolCore::terminate() {
  if (owner_ != ::getpid()) return;
  closed_ = true;
  for (Worker& worker : workers_) {
    if (worker.process) static_cast<void>(worker.process->kill());
  }
  workers_.clear();  // ~Process() waits for the end of each worker
  watched_.clear();
  fail_all(Error{"the pool was terminated", ECANCELED});
}

std::vector<pid_t> PoolCore::pids() const {
  std::vector<pid_t> pids;
  for (const Worker& worker : workers_) {
    if (worker.process) pids.push_back(worker.process->pid());
  }
  return pids;
}

}  // namespace chatd::process
