// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/erasures.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "common/base/unique_fd.hpp"
#include "common/wire/control/report_json.hpp"
#include "daemon/store/replace_file.hpp"

namespace chatd::archive {

namespace {

// A line of the file.
struct ErasureRow {
  std::uint64_t id{0};
  std::uint64_t lineage{0};
  std::uint64_t room{0};
  std::string lines{};  // "3-5,9"
  WallTime time{};
  std::string by{};

  static constexpr void fields(auto& visit, auto& row) {
    visit("id", row.id);
    visit("lineage", row.lineage);
    visit("room", row.room);
    visit("lines", row.lines);
    visit("time", row.time);
    visit("by", row.by);
  }
};

std::string to_text(const NumberRanges& ranges) {
  std::string text;
  for (const NumberRange& range : ranges) {
    if (!text.empty()) text += ',';
    text += std::to_string(range.first);
    if (range.last != range.first) text += fmt::format("-{}", range.last);
  }
  return text;
}

std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end.ec != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end.ptr - text.data()));
  return number;
}

std::optional<NumberRanges> to_ranges(std::string_view text) {
  NumberRanges ranges;
  while (!text.empty()) {
    const auto first = take_number(text);
    if (!first) return std::nullopt;
    auto last = first;
    if (text.starts_with('-')) {
      text.remove_prefix(1);
      last = take_number(text);
    }
    if (!last || (!text.empty() && text.front() != ',')) return std::nullopt;
    if (!text.empty()) text.remove_prefix(1);
    ranges.push_back({.first = *first, .last = *last});
  }
  return ranges;
}

std::string to_line(const Erasure& erasure) {
  return wire::to_json(ErasureRow{.id = erasure.id,
                                  .lineage = erasure.lineage,
                                  .room = erasure.room,
                                  .lines = to_text(erasure.lines),
                                  .time = erasure.at,
                                  .by = erasure.by}) +
         '\n';
}

std::optional<Erasure> to_erasure(std::string_view line) {
  auto row = wire::parse_report<ErasureRow>(line);
  if (!row || row->id == 0) return std::nullopt;
  auto ranges = to_ranges(row->lines);
  if (!ranges) return std::nullopt;
  return Erasure{.id = row->id,
                 .lineage = row->lineage,
                 .room = row->room,
                 .lines = std::move(*ranges),
                 .at = row->time,
                 .by = std::move(row->by)};
}

// The text that erasures of the same lines have in common. A name in `by` cannot have it: its
// quotation marks are escaped.
std::string lines_key(const Erasure& erasure) {
  return fmt::format(R"("lineage":{},"room":{},"lines":"{}",)", erasure.lineage, erasure.room,
                     to_text(erasure.lines));
}

Result<> write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return fail(Error::from_errno("write"));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace

void add_number(NumberRanges& ranges, std::uint64_t number) {
  if (!ranges.empty() && number <= ranges.back().last + 1) {
    ranges.back().last = std::max(ranges.back().last, number);
  } else {
    ranges.push_back({.first = number, .last = number});
  }
}

// "": there is no file.
Result<std::string> Erasures::read() const {
  const UniqueFd file{::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
  if (!file.is_open() && errno == ENOENT) return std::string{};
  if (!file.is_open()) return fail(Error::from_errno(path_));
  std::string text;
  std::array<char, 65'536> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  for (;;) {
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(Error::from_errno(path_));
    if (got == 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  text.resize(text.rfind('\n') + 1);  // npos + 1 is 0
  return text;
}

Result<> Erasures::for_each(std::uint64_t after,
                            const std::function<Result<>(const Erasure&)>& take) const {
  const auto text = read();
  if (!text) return fail(text.error());
  for (std::string_view rest = *text; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    const auto erasure = to_erasure(rest.substr(0, end));
    rest.remove_prefix(end + 1);
    if (!erasure || erasure->id <= after) continue;
    if (auto done = take(*erasure); !done) return done;
  }
  return {};
}

Result<> Erasures::look() {
  if (is_known_) return {};
  const auto text = read();
  if (!text) return fail(text.error());
  bytes_ = text->size();
  auto done = for_each(0, [this](const Erasure& one) -> Result<> {
    last_id_ = std::max(last_id_, one.id);
    return {};
  });
  is_known_ = done.has_value();
  return done;
}

Result<std::uint64_t> Erasures::add(Erasure erasure, std::uint64_t above) {
  if (auto done = look(); !done) return fail(std::move(done).error());
  const UniqueFd file{
      ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR)};
  if (!file.is_open()) return fail(Error::from_errno(path_));
  const auto end = static_cast<off_t>(bytes_);
  if (::ftruncate(file.get(), end) < 0 || ::lseek(file.get(), end, SEEK_SET) < 0) {
    return fail(Error::from_errno(path_));
  }
  erasure.id = std::max(last_id_, above) + 1;
  const std::string line = to_line(erasure);
  auto written = write_all(file.get(), line);
  if (written && ::fsync(file.get()) < 0) written = fail(Error::from_errno("fsync"));
  // A file that is new has no name on disk yet.
  if (written && end == 0) written = store::sync_folder_of(path_);
  if (!written) {
    (void)::ftruncate(file.get(), end);
    return fail(std::move(written).error().within(path_));
  }
  bytes_ += line.size();
  last_id_ = erasure.id;
  return last_id_;
}

// The later id and the later time have the effect of both.
Result<std::uint64_t> Erasures::add_again(Erasure erasure, std::uint64_t above) {
  if (auto done = look(); !done) return fail(std::move(done).error());
  const auto text = read();
  if (!text) return fail(text.error());
  const std::string key = lines_key(erasure);
  if (!text->contains(key)) return add(std::move(erasure), above);
  std::string others;
  for (std::string_view rest = *text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n') + 1);
    rest.remove_prefix(line.size());
    if (!line.contains(key)) {
      others += line;
    } else if (const auto same = to_erasure(line)) {
      erasure.at = std::max(erasure.at, same->at);
    }
  }
  erasure.id = std::max(last_id_, above) + 1;
  is_known_ = false;
  if (auto done = store::replace_file(path_, others + to_line(erasure)); !done) {
    return fail(std::move(done).error());
  }
  return erasure.id;
}

Result<> Erasures::forget(WallTime limit) {
  std::string kept;
  std::uint64_t last = 0;
  bool is_shorter = false;
  const auto read = for_each(0, [&](const Erasure& one) -> Result<> {
    last = std::max(last, one.id);
    if (one.at < limit) is_shorter = true;
    if (one.at >= limit) kept += to_line(one);
    return {};
  });
  if (!read || !is_shorter) return read;
  // Without lines: ids go on behind it.
  if (kept.empty()) {
    kept = to_line({.id = last, .lineage = 0, .room = 0, .lines = {}, .at = limit, .by = {}});
  }
  is_known_ = false;
  return store::replace_file(path_, kept);
}

}  // namespace chatd::archive
