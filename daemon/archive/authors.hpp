// SPDX-License-Identifier: GPL-3.0-or-later
// authors.hpp — the author of a message, from the sender in its record.
//
// Runs in:   archive.
// Borrows:   the StateView.
// Owns:      for each slot, the person of the last join or `speaker` that was read: a member that
//            writes one line and leaves is known by it when its slot is free again.
#pragma once

#include <cstdint>
#include <vector>

#include "common/wire/native/native_record.hpp"
#include "daemon/archive/batch.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::archive {

class Authors {
 public:
  explicit Authors(const state::StateView& state)
      : state_{state}, joined_(state.geometry().sessions) {}

  // For each record that is read, in their order.
  void note(const wire::RecordHeader& header);
  [[nodiscard]] Author of(const wire::RecordView& record) const;

 private:
  struct Joined {
    std::uint64_t generation{0};
    std::uint64_t person{0};
  };
  const state::StateView& state_;
  std::vector<Joined> joined_;
};

}  // namespace chatd::archive
