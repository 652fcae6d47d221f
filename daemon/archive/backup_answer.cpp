// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/backup_answer.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <span>
#include <system_error>

#include "common/base/log.hpp"
#include "common/wire/control/history_verbs.hpp"
#include "daemon/archive/answers.hpp"
#include "daemon/archive/tar_header.hpp"

namespace chatd::archive {

namespace {

using Part = BackupAnswer::Part;

constexpr std::uint64_t kBytesOfAPiece = std::uint64_t{64} << 10U;
// Beside the databases there are only small files.
constexpr std::uint64_t kLargestFile = std::uint64_t{64} << 20U;
// While the file of a database is read, its journal grows by what is written.
constexpr std::int64_t kLargestJournal = std::int64_t{256} << 20U;

Result<std::string> read_file(const std::string& path) {
  const UniqueFd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  if (!file.is_open()) return fail(Error::from_errno(path));
  struct stat status {};
  if (::fstat(file.get(), &status) < 0) return fail(Error::from_errno(path));
  if (!S_ISREG(status.st_mode) || std::cmp_greater(status.st_size, kLargestFile)) {
    return fail(Error{path + ": not a plain file of this size"});
  }
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t at = 0;
  while (at < text.size()) {
    const ssize_t got = ::read(file.get(), text.data() + at, text.size() - at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(Error::from_errno(path));
    if (got == 0) break;
    at += static_cast<std::size_t>(got);
  }
  text.resize(at);
  return text;
}

// Files that are replaced as a whole, never changed; keys and their certificate only if they are
// asked for.
Result<std::vector<Part>> read_files(const std::string& directory, bool with_key) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator{directory, error}) {
    const std::string name = entry.path().filename().string();
    const bool is_of_keys = name.ends_with(".key") || name == "server.cert";
    if (name == "registry.json" || (with_key && is_of_keys)) names.push_back(name);
  }
  if (error) return fail(Error{directory + ": " + error.message(), error.value()});
  std::ranges::sort(names);
  std::vector<Part> parts;
  for (const std::string& name : names) {
    auto text = read_file(std::string{directory}.append("/").append(name));
    if (!text) return fail(std::move(text).error());
    parts.push_back({.name = name, .text = std::move(*text)});
  }
  return parts;
}

std::string header_of(const Part& part) {
  // By its name a user is found whose number is another one on the other machine.
  std::array<char, 4096> user_buffer{};
  std::array<char, 4096> group_buffer{};
  passwd user{};
  passwd* found_user = nullptr;
  group group{};
  struct group* found_group = nullptr;
  (void)::getpwuid_r(::geteuid(), &user, user_buffer.data(), user_buffer.size(), &found_user);
  (void)::getgrgid_r(::getegid(), &group, group_buffer.data(), group_buffer.size(), &found_group);
  return tar_header({.name = part.name,
                     .bytes = part.bytes(),
                     .changed = wall_now(),
                     .uid = ::geteuid(),
                     .gid = ::getegid(),
                     .user = found_user == nullptr ? "" : found_user->pw_name,
                     .group = found_group == nullptr ? "" : found_group->gr_name});
}

std::unexpected<wire::ControlError> refuse_for(const Error& error) {
  return refuse(wire::code::kFailed, "no backup can be made now: " + error.message());
}

}  // namespace

std::expected<std::unique_ptr<LongAnswer>, wire::ControlError> BackupAnswer::make(
    History& history, const Databases& others, const std::string& directory,
    const wire::ControlRequest& request, UniqueFd caller) {
  HistoryDb* const database = history.database();
  if (database == nullptr && history.is_enabled()) {
    return refuse(wire::code::kFailed, "the history cannot be read now, see chatctl archive");
  }
  const bool with_key = !text_in(request, wire::verb::kBackup.row, "--with-key").empty();
  auto parts = read_files(directory, with_key);
  if (!parts) return refuse_for(parts.error());
  const auto add = [&](const std::string& name, store::Database& one) -> Result<> {
    auto backup = store::Backup::begin(one);
    if (!backup) return fail(std::move(backup).error());
    parts->push_back({.name = name, .database = std::move(*backup)});
    return {};
  };
  for (const auto& [name, other] : others) {
    if (other == nullptr) {
      return refuse(wire::code::kFailed, name + " cannot be read now, see chatctl archive");
    }
    if (auto done = add(name, *other); !done) return refuse_for(done.error());
  }
  if (database != nullptr) {
    if (auto done = add("history.db", database->file()); !done) return refuse_for(done.error());
  }
  return std::make_unique<BackupAnswer>(std::move(*parts), directory, std::move(caller));
}

BackupAnswer::BackupAnswer(std::vector<Part> parts, std::string directory, UniqueFd caller)
    : LongAnswer{std::move(caller)}, parts_{std::move(parts)}, directory_{std::move(directory)} {
  wire::BackupReport report{.bytes = kTarEnd, .files = {}};
  for (const Part& part : parts_) {
    report.bytes += kTarBlock + part.bytes() + tar_padding(part.bytes());
    report.files.push_back(part.name);
  }
  output() = wire::encode(wire::ControlReply{to_json(report)}) + '\n';
}

bool BackupAnswer::is_journal_too_large() const {
  struct stat status {};
  return ::stat((directory_ + "/history.db-wal").c_str(), &status) == 0 &&
         status.st_size > kLargestJournal;
}

LongAnswer::Next BackupAnswer::step(History& /*history*/, MonoTime now) {
  const Next sent = flush(now);
  if (sent != Next::at_once || is_over_) return sent == Next::at_once ? Next::done : sent;
  auto read = is_journal_too_large()
                  ? Result<>{fail(Error{"more than 256 MiB were written while it was made"})}
                  : read_piece();
  if (!read) {
    log(LogLevel::warning, "history: a backup was cut: " + read.error().message(),
        {{"CHATD_EVENT", "history"}});
    return Next::done;
  }
  return flush(now);
}

Result<> BackupAnswer::read_piece() {
  if (part_ == parts_.size()) {
    output().append(kTarEnd, '\0');
    is_over_ = true;
    return {};
  }
  Part& part = parts_[part_];
  if (!std::exchange(has_header_, true)) output() += header_of(part);
  const std::uint64_t bytes = std::min(part.bytes() - at_, kBytesOfAPiece);
  const std::size_t begin = output().size();
  if (part.database) {
    output().resize(begin + bytes);
    const std::span<char> out{output().data() + begin, bytes};
    if (auto done = part.database->read(at_, std::as_writable_bytes(out)); !done) return done;
  } else {
    output().append(part.text, at_, bytes);
  }
  at_ += bytes;
  if (at_ < part.bytes()) return {};
  output().append(tar_padding(part.bytes()), '\0');
  part.database.reset();
  ++part_;
  at_ = 0;
  has_header_ = false;
  return {};
}

}  // namespace chatd::archive
