// SPDX-License-Identifier: GPL-3.0-or-later
// erasures.hpp — the list of the lines that were erased: by their numbers, without their text. It
// is a file beside the database, so that a database that is restored from an older copy loses them
// again.
//
// Runs in:   archive.
// Owns:      nothing between two calls: the file is the list.
// Invariant: an erasure is on disk here before its rows are deleted in the database; the database
//            stores the number of the last one that it has carried out. The file is 0600, and no
//            backup has it: it must not be replaced by an older one.
// Shape:     one JSON object a line. A line that was cut by a crash is removed by the next add().
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace chatd::archive {

// Numbers of lines, first and last one included.
struct NumberRange {
  std::uint64_t first{0};
  std::uint64_t last{0};
  friend bool operator==(const NumberRange&, const NumberRange&) = default;
};
using NumberRanges = std::vector<NumberRange>;
// Adds a number that is not below the last one.
void add_number(NumberRanges& ranges, std::uint64_t number);

struct Erasure {
  std::uint64_t id{0};       // add() gives it: above that of all earlier ones
  std::uint64_t lineage{0};  // of the database, see HistoryDb
  std::uint64_t room{0};     // its number in the database
  NumberRanges lines;
  // At least the time of each erased line. Later lines with these numbers are of another database.
  WallTime at;
  std::string by;  // a member's name, or "uid 0"
};

class Erasures {
 public:
  explicit Erasures(std::string path) : path_{std::move(path)} {}

  // Appends it and waits for the disk. Returns its id, which is above `above`.
  [[nodiscard]] Result<std::uint64_t> add(Erasure erasure, std::uint64_t above);
  // The same, if such an erasure may be in the list: one of the same lines is replaced, so that
  // repeated ones are one. Reads the list.
  [[nodiscard]] Result<std::uint64_t> add_again(Erasure erasure, std::uint64_t above);
  // Calls take() for those with an id above `after`, in order, until it fails.
  [[nodiscard]] Result<> for_each(std::uint64_t after,
                                  const std::function<Result<>(const Erasure&)>& take) const;
  // Removes those from before `limit`: no database has such lines any more.
  [[nodiscard]] Result<> forget(WallTime limit);
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  [[nodiscard]] Result<std::string> read() const;
  [[nodiscard]] Result<> look();

  std::string path_;
  std::uint64_t last_id_{0};  // of the file
  std::uint64_t bytes_{0};    // of its whole lines
  bool is_known_{false};      // the two above
};

}  // namespace chatd::archive
