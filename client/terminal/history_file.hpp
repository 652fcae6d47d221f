// SPDX-License-Identifier: GPL-3.0-or-later
// history_file.hpp — the file of the lines that the user has typed in earlier runs.
//
// Runs in:   uchat's terminal process.
// Invariant: each line is appended when it is entered, so that a kill loses none, and several
//            programs can use the file at once. load() leaves the last kMaxLines. The file is for
//            its user only. Without the file, or if it cannot be written, nothing is kept.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chatd::client {

class HistoryFile {
 public:
  static constexpr std::size_t kMaxLines = 1000;
  static constexpr std::size_t kMaxLineBytes = 4096;  // a longer one is not kept
  static constexpr std::size_t kMaxFileBytes = 8 * kMaxLines * kMaxLineBytes;  // that are read

  // "": no file.
  explicit HistoryFile(std::string path) : path_{std::move(path)} {}

  // The last lines, the oldest first. A file with many more lines is shortened to these.
  [[nodiscard]] std::vector<std::string> load() const;
  // A text of several lines is one entry.
  void append(std::string_view line) const;

 private:
  void shorten(const std::vector<std::string>& lines) const;

  std::string path_;
};

}  // namespace chatd::client
