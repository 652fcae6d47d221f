// SPDX-License-Identifier: GPL-3.0-or-later
// backup_answer.hpp — the answer to `chatctl backup`: a tar archive of the state directory, as it
// was at one moment, in pieces.
//
// Runs in:   archive.
// Invariant: it has all databases, or is refused; without history.enabled that of the messages is
//            none of them. The size is known before the first byte. Databases are read by
//            store::Backup, so that nothing is written to the disk; other files are read at once.
//            The list of erasures is not in it: a backup that is restored must not replace a newer
//            list.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/archive/long_answer.hpp"
#include "daemon/store/backup.hpp"

namespace chatd::archive {

class BackupAnswer : public LongAnswer {
 public:
  // A database of the state directory beside history.db; null: it is not open, and no backup can be
  // made.
  using Databases = std::vector<std::pair<std::string, store::Database*>>;
  // `directory`: the state directory.
  [[nodiscard]] static std::expected<std::unique_ptr<LongAnswer>, wire::ControlError> make(
      History& history, const Databases& others, const std::string& directory,
      const wire::ControlRequest& request, UniqueFd caller);

  struct Part {
    std::string name;
    std::string text{};                       // of a file
    std::optional<store::Backup> database{};  // in place of the text

    [[nodiscard]] std::uint64_t bytes() const noexcept {
      return database ? database->bytes() : text.size();
    }
  };
  BackupAnswer(std::vector<Part> parts, std::string directory, UniqueFd caller);
  [[nodiscard]] Next step(History& history, MonoTime now) override;

 private:
  [[nodiscard]] bool is_journal_too_large() const;
  // Adds a piece to the output.
  [[nodiscard]] Result<> read_piece();

  std::vector<Part> parts_;
  std::string directory_;
  std::size_t part_{0};
  std::uint64_t at_{0};  // of the bytes of the part
  bool has_header_{false};
  bool is_over_{false};
};

}  // namespace chatd::archive
