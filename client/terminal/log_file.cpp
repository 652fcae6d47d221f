// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/log_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

#include "client/words/file_words.hpp"
#include "client/words/shown_words.hpp"

namespace chatd::client {

Result<LogFile> LogFile::open(const std::string& path, wire::Language language) {
  // O_NONBLOCK: the open of a pipe does not wait for a reader; it has no effect on a regular file.
  UniqueFd fd{::open(path.c_str(),
                     O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600)};
  if (!fd.is_open()) return fail(Error::from_errno(path));
  struct stat status {};
  if (::fstat(fd.get(), &status) < 0) return fail(Error::from_errno(path));
  if (!S_ISREG(status.st_mode)) return fail(filled(kLogNotAFile, language, path));
  // A limit of the file's size is an error of write(2), and not the end of the program.
  (void)std::signal(SIGXFSZ, SIG_IGN);
  // Some file systems have no locks: then two programs are not noticed.
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK) {
    return fail(filled(kLogInUse, language, path));
  }
  return LogFile{std::move(fd), path, language};
}

// Writes all of the text, or nothing.
Result<> LogFile::write(std::string_view text) const {
  const off_t before = ::lseek(fd_.get(), 0, SEEK_END);
  ssize_t written = -1;
  do {
    written = ::write(fd_.get(), text.data(), text.size());
  } while (written < 0 && errno == EINTR);
  if (written == static_cast<ssize_t>(text.size())) return {};
  Error error = Error::from_errno(path_, written < 0 ? errno : ENOSPC);
  // The part that was written is removed, so that no line is there by half.
  if (written > 0 && before >= 0) (void)::ftruncate(fd_.get(), before);
  return fail(std::move(error));
}

std::optional<Error> LogFile::append(std::string_view lines) {
  if (lines.empty()) return std::nullopt;
  std::string text;
  if (missing_ > 0) text = filled(kLogMissing, language_, missing_) + '\n';
  auto done = write(text.append(lines));
  const bool is_first = missing_ == 0;
  missing_ = done ? 0 : missing_ + static_cast<std::size_t>(std::ranges::count(lines, '\n'));
  if (done || !is_first) return std::nullopt;
  return Error{file_error(language_, done.error()), done.error().code()};
}

}  // namespace chatd::client
