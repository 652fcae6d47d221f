// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/journal_sink.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <fmt/format.h>

#include "common/base/unique_fd.hpp"
#include "daemon/sys/log_events.hpp"

namespace chatd::sys {

namespace {

// An id that is short or used twice mixes up two events for ever: refuse to compile.
consteval bool log_events_are_sound() {
  for (const auto& event : kLogEvents) {
    const auto other = event.message_id.find_first_not_of("0123456789abcdef");
    if (event.message_id.size() != 32 || other != std::string_view::npos) return false;
    const auto same_id = std::ranges::count(kLogEvents, event.message_id, &LogEvent::message_id);
    if (find_log_event(event.name) != &event || same_id != 1) return false;
  }
  return true;
}
static_assert(log_events_are_sound());

// "NAME=value\n", or for a value of several lines "NAME\n", its length as 64 bits in
// little-endian order, the value, "\n".
void append_field(std::string& entry, std::string_view name, std::string_view value) {
  entry += name;
  if (value.find('\n') == std::string_view::npos) {
    entry += '=';
  } else {
    entry += '\n';
    for (unsigned shift = 0; shift < 64; shift += 8) {
      entry += static_cast<char>((std::uint64_t{value.size()} >> shift) & 0xffU);
    }
  }
  entry += value;
  entry += '\n';
}

bool send_entry(const std::string& path, std::string_view entry) {
  sockaddr_un journal{};
  journal.sun_family = AF_UNIX;
  if (path.size() >= sizeof journal.sun_path) return false;
  std::memcpy(&journal.sun_path, path.c_str(), path.size() + 1);

  const UniqueFd fd{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  const timeval time_limit{.tv_sec = 0, .tv_usec = 100'000};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &time_limit, sizeof time_limit);
  const ssize_t sent = ::sendto(fd.get(), entry.data(), entry.size(), MSG_NOSIGNAL,
                                reinterpret_cast<const sockaddr*>(&journal), sizeof journal);
  // After a time-out the stream on standard error would hang as well: count it as sent.
  return sent >= 0 || errno == EAGAIN;
}

}  // namespace

bool is_journal_stream(int fd) {
  const char* const stream = ::getenv("JOURNAL_STREAM");
  struct stat file {};
  if (stream == nullptr || ::fstat(fd, &file) < 0) return false;
  return fmt::format("{}:{}", file.st_dev, file.st_ino) == stream;
}

std::string to_journal_entry(const LogRecord& record) {
  std::string entry;
  append_field(entry, "MESSAGE", record.message);
  append_field(entry, "PRIORITY", fmt::format("{}", static_cast<int>(record.level)));
  append_field(entry, "SYSLOG_IDENTIFIER", "chatd");
  for (const auto& [name, value] : record.fields) {
    append_field(entry, name, value);
    if (name != "CHATD_EVENT") continue;
    if (const auto* const event = find_log_event(value)) {
      append_field(entry, "MESSAGE_ID", event->message_id);
    }
  }
  return entry;
}

void JournalSink::write(const LogRecord& record) noexcept {
  try {
    if (send_entry(socket_path_, to_journal_entry(record))) return;
    // A line that the journal reads from a service's standard error may begin with <priority>.
    const std::string line =
        fmt::format("<{}>{}\n", static_cast<int>(record.level), escape_controls(record.message));
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
  } catch (...) {  // no memory for an entry: lose the entry, not the process
    static constexpr std::string_view lost = "<4>a log entry was lost\n";
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, lost.data(), lost.size());
  }
}

}  // namespace chatd::sys
