// SPDX-License-Identifier: GPL-3.0-or-later
// A service is killed at each crash point while it writes a snapshot, or starts from one: the next
// service has every member and every message once, or starts empty.
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <vector>

#include <gmock/gmock.h>

#include "tests/fault/handover/full_service.hpp"
#include "tests/support/crash.hpp"

namespace chatd::handover {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;

// A store of descriptors like the service manager's: a descriptor survives the process that stored
// it.
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
  // Returns the stored descriptor; a closed one if there is none.
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

class SnapshotCrashTest : public FullService {
 protected:
  static constexpr state::Slot kBobsSlot{2};

  // Expects a room without a record, a member or a key of the predecessor.
  static void expect_nothing(const Begin& begin) {
    EXPECT_TRUE(begin.is_lost);
    EXPECT_EQ(begin.sessions, 0U);
    EXPECT_EQ(members_of(begin), 0U);
    EXPECT_EQ(log_of(begin), std::vector<std::string>{});
    EXPECT_FALSE(keys(begin).rx_key(kCydsSlot, kCydsCounter));
  }
  // The files of the predecessor, with a snapshot or without.
  Kept kept_with(const UniqueFd& snapshot) {
    Kept all = kept();
    if (snapshot.is_open()) all.snapshot = copy(snapshot);
    return all;
  }
  // Does the same as prepare_succession() and the storing after it.
  void leave(Store& store) const {
    if (!note_handed_over(first_.state.get())) ::_exit(1);
    const auto snapshot = make_snapshot(first_.state.get(), first_.keys.get());
    if (!snapshot) ::_exit(1);
    store.keep(*snapshot);
  }
  UniqueFd snapshot() { return make_snapshot(first_.state.get(), first_.keys.get()).value(); }
  // Starts a service, long enough after the last one that the state is trusted.
  Begin start_service(Kept kept) {
    now_ += seconds{60};
    return take_over(std::move(kept), wanted()).value();
  }
  void write_layout(std::uint32_t version) {
    EXPECT_EQ(::pwrite(first_.state.get(), &version, sizeof version,
                       offsetof(state::Header, layout_version)),
              static_cast<ssize_t>(sizeof version));
  }
  // Runs `work` as a program that was built with another layout.
  void in_another_layout(const std::function<void()>& work) {
    write_layout(0xFFFF);
    work();
    write_layout(state::kLayoutVersion);
  }

  // Appends a record about bob, as the gateway does.
  void append_bob(state::RecordKind kind) const {
    const auto state = view(first_);
    state::RoomLog{state}.append({.kind = kind,
                                  .sender = state::SessionTable{state}.sender(kBobsSlot),
                                  .name = "bob",
                                  .text = {},
                                  .time = now_});
  }
  void bob_joins() const {
    const auto state = view(first_);
    state::SessionTable sessions{state};
    sessions.open(kBobsSlot, {.kind = state::SessionKind::text,
                              .delivery = test::delivery_to(test::endpoint("192.0.2.3:5000")),
                              .name = "bob",
                              .log_tail = state.ring_head().tail.load(),
                              .joined = now_,
                              .now = test::mono_at(seconds{1})});
    append_bob(state::RecordKind::join);
    sessions.activate(kBobsSlot);
  }
  void bob_leaves() const {
    const auto state = view(first_);
    state::SessionTable sessions{state};
    sessions.begin_leave(kBobsSlot, state::LeaveKind::quit, state.ring_head().tail.load());
    append_bob(state::RecordKind::leave);
    sessions.release(kBobsSlot);
  }
  // Is bob on the member lists that clients keep from the log?
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
  // Kills the whole service at each crash point of `work`; the next service has other sizes.
  // Returns the number of crash points.
  int kill_bobs_gateway(const std::function<void()>& before, const std::function<void()>& work) {
    geometry_ = kLarger;
    for (int step = 1;; ++step) {
      SCOPED_TRACE("crash point " + std::to_string(step));
      before();
      const bool killed = test::is_killed_at(step, work);
      const auto next = start_service(kept());
      EXPECT_EQ(is_bob_listed(next), is_bob_in(next));
      EXPECT_LE(test::records_of(view(next)).size(), test::records_of(view(first_)).size() + 1);
      if (!killed) return step;
      bob_leaves();
    }
  }

  // Kills the service at each crash point while it writes the snapshot, and lets `next` check the
  // state. Returns the number of crash points.
  int kill_while_leaving(const std::function<void(const UniqueFd& snapshot)>& next) {
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
  // Kills the service at each crash point while it starts; `next` starts after it.
  int kill_while_starting(const UniqueFd& snapshot, const std::function<void()>& next) {
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

TEST_F(SnapshotCrashTest, WhileLeavingTheSameProgramUsesTheSameMemory) {
  const int steps = kill_while_leaving([&](const UniqueFd& left) {
    const auto next = start_service(kept_with(left));
    EXPECT_TRUE(next.is_kept);
    expect_everything(next);
  });
  EXPECT_GT(steps, 6);
}

TEST_F(SnapshotCrashTest, WhileLeavingAServiceOfOtherSizesFindsEverything) {
  geometry_ = kLarger;
  const int steps = kill_while_leaving([&](const UniqueFd& left) {
    const auto next = start_service(kept_with(left));
    EXPECT_FALSE(next.is_kept);
    EXPECT_EQ(next.sessions, 2U);
    expect_everything(next);
  });
  EXPECT_GT(steps, 6);
}

// Another layout cannot read the memory. An unfinished snapshot was not stored either.
TEST_F(SnapshotCrashTest, WhileLeavingAServiceOfAnotherLayoutFindsAllOrNothing) {
  const int steps = kill_while_leaving([&](const UniqueFd& left) {
    in_another_layout([&] {
      const auto next = start_service(kept_with(left));
      left.is_open() ? expect_everything(next) : expect_nothing(next);
    });
  });
  EXPECT_GT(steps, 6);
}

// The orderly end is noted before the snapshot is written: a service that dies while it writes the
// snapshot does not count as one that died with its state, however often that happens.
TEST_F(SnapshotCrashTest, WhileLeavingRepeatedDeathsKeepTheStateTrusted) {
  for (int i = 0; i < 3 * static_cast<int>(kMaxTakeOvers); ++i) {
    SCOPED_TRACE(i);
    Store store;
    EXPECT_TRUE(test::is_killed_at(1 + i % 5, [&] { leave(store); }));
    now_ += seconds{1};
    expect_everything(take_over(kept(), wanted()).value());
  }
}

TEST_F(SnapshotCrashTest, WhileStartingMemoryOfOtherSizesStaysUnchanged) {
  const auto old_geometry = geometry_;
  geometry_ = kLarger;
  const int steps = kill_while_starting({}, [&] {
    expect_everything(start_service(kept()));
    // A service with the first sizes can still use the first memory.
    geometry_ = old_geometry;
    const auto back = start_service(kept());
    EXPECT_TRUE(back.is_kept);
    expect_everything(back);
    geometry_ = kLarger;
  });
  EXPECT_GT(steps, 25);
}

TEST_F(SnapshotCrashTest, WhileStartingTheSnapshotStaysReadable) {
  const UniqueFd left = snapshot();
  in_another_layout([&] {
    const int steps =
        kill_while_starting(left, [&] { expect_everything(start_service(kept_with(left))); });
    EXPECT_GT(steps, 20);
  });
}

// The leave record of a member without a slot is only in memory that died with the service.
TEST_F(SnapshotCrashTest, WhileStartingWithFewerSlotsEachMemberLeftOutLeavesOnce) {
  geometry_ = {.sessions = 4, .ring_bytes = 65536};  // cyd's slot is beyond
  const int steps = kill_while_starting({}, [&] {
    const auto next = start_service(kept());
    expect_ada(next);
    EXPECT_EQ(members_of(next), 1U);
    const auto records = test::records_of(view(next));
    EXPECT_EQ(records.size(), log_.size() + 1);
    EXPECT_EQ(records.back().kind, state::RecordKind::leave);
    EXPECT_EQ(records.back().name, "cyd");
    FullRooms::expect_only_the_ids(view(next));
  });
  EXPECT_GT(steps, 20);
}

// A service that started from a snapshot and is killed soon after leaves its state to the next.
TEST_F(SnapshotCrashTest, StateFromASnapshotIsKeptLikeAnyOther) {
  const UniqueFd left = snapshot();
  Begin second{};
  in_another_layout([&] { second = start_service(kept_with(left)); });
  const auto its = [&] {
    return Kept{.state = copy(second.state), .keys = copy(second.keys), .snapshot = {}};
  };
  int step = 0;
  for (bool killed = true; killed;) {
    SCOPED_TRACE("crash point " + std::to_string(++step));
    now_ += seconds{60};
    killed = test::is_killed_at(step, [&] { (void)take_over(its(), wanted()); });
    const auto third = start_service(its());
    EXPECT_TRUE(third.is_kept);
    expect_everything(third);
  }
  EXPECT_GT(step, 5);
}

// A new gateway would complete an unfinished login; a snapshot holds only active members.
TEST_F(SnapshotCrashTest, AnInterruptedLoginIsAMemberOrSeenToLeave) {
  EXPECT_GT(kill_bobs_gateway([] {}, [&] { bob_joins(); }), 8);
}

TEST_F(SnapshotCrashTest, AnInterruptedLogoutIsAMemberOrSeenToLeave) {
  EXPECT_GT(kill_bobs_gateway([&] { bob_joins(); }, [&] { bob_leaves(); }), 8);
}

// A memory file gets its size before its bytes: unwritten bytes are zeros.
TEST_F(SnapshotCrashTest, AnIncompleteSnapshotIsRefused) {
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
        const auto next = start_service(kept_with(half));
        expect_nothing(next);
        EXPECT_THAT(next.words, HasSubstr("the snapshot cannot be read"));
      }
    }
  });
}

}  // namespace
}  // namespace chatd::handover
