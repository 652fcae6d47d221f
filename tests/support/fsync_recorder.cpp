// SPDX-License-Identifier: GPL-3.0-or-later
// fsync_recorder.cpp — a shared object for LD_PRELOAD: records when bytes with a mark are written
// to a file, and when fsync(2) or fdatasync(2) of the file begins and ends.
//
// Runs in:   the programs that a test starts. A line of the record is appended to the file of
//            CHATD_FSYNC_RECORD by one write(2): "TIME EVENT NAME", where TIME is in nanoseconds of
//            the monotonic clock, EVENT is "written", "begin" or "end", and NAME is the mark, or
//            the path of the file.
// Marks:     "mark-" and digits, in the bytes of a write.
// Slow:      each fsync takes CHATD_FSYNC_DELAY milliseconds longer, so that what does not wait
//            for it comes clearly before its end.
#include <fcntl.h>
#include <poll.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>

#include <dlfcn.h>

namespace {

constexpr std::string_view kMark = "mark-";

std::uint64_t now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000U +
         static_cast<std::uint64_t>(time.tv_nsec);
}

// The file is opened for each line: a role of the daemon closes the descriptors that it does not
// know.
void record(const char* event, std::string_view name) {
  const char* const path = std::getenv("CHATD_FSYNC_RECORD");
  if (path == nullptr) return;
  const int fd = ::open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return;
  const std::string line = std::to_string(now()) + ' ' + event + ' ' + std::string{name} + '\n';
  using Write = ssize_t (*)(int, const void*, size_t);
  static const auto real = reinterpret_cast<Write>(::dlsym(RTLD_NEXT, "write"));
  [[maybe_unused]] const ssize_t written = real(fd, line.data(), line.size());
  ::close(fd);
}

std::string path_of(int fd) {
  std::array<char, 4096> path{};
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  const ssize_t bytes = ::readlink(link.c_str(), path.data(), path.size());
  return bytes <= 0 ? "?" : std::string{path.data(), static_cast<std::size_t>(bytes)};
}

void note_marks(const void* bytes, size_t size) {
  std::string_view rest{static_cast<const char*>(bytes), size};
  for (auto at = rest.find(kMark); at != std::string_view::npos; at = rest.find(kMark)) {
    rest.remove_prefix(at);
    const auto end = rest.find_first_not_of("0123456789", kMark.size());
    record("written", rest.substr(0, end));
    rest.remove_prefix(kMark.size());
  }
}

int synchronize(int fd, const char* name) {
  const std::string path = path_of(fd);
  record("begin", path);
  if (const char* const delay = std::getenv("CHATD_FSYNC_DELAY")) {
    (void)::poll(nullptr, 0, std::atoi(delay));
  }
  using Sync = int (*)(int);
  const int result = reinterpret_cast<Sync>(::dlsym(RTLD_NEXT, name))(fd);
  record(result == 0 ? "end" : "failed", path);
  return result;
}

}  // namespace

extern "C" {

int fsync(int fd) { return synchronize(fd, "fsync"); }
int fdatasync(int fd) { return synchronize(fd, "fdatasync"); }

ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t offset) {
  using Write = ssize_t (*)(int, const void*, size_t, off64_t);
  static const auto real = reinterpret_cast<Write>(::dlsym(RTLD_NEXT, "pwrite64"));
  const ssize_t written = real(fd, bytes, size, offset);
  note_marks(bytes, size);
  return written;
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  return pwrite64(fd, bytes, size, offset);
}

}  // extern "C"
