// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/record_name.hpp"

#include <algorithm>
#include <array>

namespace chatd::wire {

namespace {

struct Row {
  RecordKind kind;
  std::string_view name;
};
constexpr std::array kRows{
    Row{RecordKind::join, "join"},
    Row{RecordKind::leave, "leave"},
    Row{RecordKind::say, "say"},
    Row{RecordKind::announce, "announce"},
    Row{RecordKind::kick, "kick"},
    Row{RecordKind::action, "action"},
    Row{RecordKind::topic, "topic"},
    Row{RecordKind::set, "set"},
    Row{RecordKind::moderated, "moderated"},
    Row{RecordKind::crowd, "crowd"},
    Row{RecordKind::speaker, "speaker"},
    Row{RecordKind::erased, "erased"},
    Row{RecordKind::direct, "direct"},
    Row{RecordKind::notice, "notice"},
    Row{RecordKind::who, "who"},
    Row{RecordKind::joined, "joined"},
    Row{RecordKind::left, "left"},
    Row{RecordKind::rooms, "rooms"},
    Row{RecordKind::about, "about"},
    Row{RecordKind::invited, "invited"},
    Row{RecordKind::sent, "sent"},
    Row{RecordKind::program, "program"},
    Row{RecordKind::programs, "programs"},
    Row{RecordKind::whois, "whois"},
    Row{RecordKind::away, "away"},
    Row{RecordKind::back, "back"},
    Row{RecordKind::stored, "stored"},
    Row{RecordKind::page, "page"},
    Row{RecordKind::own, "own"},
    Row{RecordKind::device, "device"},
    Row{RecordKind::blocks, "blocks"},
    Row{RecordKind::waits, "waits"},
};

}  // namespace

std::string_view name_of(RecordKind kind) noexcept {
  const auto* const row = std::ranges::find(kRows, kind, &Row::kind);
  return row == kRows.end() ? std::string_view{} : row->name;
}

}  // namespace chatd::wire
