// SPDX-License-Identifier: GPL-3.0-or-later
// saving.hpp — the part of an answer that says whether the change that was made is on disk.
//
// Runs in:   gateway (writes) and chatctl (reads). Pure.
// Shape:     `is_saved`, in JSON "saved". true: the change is on disk. false: it is in force, and
//            not on disk yet; `save_problem` says why. null: nothing of it lasts (a rule of a
//            temporary room), nothing was changed, or the daemon is older.
#pragma once

#include <concepts>
#include <optional>
#include <string>

namespace chatd::wire {

template <class Report>
concept SaidToLast = requires(Report& report) {
  { report.is_saved } -> std::same_as<std::optional<bool>&>;
  { report.save_problem } -> std::same_as<std::string&>;
};

}  // namespace chatd::wire
