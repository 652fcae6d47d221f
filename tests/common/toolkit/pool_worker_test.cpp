// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/toolkit/pool_worker.hpp"

#include <cstring>
#include <stdexcept>

#include <gtest/gtest.h>

#include "common/process/shared_memory.hpp"

namespace chatd::process {
namespace {

// The worker's loop runs in the test itself: it returns when the board is closed.
class PoolWorkerTest : public ::testing::Test {
 protected:
  void put(TaskId id, TaskEntry entry, bool call_follows = true) {
    ASSERT_TRUE(board_->try_put({.id = id, .entry = entry, .call_follows = call_follows}, call_));
  }
  ReplyHeader next_reply() {
    reply_ = ends_.first.receive(kNoWait).value().value();
    ReplyHeader header{};
    std::memcpy(&header, reply_.data(), sizeof header);
    return header;
  }
  std::string reply_text() const {
    return {reinterpret_cast<const char*>(reply_.data()) + sizeof(ReplyHeader),
            reply_.size() - sizeof(ReplyHeader)};
  }

  SharedObject<TaskBoard> board_ =
      SharedObject<TaskBoard>::create(TaskBoard::capacity(), TaskBoard::capacity()).value();
  std::pair<PipeEnd, PipeEnd> ends_ = make_pipe().value();
  Bytes call_;
  Bytes reply_;
};

TEST_F(PoolWorkerTest, AnswersEachTaskAndEndsWithTheBoard) {
  call_ = {std::byte{'h'}, std::byte{'i'}};
  put(1, [](std::span<const std::byte> in, Bytes& out) -> Result<> {
    append_raw(out, in.data(), in.size());
    return {};
  });
  put(2, [](std::span<const std::byte>, Bytes& out) -> Result<> {
    append_raw(out, "half", 4);
    return fail(Error{"no luck", 13});
  });
  put(3, [](std::span<const std::byte>, Bytes&) -> Result<> { throw std::runtime_error{"oh"}; });
  board_->close();
  EXPECT_EQ(serve_tasks(*board_, 0, ends_.second), 0);

  ReplyHeader header = next_reply();
  EXPECT_EQ(header.id, 1U);
  EXPECT_EQ(header.kind, ReplyKind::done);
  EXPECT_EQ(reply_text(), "hi");
  header = next_reply();
  EXPECT_EQ(header.kind, ReplyKind::failed);
  EXPECT_EQ(header.code, 13);
  EXPECT_EQ(reply_text(), "no luck");
  header = next_reply();
  EXPECT_EQ(header.kind, ReplyKind::failed);
  EXPECT_EQ(reply_text(), "uncaught exception: oh");
  EXPECT_EQ(board_->held_by(0), kNoTask);
}

TEST_F(PoolWorkerTest, FetchesALargeCall) {
  put(
      9,
      [](std::span<const std::byte> in, Bytes& out) -> Result<> {
        append_raw(out, in.data(), in.size());
        return {};
      },
      false);
  board_->close();
  // The answer to the request that the worker is going to send.
  const std::string_view large{"large"};
  ASSERT_TRUE(ends_.first.send(std::as_bytes(std::span{large})).has_value());
  EXPECT_EQ(serve_tasks(*board_, 0, ends_.second), 0);
  EXPECT_EQ(next_reply().kind, ReplyKind::fetch);
  EXPECT_EQ(next_reply().kind, ReplyKind::done);
  EXPECT_EQ(reply_text(), "large");
}

TEST_F(PoolWorkerTest, EndsWhenItsOwnerHasEnded) {
  put(1, [](std::span<const std::byte>, Bytes&) -> Result<> { return {}; });
  ends_.first.close();
  EXPECT_EQ(serve_tasks(*board_, 0, ends_.second), 1);
}

}  // namespace
}  // namespace chatd::process
