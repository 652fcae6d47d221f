// SPDX-License-Identifier: GPL-3.0-or-later
// render.hpp — the daemon's reports as text for people.
//
// Runs in:   chatctl.
// Invariant: pure; the time is an argument. Control characters of a report are escaped.
#pragma once

#include <string>
#include <vector>

#include "common/base/time.hpp"
#include "common/wire/control/control_reports.hpp"
#include "common/wire/control/event_reports.hpp"
#include "common/wire/control/history_reports.hpp"
#include "common/wire/control/invitation_reports.hpp"
#include "common/wire/control/long_reports.hpp"
#include "common/wire/control/name_reports.hpp"
#include "common/wire/control/room_change_reports.hpp"
#include "common/wire/control/room_reports.hpp"
#include "common/wire/control/rule_reports.hpp"
#include "common/wire/control/status_reports.hpp"
#include "common/wire/control/web_reports.hpp"
#include "ctl/status_rates.hpp"
#include "ctl/table.hpp"

namespace chatd::ctl {

[[nodiscard]] std::string render(const wire::StatusReport& report, const Style& style, WallTime now,
                                 const Rates& rates = {});
[[nodiscard]] std::string render(const wire::UsersReport& report, const Style& style, WallTime now);
[[nodiscard]] std::string render(const wire::WorkersReport& report, const Style& style,
                                 WallTime now);
[[nodiscard]] std::string render(const wire::RoomsReport& report, const Style& style, WallTime now);
[[nodiscard]] std::string render(const wire::RoomReport& report, const Style& style, WallTime now);
[[nodiscard]] std::string render(const wire::MetricsReport& report);
[[nodiscard]] std::string render(const wire::WebReport& report, const Style& style);
[[nodiscard]] std::string render(const wire::MadeRoomReport& report);
[[nodiscard]] std::string render(const wire::KeptRoomReport& report);
[[nodiscard]] std::string render(const wire::DroppedRoomReport& report);
[[nodiscard]] std::string render(const wire::RenamedRoomReport& report);
[[nodiscard]] std::string render(const wire::RoomSetReport& report);
[[nodiscard]] std::string render(const wire::RoomRoleReport& report);
[[nodiscard]] std::string render(const wire::RulesReport& report, const Style& style, WallTime now);
[[nodiscard]] std::string render(const wire::PlacedReport& report, const Style& style,
                                 WallTime now);
[[nodiscard]] std::string render(const wire::LiftedReport& report);
[[nodiscard]] std::string render(const wire::NamesReport& report, const Style& style, WallTime now);
[[nodiscard]] std::string render(const wire::ChangedNameReport& report);
[[nodiscard]] std::string render(const wire::TokenReport& report);
[[nodiscard]] std::string render(const wire::InvitedReport& report, const Style& style,
                                 WallTime now);
[[nodiscard]] std::string render(const wire::InvitationsReport& report, const Style& style,
                                 WallTime now);
[[nodiscard]] std::string render(const wire::RevokedReport& report);
[[nodiscard]] std::string render(const wire::HistoryReport& report);
[[nodiscard]] std::string render(const wire::SearchReport& report);
[[nodiscard]] std::string render(const wire::HistoryRow& row);
[[nodiscard]] std::string render(const wire::ErasedReport& report);
// `file`: that was made.
[[nodiscard]] std::string render(const wire::BackupReport& report, std::string_view file);
[[nodiscard]] std::string render(const wire::ArchiveReport& report);
[[nodiscard]] std::string render(const wire::EventsReport& report);
[[nodiscard]] std::string render(const wire::ReloadReport& report);
[[nodiscard]] std::string render(const wire::KickReport& report);
[[nodiscard]] std::string render(const wire::AnnounceReport& report);
[[nodiscard]] std::string render(const wire::StopReport& report);
[[nodiscard]] std::string render(const wire::FingerprintReport& report);
[[nodiscard]] std::string render(const wire::KeyReport& report);
[[nodiscard]] std::string render(const wire::UpgradeSummary& report);

// Parts of several reports.
[[nodiscard]] std::string users_table(const std::vector<wire::UserRow>& users, const Style& style,
                                      WallTime now);
[[nodiscard]] std::string rules_table(const std::vector<wire::RuleRow>& rules, const Style& style,
                                      WallTime now);

}  // namespace chatd::ctl
