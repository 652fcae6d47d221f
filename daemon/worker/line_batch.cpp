// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/worker/line_batch.hpp"

#include <algorithm>

#include "common/wire/text/phrases.hpp"
#include "common/wire/text/text_line.hpp"
#include "daemon/log/message_times.hpp"

namespace chatd::worker {

namespace {

// Eight full datagrams a member and pass: a member that is far behind must not delay the others,
// and a client's receive buffer holds a few dozen.
constexpr std::size_t kDatagrams = 8;
constexpr std::size_t kRecords = 1024;

std::optional<wire::LineKind> line_of(state::RecordKind kind) {
  switch (kind) {
    case state::RecordKind::join:
      return wire::LineKind::joined;
    case state::RecordKind::leave:
      return wire::LineKind::left;
    case state::RecordKind::say:
      return wire::LineKind::said;
    case state::RecordKind::announce:
      return wire::LineKind::announced;
    case state::RecordKind::kick:
      return wire::LineKind::kicked;
    case state::RecordKind::action:
      return wire::LineKind::acted;
    case state::RecordKind::crowd:
      return wire::LineKind::crowd;
    case state::RecordKind::speaker:
    case state::RecordKind::topic:
    case state::RecordKind::set:
    case state::RecordKind::moderated:
    case state::RecordKind::erased:
    case state::RecordKind::direct:
    case state::RecordKind::notice:
    case state::RecordKind::who:
    case state::RecordKind::joined:
    case state::RecordKind::left:
    case state::RecordKind::rooms:
    case state::RecordKind::about:
    case state::RecordKind::blocks:
    case state::RecordKind::waits:
    case state::RecordKind::invited:
    case state::RecordKind::sent:
    case state::RecordKind::program:
    case state::RecordKind::programs:
    case state::RecordKind::whois:
    case state::RecordKind::away:
    case state::RecordKind::back:
    case state::RecordKind::stored:
    case state::RecordKind::page:
    case state::RecordKind::own:
    case state::RecordKind::device:
      break;  // speakers, changes of rooms, erasures, and records that are in mailboxes only
  }
  return std::nullopt;  // a kind that text members do not receive
}

}  // namespace

LineBatch::LineBatch(const logs::LogMemory& log, logs::RecordBuffer& buffer,
                     wire::Language language)
    : log_{log, buffer, logs::Offset{}},
      packer_{kDatagrams},
      language_{language},
      marks_(kDatagrams) {
  senders_.reserve(kRecords);
}

void LineBatch::render(std::uint64_t from, std::optional<state::Sender> without) {
  using Status = logs::LogFollower::Status;
  packer_.clear();
  senders_.clear();
  from_ = from;
  end_ = from;
  std::ranges::fill(marks_, Mark{});
  lapped_ = false;
  rendered_ = true;
  log_.seek(logs::Offset{from});
  for (std::size_t records = 0; records < kRecords; ++records) {
    wire::RecordView record{};
    const Status status = log_.next(record);
    if (status == Status::empty) return;
    // A record, or the line about lost ones, that does not fit comes first in the next batch.
    if (status == Status::record) {
      const auto sender = logs::sender_of(record.header);
      const bool is_left_out = without && sender == without;
      if (!is_left_out && !add(record)) return;
      if (sender) senders_.push_back(*sender);
    } else {
      if (!add_missed()) return;
      lapped_ = true;
    }
    end_ = log_.cursor();
    if (packer_.size() != 0) marks_[packer_.size() - 1].end = end_;
  }
}

// False: the datagrams are full.
bool LineBatch::add(const wire::RecordView& record) {
  const auto kind = line_of(record.header.kind);
  if (!kind || wire::is_erased(record)) return true;
  wire::Line line{.kind = *kind, .name = record.name, .text = record.text};
  if (*kind == wire::LineKind::crowd) {
    const auto crowd = wire::read_crowd(record.text);
    if (!crowd) return true;
    line.joined = crowd->joined;
    line.left = crowd->left;
  }
  if (!packer_.add(language_, line)) return false;
  Mark& mark = marks_[packer_.size() - 1];
  ++mark.lines;
  if (mark.appended == 0 && logs::is_message(record.header.kind)) {
    mark.appended = record.header.wall_time;
  }
  return true;
}

// Records were overwritten before this member got them. It receives a line about that, and goes
// on with the records that there are.
bool LineBatch::add_missed() {
  return packer_.add(language_, {.kind = wire::LineKind::announced,
                                 .name = {},
                                 .text = wire::phrase(language_, wire::Reason::missed)});
}

bool LineBatch::is_from(const state::Sender& sender) const noexcept {
  return std::ranges::find(senders_, sender) != senders_.end();
}

std::string_view LineBatch::datagram(std::size_t i, bool newline) const noexcept {
  const std::string_view lines = packer_.datagram(i);
  return newline ? std::string_view{lines.data(), lines.size() + 1} : lines;
}

}  // namespace chatd::worker
