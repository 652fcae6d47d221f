// SPDX-License-Identifier: GPL-3.0-or-later
// A service that is killed while it leaves a snapshot, or comes up from one, after each of its
// steps: the next one has everybody and every word once, or starts without any.
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <functional>
#include <vector>

#include <gmock/gmock.h>

#include "tests/fault/handover/company.hpp"
#include "tests/support/crash.hpp"

namespace chatd::handover {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;

// The service manager's store of descriptors: what was put in is there when who did it is dead.
class Store {
 public:
  Store() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    in_ = UniqueFd{ends[0]};
    out_ = UniqueFd{ends[1]};
  }
  void keep(const UniqueFd& fd) {
    Message message;
    cmsghdr* const rights = CMSG_FIRSTHDR(&message.header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int));
    const int number = fd.get();
    std::memcpy(CMSG_DATA(rights), &number, sizeof number);
    if (::sendmsg(in_.get(), &message.header, 0) != 1) ::_exit(1);
  }
  // Closed: nothing was kept.
  UniqueFd take() {
    Message message;
    if (::recvmsg(out_.get(), &message.header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) != 1) return {};
    int number = -1;
    std::memcpy(&number, CMSG_DATA(CMSG_FIRSTHDR(&message.header)), sizeof number);
    return UniqueFd{number};
  }

 private:
  struct Message {
    char byte{'x'};
    iovec data{.iov_base = &byte, .iov_len = 1};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    msghdr header{.msg_name = nullptr,
                  .msg_namelen = 0,
                  .msg_iov = &data,
                  .msg_iovlen = 1,
                  .msg_control = control.data(),
                  .msg_controllen = control.size(),
                  .msg_flags = 0};
  };
  UniqueFd in_;
  UniqueFd out_;
};

class SnapshotCrashTest : public Company {
 protected:
  static constexpr std::uint32_t kBobsSlot = 2;

  // A room of which nothing came over: not a word, nobody, no key.
  static void expect_nothing(const Begin& begin) {
    EXPECT_TRUE(begin.is_lost);
    EXPECT_EQ(begin.members, 0U);
    EXPECT_EQ(members_of(begin), 0U);
    EXPECT_EQ(log_of(begin), std::vector<std::string>{});
    EXPECT_FALSE(keys(begin).rx_key(kCydsSlot, kCydsCounter));
  }
  // What the service before us left, with a snapshot or without.
  Kept kept_with(const UniqueFd& snapshot) {
    Kept all = kept();
    if (snapshot.is_open()) all.snapshot = copy(snapshot);
    return all;
  }
  // As prepare_succession() and the keeping after it.
  void leave(Store& store) const {
    if (!note_handed_over(first_.state.get())) ::_exit(1);
    const auto snapshot = make_snapshot(first_.state.get(), first_.keys.get());
    if (!snapshot) ::_exit(1);
    store.keep(*snapshot);
  }
  UniqueFd snapshot() { return make_snapshot(first_.state.get(), first_.keys.get()).value(); }
  // Far enough from the last one that nobody suspects the state.
  Begin come_up(Kept kept) {
    now_ += seconds{60};
    return take_over(std::move(kept), wanted()).value();
  }
  void write_layout(std::uint32_t version) {
    EXPECT_EQ(::pwrite(first_.state.get(), &version, sizeof version,
                       offsetof(state::Header, layout_version)),
              static_cast<ssize_t>(sizeof version));
  }
  // As a program finds it that was built with another layout.
  void in_another_layout(const std::function<void()>& work) {
    write_layout(0xFFFF);
    work();
    write_layout(state::kLayoutVersion);
  }

  // As the gateway's room does it.
  void tell_of_bob(state::RecordKind kind) const {
    const auto state = view(first_);
    state::RoomLog{state}.append({.kind = kind,
                                  .sender = state::SessionTable{state}.sender(kBobsSlot),
                                  .name = "bob",
                                  .text = {},
                                  .time = now_});
  }
  void bob_comes() const {
    const auto state = view(first_);
    state::SessionTable sessions{state};
    sessions.open(kBobsSlot, {.kind = state::SessionKind::text,
                              .delivery = test::delivery_to(test::endpoint("192.0.2.3:5000")),
                              .name = "bob",
                              .log_tail = state.ring_head().tail.load(),
                              .joined = now_,
                              .now = test::mono_at(seconds{1})});
    tell_of_bob(state::RecordKind::join);
    sessions.activate(kBobsSlot);
  }
  void bob_goes() const {
    const auto state = view(first_);
    state::SessionTable sessions{state};
    sessions.begin_leave(kBobsSlot, state::LeaveKind::quit, state.ring_head().tail.load());
    tell_of_bob(state::RecordKind::leave);
    sessions.release(kBobsSlot);
  }
  // On the lists that members keep by what the log tells them.
  static bool is_bob_listed(const Begin& begin) {
    bool listed = false;
    for (const auto& record : test::records_of(view(begin))) {
      if (record.name == "bob") listed = record.kind == state::RecordKind::join;
    }
    return listed;
  }
  static bool is_bob_in(const Begin& begin) {
    return view(begin).slots()[kBobsSlot].phase.load() == state::SessionPhase::active;
  }
  // Kills all of the service at each step of `work`, and the next one has another shape. Returns
  // how many steps there were.
  int kill_bobs_gateway(const std::function<void()>& before, const std::function<void()>& work) {
    geometry_ = kLarger;
    for (int step = 1;; ++step) {
      SCOPED_TRACE("crash point " + std::to_string(step));
      before();
      const bool killed = test::is_killed_at(step, work);
      const auto next = come_up(kept());
      EXPECT_EQ(is_bob_listed(next), is_bob_in(next));
      EXPECT_LE(test::records_of(view(next)).size(), test::records_of(view(first_)).size() + 1);
      if (!killed) return step;
      bob_goes();
    }
  }

  // Kills who leaves after each step and lets `next` look at what there is. Returns how many
  // steps there were.
  int kill_who_leaves(const std::function<void(const UniqueFd& snapshot)>& next) {
    for (int step = 1;; ++step) {
      SCOPED_TRACE("crash point " + std::to_string(step));
      Store store;
      const bool killed = test::is_killed_at(step, [&] { leave(store); });
      const UniqueFd left = store.take();
      EXPECT_EQ(left.is_open(), !killed);
      next(left);
      if (!killed) return step;
    }
  }
  // Kills who comes up after each step; `next` comes up after it.
  int kill_who_comes_up(const UniqueFd& snapshot, const std::function<void()>& next) {
    for (int step = 1;; ++step) {
      SCOPED_TRACE("crash point " + std::to_string(step));
      now_ += seconds{60};
      const bool killed =
          test::is_killed_at(step, [&] { (void)take_over(kept_with(snapshot), wanted()); });
      next();
      if (!killed) return step;
    }
  }
};

TEST_F(SnapshotCrashTest, WhileASnapshotIsLeftTheSameProgramGoesOnInTheSameMemory) {
  const int steps = kill_who_leaves([&](const UniqueFd& left) {
    const auto next = come_up(kept_with(left));
    EXPECT_TRUE(next.is_kept);
    expect_everything(next);
  });
  EXPECT_GT(steps, 6);
}

TEST_F(SnapshotCrashTest, WhileASnapshotIsLeftOneOfAnotherShapeFindsEverything) {
  geometry_ = kLarger;
  const int steps = kill_who_leaves([&](const UniqueFd& left) {
    const auto next = come_up(kept_with(left));
    EXPECT_FALSE(next.is_kept);
    EXPECT_EQ(next.members, 2U);
    expect_everything(next);
  });
  EXPECT_GT(steps, 6);
}

// The memory means nothing to it. A snapshot that was not finished was not kept either.
TEST_F(SnapshotCrashTest, WhileASnapshotIsLeftOneOfAnotherLayoutFindsAllOfItOrNothing) {
  const int steps = kill_who_leaves([&](const UniqueFd& left) {
    in_another_layout([&] {
      const auto next = come_up(kept_with(left));
      left.is_open() ? expect_everything(next) : expect_nothing(next);
    });
  });
  EXPECT_GT(steps, 6);
}

// That a restart was in order is noted first: a service that dies over its snapshot is not one
// that dies over its state, and however often it does nobody loses the room.
TEST_F(SnapshotCrashTest, WhileASnapshotIsLeftAgainAndAgainTheStateIsNotSuspected) {
  for (int i = 0; i < 3 * static_cast<int>(kMostTakeOvers); ++i) {
    SCOPED_TRACE(i);
    Store store;
    EXPECT_TRUE(test::is_killed_at(1 + i % 5, [&] { leave(store); }));
    now_ += seconds{1};
    expect_everything(take_over(kept(), wanted()).value());
  }
}

TEST_F(SnapshotCrashTest, WhileItComesUpFromMemoryOfAnotherShapeThatIsLeftAsItWas) {
  const auto old_geometry = geometry_;
  geometry_ = kLarger;
  const int steps = kill_who_comes_up({}, [&] {
    expect_everything(come_up(kept()));
    // Whoever has the first sizes again still has the first memory.
    geometry_ = old_geometry;
    const auto back = come_up(kept());
    EXPECT_TRUE(back.is_kept);
    expect_everything(back);
    geometry_ = kLarger;
  });
  EXPECT_GT(steps, 25);
}

TEST_F(SnapshotCrashTest, WhileItComesUpFromASnapshotThatCanStillBeRead) {
  const UniqueFd left = snapshot();
  in_another_layout([&] {
    const int steps = kill_who_comes_up(left, [&] { expect_everything(come_up(kept_with(left))); });
    EXPECT_GT(steps, 20);
  });
}

// What it says itself, that somebody has left, is only in memory that died with it.
TEST_F(SnapshotCrashTest, WhileItComesUpWithFewerSlotsEachWhoIsLeftOutLeavesOnce) {
  geometry_ = {.sessions = 4, .ring_bytes = 65536};  // cyd's slot is beyond
  const int steps = kill_who_comes_up({}, [&] {
    const auto next = come_up(kept());
    expect_ada(next);
    EXPECT_EQ(members_of(next), 1U);
    const auto records = test::records_of(view(next));
    EXPECT_EQ(records.size(), log_.size() + 1);
    EXPECT_EQ(records.back().kind, state::RecordKind::leave);
    EXPECT_EQ(records.back().name, "cyd");
  });
  EXPECT_GT(steps, 20);
}

// What it came up with is the next one's when it is killed soon after.
TEST_F(SnapshotCrashTest, WhatCameUpFromASnapshotIsKeptLikeAnyOther) {
  const UniqueFd left = snapshot();
  Begin second{};
  in_another_layout([&] { second = come_up(kept_with(left)); });
  const auto its = [&] {
    return Kept{.state = copy(second.state), .keys = copy(second.keys), .snapshot = {}};
  };
  int step = 0;
  for (bool killed = true; killed;) {
    SCOPED_TRACE("crash point " + std::to_string(++step));
    now_ += seconds{60};
    killed = test::is_killed_at(step, [&] { (void)take_over(its(), wanted()); });
    const auto third = come_up(its());
    EXPECT_TRUE(third.is_kept);
    expect_everything(third);
  }
  EXPECT_GT(step, 5);
}

// The gateway after it would have finished what it had begun; a snapshot holds only who is in.
TEST_F(SnapshotCrashTest, WhoseComingWasCutOffIsInTheRoomOfAnotherShapeOrSeenToLeave) {
  EXPECT_GT(kill_bobs_gateway([] {}, [&] { bob_comes(); }), 8);
}

TEST_F(SnapshotCrashTest, SoIsWhoseGoingWasCutOff) {
  EXPECT_GT(kill_bobs_gateway([&] { bob_comes(); }, [&] { bob_goes(); }), 8);
}

// A memory file has its size before it has its bytes: behind those that were written are zeros.
TEST_F(SnapshotCrashTest, HalfOfASnapshotIsNotBelieved) {
  const UniqueFd left = snapshot();
  std::vector<char> whole(static_cast<std::size_t>(::lseek(left.get(), 0, SEEK_END)));
  ASSERT_EQ(::pread(left.get(), whole.data(), whole.size(), 0), static_cast<ssize_t>(whole.size()));
  in_another_layout([&] {
    for (std::size_t size = 0; size < whole.size(); size += 1 + (whole.size() - size) / 40) {
      for (const std::size_t zeros : {std::size_t{0}, whole.size() - size}) {
        SCOPED_TRACE(std::to_string(size) + " bytes and " + std::to_string(zeros) + " zeros");
        const UniqueFd half{::memfd_create("half", MFD_CLOEXEC)};
        ASSERT_EQ(::pwrite(half.get(), whole.data(), size, 0), static_cast<ssize_t>(size));
        ASSERT_EQ(::ftruncate(half.get(), static_cast<off_t>(size + zeros)), 0);
        const auto next = come_up(kept_with(half));
        expect_nothing(next);
        EXPECT_THAT(next.words, HasSubstr("the snapshot cannot be read"));
      }
    }
  });
}

}  // namespace
}  // namespace chatd::handover
