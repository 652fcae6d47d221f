// SPDX-License-Identifier: GPL-3.0-or-later
// long_answer_fixture.hpp — a History over rooms that a test fills, and callers of long answers.
//
// Runs in:   test programs.
#pragma once

#include <sys/socket.h>

#include <array>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "common/wire/control/history_verbs.hpp"
#include "common/wire/native/record_text.hpp"
#include "daemon/archive/erase_answer.hpp"
#include "daemon/archive/history.hpp"
#include "tests/daemon/archive/batches.hpp"
#include "tests/daemon/archive/rooms_to_read.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::test {

class LongAnswerFixture : public RoomsToRead {
 protected:
  using Made = std::expected<std::unique_ptr<archive::LongAnswer>, wire::ControlError>;
  using Next = archive::LongAnswer::Next;

  LongAnswerFixture() { open(); }
  // A new process.
  void open() {
    reader_.emplace(follower_, "chat");
    history_.emplace(archive::History::Settings{.directory = directory_.path(),
                                                .epoch = follower_.header().epoch,
                                                .max_bytes = std::uint64_t{8} << 20U,
                                                .max_age = {}},
                     *reader_, state_.archive(),
                     archive::History::Hooks{.clock = [this] { return clock_; }, .alive = [] {}});
    store();
  }
  void store() {
    while (history_->store()) {
    }
  }
  void maintain() {
    while (history_->maintain()) {
    }
  }
  // A connection: the caller's end stays in `caller_`.
  UniqueFd connect() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    caller_.reset(ends[0]);
    return UniqueFd{ends[1]};
  }
  // The bytes that the caller can read now.
  std::string read() {
    std::string all;
    std::array<char, 65'536> buffer{};
    for (;;) {
      const ssize_t got = ::recv(caller_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (got <= 0) return all;
      all.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }
  // All that the answer sends, until it is done; in between there is maintenance.
  std::string run(Made& made) {
    if (!made) return made.error().code + ": " + made.error().message;
    std::string all;
    for (int i = 0; i < 100'000; ++i) {
      const Next next = (*made)->step(*history_, clock_.mono);
      all += read();
      if (next == Next::done) break;
      if (next == Next::later) maintain();
    }
    made->reset();
    return all + read();
  }
  // A request for `verb` with these options.
  struct Option {
    std::string_view name;
    std::string value;
  };
  static wire::ControlRequest request(const wire::Verb& verb, const std::vector<Option>& options,
                                      std::string room = {}, std::vector<std::string> more = {}) {
    wire::ControlRequest request{.verb = std::string{verb.name}, .args = {}};
    request.args.resize(verb.all_args());
    for (const Option& option : options) request.args[verb.argument_of(option.name)] = option.value;
    if (verb.takes_room) request.args.back() = std::move(room);
    for (std::string& one : more) request.args.push_back(std::move(one));
    return request;
  }
  std::string erase(const std::vector<Option>& options, std::string room = {},
                    std::string in_memory = "0") {
    auto made = archive::EraseAnswer::make(
        *history_,
        request(wire::verb::kErase.row, options, std::move(room), {"uid 0", std::move(in_memory)}),
        connect());
    return run(made);
  }
  // A record `erased` of the default room, as the gateway appends it.
  void take_back(std::uint64_t number, std::string_view by) {
    std::array<std::byte, 16> body{};
    wire::ByteWriter out{body};
    wire::encode(out, wire::ErasedLines{.first = number, .last = number, .author = {}});
    append(state::RoomLog{state_}, wire::RecordKind::erased,
           {reinterpret_cast<const char*>(body.data()), body.size()}, by);
  }
  // The files of the directory that have the text.
  std::vector<std::string> files_with(std::string_view text) const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator{directory_.path()}) {
      if (file_text(entry.path()).find(text) != std::string::npos) {
        names.push_back(entry.path().filename().string());
      }
    }
    return names;
  }

  TempDir directory_;
  std::optional<archive::LogReader> reader_;
  archive::History::Clock clock_{.mono = mono_at(std::chrono::seconds{100}),
                                 .wall = wall_at(std::chrono::seconds{100})};
  std::optional<archive::History> history_;
  UniqueFd caller_;
};

}  // namespace chatd::test
