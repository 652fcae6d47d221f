// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/state_region.hpp"

#include "daemon/state/mailbox.hpp"

namespace chatd::test {

namespace {

UniqueFd new_region(const state::Geometry& geometry) {
  return state::create_region(geometry, kHistoryId, wall_at(std::chrono::seconds{1})).value();
}

}  // namespace

StateFixture::StateFixture(state::Geometry geometry)
    : region_{new_region(geometry)},
      state_{state::StateView::map(region_.get(), state::Access::writer).value()},
      key_region_{state::KeyTable::create(geometry.sessions).value()},
      keys_{state::KeyTable::map(key_region_.get(), geometry.sessions, state::Access::writer)
                .value()} {}

void StateFixture::renew_region() {
  region_ = new_region(state_.geometry());
  state_ = state::StateView::map(region_.get(), state::Access::writer).value();
}

state::StateView StateFixture::follower() const {
  return state::StateView::map(region_.get(), state::Access::follower).value();
}

std::vector<SeenRecord> records_of(const state::StateView& state) {
  return records_of(state.room_log());
}

namespace {

SeenRecord seen(const wire::RecordView& record) {
  return {.kind = record.header.kind,
          .sender = logs::sender_of(record.header),
          .sequence = record.header.sequence,
          .uplink_offset = record.header.uplink_offset,
          .name = std::string{record.name},
          .text = std::string{record.text}};
}

}  // namespace

std::vector<SeenRecord> records_of(const logs::LogMemory& memory) {
  using Status = logs::LogFollower::Status;
  logs::RecordBuffer buffer;
  logs::LogFollower log{memory, buffer, memory.oldest()};
  std::vector<SeenRecord> all;
  for (;;) {
    wire::RecordView record{};
    if (const Status status = log.next(record); status != Status::record) {
      EXPECT_EQ(status, Status::empty) << "at offset " << log.cursor();
      EXPECT_EQ(log.cursor(), memory.tail());
      return all;
    }
    if (!all.empty()) {
      EXPECT_GT(record.header.sequence, all.back().sequence);
    }
    all.push_back(seen(record));
  }
}

std::vector<SeenRecord> mailbox_records(const state::StateView& state, state::Slot slot) {
  const state::Mailbox mailbox{state, slot};
  std::vector<std::byte> bytes(mailbox.tail());
  mailbox.read(0, bytes);
  std::vector<SeenRecord> all;
  for (wire::Bytes rest = bytes; !rest.empty();) {
    const auto record = wire::read_record(rest).value();
    all.push_back(seen(record));
    rest = rest.subspan(record.header.size);
  }
  return all;
}

MonoTime mono_at(std::chrono::microseconds time) { return MonoTime{time}; }
WallTime wall_at(std::chrono::microseconds time) { return WallTime{time}; }

Endpoint endpoint(std::string_view text) {
  const auto parsed = parse_endpoint(text);
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed.value_or(Endpoint{});
}

state::Delivery delivery_to(const Endpoint& peer, bool newline, std::uint16_t socket) {
  return {.peer = peer,
          .local = {},
          .socket = socket,
          .newline = static_cast<std::uint8_t>(newline ? 1 : 0),
          .unproved = 0};
}

}  // namespace chatd::test
