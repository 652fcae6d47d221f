// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/known_users.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <ranges>
#include <set>
#include <system_error>

#include <fmt/format.h>

#include "client/member/list_text.hpp"
#include "client/member/persons.hpp"
#include "client/settings/paths.hpp"
#include "client/settings/user_file.hpp"
#include "client/words/file_words.hpp"
#include "client/words/shown_words.hpp"
#include "common/base/time.hpp"
#include "common/base/unique_fd.hpp"
#include "common/crypto/base64.hpp"
#include "common/wire/name.hpp"

namespace chatd::client {

namespace {

constexpr mode_t kUserOnly = S_IRUSR | S_IWUSR;
constexpr int kToAppend = O_RDWR | O_APPEND | O_CREAT;

struct Row {
  std::string server;
  std::string folded_name;
  KnownUser user;
};

std::optional<std::uint64_t> person_in(std::string_view text) {
  std::uint64_t person = 0;
  const auto parsed = std::from_chars(text.begin(), text.end(), person, 16);
  const bool is_number = parsed.ec == std::errc{} && parsed.ptr == text.end();
  return is_number && Persons::has_key(person) ? std::optional{person} : std::nullopt;
}

std::optional<Row> row_of(std::string_view line) {
  const std::string_view server = take_field(line);
  const auto seconds = number_of<std::uint32_t>(take_field(line));
  const auto name = wire::check_name(take_field(line));
  const auto person = person_in(line);
  if (!crypto::key_from_base64(server) || !seconds || !name || !person) return std::nullopt;
  return Row{
      .server = std::string{server},
      .folded_name = name->key,
      .user = {
          .name = name->text, .person = *person, .time = WallTime{std::chrono::seconds{*seconds}}}};
}

// The lines of the file.
struct KnownRows {
  std::vector<Row> rows{};
  std::size_t broken_lines{0};
  std::size_t first_broken{0};
};

KnownRows rows_in(std::string_view text) {
  KnownRows rows;
  for (std::size_t number = 1; !text.empty(); ++number) {
    if (auto row = row_of(take_row(text))) {
      rows.rows.push_back(std::move(*row));
    } else if (++rows.broken_lines == 1) {
      rows.first_broken = number;
    }
  }
  return rows;
}

// Leaves the last line of each user, and not more of them than may be kept.
std::vector<Row> last_of(std::vector<Row> rows) {
  std::set<std::pair<std::string, std::string>> known;
  std::map<std::string, std::size_t> of_server;
  std::vector<Row> last;
  for (Row& row : std::ranges::reverse_view{rows}) {
    if (last.size() == KnownUsers::kMaxUsers) break;
    if (!known.emplace(row.server, row.folded_name).second) continue;
    if (++of_server[row.server] <= KnownUsers::kMaxOfServer) last.push_back(std::move(row));
  }
  std::ranges::reverse(last);
  return last;
}

Result<std::string> whole_text(int fd, const std::string& path) {
  std::string text;
  std::array<char, 65'536> buffer{};
  for (;;) {
    const ssize_t got = ::pread(fd, buffer.data(), buffer.size(), static_cast<off_t>(text.size()));
    if (got < 0) return fail(Error::from_errno(path));
    if (got == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

off_t size_of(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) < 0 ? 0 : status.st_size;
}

}  // namespace

std::string KnownUsers::line_of(std::string_view server, const KnownUser& user) {
  const auto time = std::chrono::floor<std::chrono::seconds>(user.time.time_since_epoch());
  const std::string line =
      fmt::format("{}\t{}\t{}\t{:016x}", server, time.count(), user.name, user.person);
  return row_of(line) ? line + '\n' : std::string{};
}

KnownUsers::Text KnownUsers::read(std::string_view text, std::string_view server) {
  KnownRows rows = rows_in(text);
  Text found{.broken_lines = rows.broken_lines, .first_broken = rows.first_broken};
  for (Row& row : last_of(std::move(rows.rows))) {
    if (row.server == server) found.users.push_back(std::move(row.user));
  }
  return found;
}

KnownUsers::Found KnownUsers::of(std::string_view server, wire::Language language) const {
  if (file_.empty()) return {};
  const auto fd = open_private(file_, O_RDONLY, FileLock::held);
  const auto text = fd ? whole_text(fd->get(), file_) : fail(fd.error());
  if (!text) {
    const int code = text.error().code();
    if (code == ENOENT || code == ENOTDIR) return {};
    return {.fault = filled(kUsersUnread, language, file_error(language, text.error()))};
  }
  Text lines = read(*text, server);
  Found found{.users = std::move(lines.users)};
  if (lines.broken_lines != 0) {
    found.fault = filled(kUserLineBroken, language, file_, lines.first_broken, lines.broken_lines);
  }
  return found;
}

Result<> KnownUsers::add(std::string_view server, std::span<const KnownUser> users) const {
  std::string lines;
  for (const KnownUser& user : users) lines += line_of(server, user);
  if (file_.empty() || lines.empty()) return {};
  if (auto done = make_folder_of(file_); !done) return done;
  auto fd = open_private(file_, kToAppend, FileLock::held);
  if (fd && std::cmp_greater(size_of(fd->get()), kMaxFileBytes)) {
    if (auto done = shorten(fd->get()); !done) return done;
    fd = open_private(file_, kToAppend, FileLock::held);
  }
  return fd ? append_lines(fd->get(), lines, file_) : fail(fd.error());
}

Result<> KnownUsers::shorten(int fd) const {
  const auto text = whole_text(fd, file_);
  if (!text) return fail(text.error());
  std::string kept;
  for (const Row& row : last_of(rows_in(*text).rows)) kept += line_of(row.server, row.user);
  return replace_file(file_, kept, kUserOnly);
}

}  // namespace chatd::client
