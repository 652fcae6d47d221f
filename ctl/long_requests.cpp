// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/long_requests.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/base/unique_fd.hpp"
#include "common/wire/control/report_json.hpp"
#include "common/wire/control/verbs.hpp"
#include "common/wire/search_query.hpp"
#include "ctl/ask.hpp"
#include "ctl/progress.hpp"
#include "ctl/render.hpp"
#include "ctl/text.hpp"

namespace chatd::ctl {

namespace {

using wire::ControlError;
using wire::ControlRequest;

std::unexpected<ControlError> fail_with(std::string_view code, std::string message) {
  return std::unexpected{ControlError{.code = std::string{code}, .message = std::move(message)}};
}

std::unexpected<ControlError> fail_for(const Error& error) {
  return fail_with(wire::code::kFailed, error.message());
}

template <class Report>
std::expected<Report, ControlError> read(std::string_view json) {
  auto report = wire::parse_report<Report>(json);
  if (report) return std::move(*report);
  return fail_with(wire::code::kMalformed, report.error().message());
}

// --- export ------------------------------------------------------------------------

// Counts lines, and keeps the last whole one.
class LineCounter {
 public:
  void take(std::string_view bytes) {
    lines_ += static_cast<std::uint64_t>(std::ranges::count(bytes, '\n'));
    rest_ += bytes;
    const std::size_t end = rest_.rfind('\n');
    if (end == std::string::npos) return;
    const std::size_t before = end == 0 ? std::string::npos : rest_.rfind('\n', end - 1);
    const std::size_t begin = before == std::string::npos ? 0 : before + 1;
    last_ = rest_.substr(begin, end - begin);
    rest_.erase(0, end + 1);
  }
  [[nodiscard]] std::uint64_t lines() const noexcept { return lines_; }
  [[nodiscard]] const std::string& last() const noexcept { return last_; }
  [[nodiscard]] bool is_whole() const noexcept { return rest_.empty(); }

 private:
  std::uint64_t lines_{0};
  std::string last_;
  std::string rest_;  // behind the last whole line
};

// --- backup ------------------------------------------------------------------------

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path{path}.parent_path().string();
  return folder.empty() ? "." : folder;
}

// A file without a name, which gets its name when it is complete. On a file system without such
// files it has its name from the beginning, and loses it again if it does not become complete.
class NewFile {
 public:
  static Result<NewFile> open(std::string path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0) return fail(Error::from_errno(path, EEXIST));
    UniqueFd file{::open(folder_of(path).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600)};
    if (file.is_open()) return NewFile{std::move(path), std::move(file), false};
    file.reset(::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600));
    if (!file.is_open()) return fail(Error::from_errno(path));
    return NewFile{std::move(path), std::move(file), true};
  }
  NewFile(NewFile&& other) noexcept
      : path_{std::move(other.path_)},
        file_{std::move(other.file_)},
        is_named_{std::exchange(other.is_named_, false)} {}
  NewFile& operator=(NewFile&&) = delete;
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    if (is_named_) (void)::unlink(path_.c_str());
  }

  Result<> write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return fail(Error::from_errno(path_));
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }
  // Waits for the disk, and gives the file its name.
  Result<> finish() {
    if (::fchmod(file_.get(), 0600) < 0 || ::fsync(file_.get()) < 0) {
      return fail(Error::from_errno(path_));
    }
    if (!std::exchange(is_named_, false)) {
      const std::string open_file = fmt::format("/proc/self/fd/{}", file_.get());
      if (::linkat(AT_FDCWD, open_file.c_str(), AT_FDCWD, path_.c_str(), AT_SYMLINK_FOLLOW) < 0) {
        return fail(Error::from_errno(path_));
      }
    }
    const UniqueFd folder{::open(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (folder.is_open()) (void)::fsync(folder.get());
    return {};
  }

 private:
  NewFile(std::string path, UniqueFd file, bool is_named)
      : path_{std::move(path)}, file_{std::move(file)}, is_named_{is_named} {}

  std::string path_;
  UniqueFd file_;
  bool is_named_;  // and not complete
};

// --- erase -------------------------------------------------------------------------

std::string& option_of(ControlRequest& request, std::string_view option) {
  const wire::Verb& verb = wire::verb::kErase.row;
  request.args.resize(verb.all_args());
  return request.args[verb.argument_of(option)];
}

// True: the user says yes. nullopt: there is no terminal to ask on.
std::optional<bool> ask_user(const std::string& question) {
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDERR_FILENO) != 1) return std::nullopt;
  (void)std::fputs((question + " [y/N] ").c_str(), stderr);
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

std::expected<Asked<wire::ErasedReport>, ControlError> ask_to_erase(Client& client,
                                                                    const ControlRequest& request) {
  Progress progress{Progress::Output::none};
  auto begun = client.begin(request, [&progress] {
    progress.show(fmt::format("erasing, {} s", progress.elapsed().count()));
  });
  if (!begun) return std::unexpected{std::move(begun).error()};
  auto report = read<wire::ErasedReport>(begun->report);
  if (!report) return std::unexpected{std::move(report).error()};
  return Asked<wire::ErasedReport>{.report = *report, .json = std::move(begun->report)};
}

// Writes `size` bytes, of which `piece` are the first ones.
std::expected<void, ControlError> receive(Client& client, std::string piece, std::uint64_t size,
                                          NewFile& file) {
  Progress progress{Progress::Output::none};
  std::uint64_t bytes = 0;
  for (;;) {
    if (const auto written = file.write(piece); !written) return fail_for(written.error());
    bytes += piece.size();
    progress.show(fmt::format("{} of {} KiB", bytes / 1024, size / 1024));
    if (bytes >= size) break;
    auto next = client.more();
    if (!next) return std::unexpected{std::move(next).error()};
    if (next->empty()) break;
    piece = std::move(*next);
  }
  if (bytes == size) return {};
  return fail_with(wire::code::kFailed, "the backup was cut, and there is no file: repeat it");
}

}  // namespace

std::expected<void, ControlError> run_export(Client& client, const ControlRequest& request) {
  auto begun = client.begin(request);
  if (!begun) return std::unexpected{std::move(begun).error()};
  const auto report = read<wire::ExportReport>(begun->report);
  if (!report) return std::unexpected{report.error()};
  Progress progress{Progress::Output::printed};
  LineCounter counter;
  std::string piece = std::move(begun->bytes);
  for (;;) {
    if (std::fwrite(piece.data(), 1, piece.size(), stdout) != piece.size()) {
      return fail_for(Error::from_errno("standard output"));
    }
    counter.take(piece);
    progress.show(fmt::format("{} of about {} lines", counter.lines(), report->rows));
    auto next = client.more();
    if (!next) return std::unexpected{std::move(next).error()};
    if (next->empty()) break;
    piece = std::move(*next);
  }
  if (std::fflush(stdout) != 0) return fail_for(Error::from_errno("standard output"));
  const auto end = wire::parse_report<wire::ExportEnd>(counter.last());
  const bool is_whole = counter.is_whole() &&
                        counter.last().find("\"end\":true") != std::string::npos && end &&
                        end->lines + 1 == counter.lines();
  if (is_whole) return {};
  return fail_with(wire::code::kFailed,
                   fmt::format("the export was cut after {} lines: repeat it", counter.lines()));
}

std::expected<Answer, ControlError> run_backup(Client& client, const ControlRequest& request) {
  const std::string path = request.args.at(0);
  auto file = NewFile::open(path);
  if (!file) return fail_for(file.error());
  ControlRequest sent = request;
  sent.args[0].clear();  // the daemon does not need it
  auto begun = client.begin(sent);
  if (!begun) return std::unexpected{std::move(begun).error()};
  const auto report = read<wire::BackupReport>(begun->report);
  if (!report) return std::unexpected{report.error()};
  if (auto done = receive(client, std::move(begun->bytes), report->bytes, *file); !done) {
    return std::unexpected{std::move(done).error()};
  }
  if (const auto done = file->finish(); !done) return fail_for(done.error());
  return Answer{.json = std::move(begun->report), .text = render(*report, path)};
}

std::expected<Answer, ControlError> run_erase(Client& client, const ControlRequest& request) {
  ControlRequest sent = request;
  const bool is_one_line = !option_of(sent, "--message").empty();
  const bool asks =
      !is_one_line && option_of(sent, "--yes").empty() && option_of(sent, "--dry-run").empty();
  if (asks) {
    ControlRequest dry = sent;
    option_of(dry, "--dry-run") = "yes";
    const auto counted = ask_to_erase(client, dry);
    if (!counted) return std::unexpected{counted.error()};
    const std::string what =
        fmt::format("{} line{}", counted->report.lines, counted->report.lines == 1 ? "" : "s");
    const auto says_yes = ask_user(fmt::format("Erase {} for ever?", what));
    if (!says_yes) {
      return fail_with(wire::code::kTooWide,
                       fmt::format("{} would be erased, and nothing was: add --yes", what));
    }
    if (!*says_yes) return fail_with(wire::code::kFailed, "nothing was erased");
    option_of(sent, "--yes") = "yes";
  }
  auto asked = ask_to_erase(client, sent);
  if (!asked) return std::unexpected{std::move(asked).error()};
  return Answer{.json = std::move(asked->json), .text = render(asked->report)};
}

std::expected<ControlRequest, ControlError> with_times(ControlRequest request,
                                                       const wire::Verb& verb) {
  constexpr std::array kOptions{std::string_view{"--since"}, std::string_view{"--before"}};
  for (const std::string_view option : kOptions) {
    const std::size_t at = verb.argument_of(option);
    if (at >= request.args.size() || request.args[at].empty()) continue;
    const auto time = wire::parse_search_time(request.args[at], wall_now());
    if (!time) {
      return fail_with(
          wire::code::kUsage,
          fmt::format("{} takes a time: 2026-11-29, 2026-11-29T10:00, or 7d ago", option));
    }
    request.args[at] = to_rfc3339(*time);
  }
  return request;
}

}  // namespace chatd::ctl
