// SPDX-License-Identifier: GPL-3.0-or-later
// reserve.hpp — a file that takes space on the disk until the disk is full: on a full disk SQLite
// cannot even delete, because deleted rows go through its journal.
//
// Runs in:   archive.
// Invariant: the file exists while the disk has space for it.
#pragma once

#include <cstdint>
#include <string>

#include "common/base/result.hpp"

namespace chatd::archive {

class Reserve {
 public:
  Reserve(std::string path, std::uint64_t bytes) : path_{std::move(path)}, bytes_{bytes} {}
  // Takes the space, if it is not taken already.
  [[nodiscard]] Result<> take();
  // Gives it to the database. Returns whether there was any.
  bool give_up() noexcept;

 private:
  std::string path_;
  std::uint64_t bytes_;
};

}  // namespace chatd::archive
