// SPDX-License-Identifier: GPL-3.0-or-later
// One process appends as fast as it can, others read on read-only mappings: no record is
// ever torn, none is read twice or out of order, and a lapped reader gets that status.
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "daemon/state/room_log.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::state {
namespace {

constexpr std::uint64_t kRecords = 200'000;
constexpr std::size_t kReaders = 3;

std::uint64_t checksum_of(std::string_view text) {
  std::uint64_t hash = 14695981039346656037U;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return hash;
}

// The number of the record, a checksum of the rest, and a body of varying length.
std::string text_of(std::uint64_t number) {
  std::string body = std::to_string(number) + ' ';
  body.append(number * 131 % 800, static_cast<char>('a' + number % 26));
  return std::to_string(checksum_of(body)) + ' ' + body;
}

bool is_whole(const wire::RecordView& record) {
  const auto space = record.text.find(' ');
  if (space == std::string_view::npos) return false;
  const std::string_view body = record.text.substr(space + 1);
  return record.text.substr(0, space) == std::to_string(checksum_of(body)) &&
         body.starts_with(std::to_string(record.header.sequence) + ' ') && record.name == "writer";
}

class RoomLogStressTest : public test::StateFixture {
 protected:
  // 0: read to the end without a fault. `pause` makes a slow reader.
  int read_all(std::size_t reader_index, unsigned pause) const {
    using Status = logs::LogFollower::Status;
    const StateView view = follower();
    logs::RecordBuffer buffer;
    logs::LogFollower log{view.room_log(), buffer, Offset{}};
    WorkerCounters& counters = view.worker_counters(reader_index);
    std::uint64_t next_sequence = 0;
    while (next_sequence < kRecords) {
      const Offset at = log.cursor();
      wire::RecordView record{};
      const Status status = log.next(record);
      if (status == Status::corrupt) return 2;
      if (log.cursor() < at) return 3;
      if (status == Status::lapped) counters.members_lapped.fetch_add(1);
      if (status != Status::record) continue;
      const std::uint64_t sequence = record.header.sequence;
      if (!is_whole(record)) return 4;
      if (sequence < next_sequence) return 5;
      // A gap without a lap would be a lost record.
      if (sequence != next_sequence) counters.datagrams_failed.fetch_add(1);
      next_sequence = sequence + 1;
      counters.lines_delivered.fetch_add(1);
      for (unsigned i = 0; i < pause; ++i) (void)log.log().tail();
    }
    return 0;
  }
};

TEST_F(RoomLogStressTest, NoReaderGetsATornRecord) {
  std::array<pid_t, kReaders> readers{};
  for (std::size_t i = 0; i < kReaders; ++i) {
    readers[i] = ::fork();
    if (readers[i] == 0) ::_exit(read_all(i, static_cast<unsigned>(i) * 300));
  }
  RoomLog log{state_};
  for (std::uint64_t i = 0; i < kRecords; ++i) {
    const std::string text = text_of(i);
    ASSERT_TRUE(log.append({.kind = RecordKind::say,
                            .sender = Sender{.slot = Slot{0}, .generation = Generation{1}},
                            .name = "writer",
                            .text = text,
                            .time = {}}));
  }
  std::uint64_t laps = 0;
  for (std::size_t i = 0; i < kReaders; ++i) {
    int status = -1;
    ASSERT_EQ(::waitpid(readers[i], &status, 0), readers[i]);
    EXPECT_EQ(status, 0) << "reader " << i << " ended with status " << WEXITSTATUS(status);
    const WorkerCounters& counters = state_.worker_counters(i);
    EXPECT_GT(counters.lines_delivered.load(), 0U);
    EXPECT_LE(counters.datagrams_failed.load(), counters.members_lapped.load());
    laps += counters.members_lapped.load();
  }
  EXPECT_GT(laps, 0U) << "the ring was too large for this test";
}

}  // namespace
}  // namespace chatd::state
