// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/history_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "client/member/list_text.hpp"
#include "client/settings/paths.hpp"
#include "client/settings/user_file.hpp"

namespace chatd::client {

namespace {

// An entry as a line of the file.
std::string escaped(std::string_view entry) {
  std::string line;
  for (const char c : entry) {
    if (c == '\\') line += "\\\\";
    if (c == '\n') line += "\\n";
    if (c != '\\' && c != '\n') line += c;
  }
  return line + '\n';
}

std::string unescaped(std::string_view line) {
  std::string entry;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool is_escape = line[i] == '\\' && i + 1 < line.size();
    if (is_escape) ++i;
    entry += is_escape && line[i] == 'n' ? '\n' : line[i];
  }
  return entry;
}

bool is_written(int file, std::string_view text) {
  return ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

}  // namespace

void HistoryFile::append(std::string_view line) const {
  const std::string text = escaped(line);
  if (path_.empty() || text.size() > kMaxLineBytes || line.contains('\0')) return;
  if (!make_folder_of(path_)) return;
  const auto file = open_private(path_, O_WRONLY | O_APPEND | O_CREAT, FileLock::none);
  // While another program shortens the file, the line may be lost.
  if (file) (void)is_written(file->get(), text);
}

std::vector<std::string> HistoryFile::load() const {
  if (path_.empty()) return {};
  const auto file = open_private(path_, O_RDONLY, FileLock::none);
  if (!file) return {};
  std::string text;
  std::array<char, 65'536> buffer{};
  while (text.size() < kMaxFileBytes) {
    const ssize_t got = ::read(file->get(), buffer.data(), buffer.size());
    if (got <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  std::vector<std::string> lines;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = take_row(rest);
    const bool is_possible = line.size() < kMaxLineBytes && !line.contains('\0');
    if (is_possible && !line.empty()) lines.push_back(unescaped(line));
  }
  const bool is_long = lines.size() > 2 * kMaxLines || text.size() >= kMaxFileBytes;
  if (lines.size() > kMaxLines) {
    lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(kMaxLines));
  }
  if (is_long) shorten(lines);
  return lines;
}

// Another file takes the place of the old one at once: a kill leaves one of them.
void HistoryFile::shorten(const std::vector<std::string>& lines) const {
  std::string text;
  for (const std::string& line : lines) text += escaped(line);
  const std::string next = path_ + ".new";
  const auto file = open_private(next, O_WRONLY | O_CREAT, FileLock::none);
  // Only one program does it.
  if (!file || ::flock(file->get(), LOCK_EX | LOCK_NB) < 0) return;
  // The program that did it before may have given the file its name in between.
  struct stat locked {};
  struct stat named {};
  if (::fstat(file->get(), &locked) < 0 || ::lstat(next.c_str(), &named) < 0) return;
  if (locked.st_ino != named.st_ino) return;
  if (::ftruncate(file->get(), 0) < 0 || !is_written(file->get(), text) ||
      ::rename(next.c_str(), path_.c_str()) < 0) {
    (void)::unlink(next.c_str());
  }
}

}  // namespace chatd::client
