// SPDX-License-Identifier: GPL-3.0-or-later
// long_answers.hpp — the answers that take time: `erase`, `export`, `backup` and `history
// --follow`.
//
// Runs in:   archive.
// Borrows:   the loop and the History, which outlive it.
// Owns:      the answers that are being given, at most kMaxAtOnce.
// Invariant: before each step the messages that wait are stored. An erasure ends the backups that
//            are being made, because they would have what it erases.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include "common/io/event_loop.hpp"
#include "common/wire/control/control_message.hpp"
#include "daemon/archive/backup_answer.hpp"
#include "daemon/archive/history.hpp"
#include "daemon/archive/long_answer.hpp"

namespace chatd::archive {

class LongAnswers {
 public:
  static constexpr std::size_t kMaxAtOnce = 16;
  struct Files {
    std::string directory;                               // the state directory
    std::function<BackupAnswer::Databases()> databases;  // beside history.db
  };
  LongAnswers(io::EventLoop& loop, History& history, Files files, std::function<MonoTime()> clock)
      : loop_{loop}, history_{history}, files_{std::move(files)}, clock_{std::move(clock)} {}

  // Begins the answer to the request, or refuses it, if its verb is one of those above. False: it
  // is another one. `caller`: its connection, of which this takes a copy.
  bool take(const wire::ControlRequest& request, int caller);
  // About once a second: ends answers that nobody reads.
  void tick();

  [[nodiscard]] std::size_t size() const noexcept { return running_.size(); }

 private:
  struct Running {
    std::unique_ptr<LongAnswer> answer;
    io::EventLoop::Watch watch;
  };
  using Place = std::list<Running>::iterator;
  void begin(std::unique_ptr<LongAnswer> answer);
  void step(Place at);

  io::EventLoop& loop_;
  History& history_;
  Files files_;
  std::function<MonoTime()> clock_;
  std::list<Running> running_;
};

}  // namespace chatd::archive
