// SPDX-License-Identifier: GPL-3.0-or-later
// log_file.hpp — the file that the lines of the conversation are appended to.
//
// Runs in:   uchat's terminal process.
// Owns:      the descriptor, and with it the lock of the file: one program at a time writes to it.
// Invariant: the file has whole lines only, unless the machine crashes. The lines of one append()
//            are one write(2).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

class LogFile {
 public:
  // Opens or makes a regular file; a new one has the mode 0600. Error: the message has the path.
  [[nodiscard]] static Result<LogFile> open(const std::string& path, wire::Language language);

  // Appends lines, each with its newline. If they cannot be written, none of them is in the file,
  // and they are dropped and counted: their number is written before the next lines that can be
  // written. Returns the reason the first time of several in a row.
  [[nodiscard]] std::optional<Error> append(std::string_view lines);

 private:
  LogFile(UniqueFd fd, std::string path, wire::Language language)
      : fd_{std::move(fd)}, path_{std::move(path)}, language_{language} {}
  [[nodiscard]] Result<> write(std::string_view text) const;

  UniqueFd fd_;
  std::string path_;
  wire::Language language_;
  std::size_t missing_{0};  // lines that were dropped since the last write
};

}  // namespace chatd::client
