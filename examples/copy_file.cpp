// SPDX-License-Identifier: GPL-3.0-or-later
#include "examples/copy_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <string_view>

#include <fmt/format.h>

#include "common/base/unique_fd.hpp"
#include "common/process/pipe.hpp"
#include "common/process/process.hpp"
#include "common/toolkit/shared_array.hpp"

namespace chatd::examples {
namespace {

using process::PipeEnd;
using process::Process;

// The positions where two parts meet are multiples of this: a page shared by two writers would be
// allocated in the holes of both.
constexpr std::uint64_t kAlignment = 4096;
constexpr std::size_t kBlock = std::size_t{256} * 1024;
constexpr std::chrono::milliseconds kBetweenReports{100};

// A new file beside the target. The destructor removes it unless rename_to() was called.
class NewFile {
 public:
  static Result<NewFile> create(const std::string& target) {
    std::string path = target + ".part-XXXXXX";
    UniqueFd fd{::mkostemp(path.data(), O_CLOEXEC)};
    if (!fd.is_open()) return fail(Error::from_errno("cannot write beside " + target));
    return NewFile{std::move(path), std::move(fd)};
  }
  NewFile(NewFile&& other) noexcept
      : path_{std::exchange(other.path_, {})}, fd_{std::move(other.fd_)} {}
  NewFile& operator=(NewFile&&) = delete;
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  // Writes the file to disk, then gives it the target's name.
  Result<> rename_to(const std::string& target) {
    if (::fsync(fd()) < 0) return fail(Error::from_errno("write " + target));
    if (::rename(path_.c_str(), target.c_str()) < 0) {
      return fail(Error::from_errno("rename to " + target));
    }
    path_.clear();
    return {};
  }

 private:
  NewFile(std::string path, UniqueFd fd) noexcept : path_{std::move(path)}, fd_{std::move(fd)} {}
  std::string path_;
  UniqueFd fd_;
};

struct Part {
  unsigned number;
  std::uint64_t start;
  std::uint64_t end;
};

std::vector<Part> divide(std::uint64_t size, unsigned processes) {
  std::vector<Part> parts;
  const std::uint64_t pages = (size + kAlignment - 1) / kAlignment;
  for (unsigned i = 0; i < processes; ++i) {
    const auto border = [&](std::uint64_t number) {
      return std::min(size, pages * number / processes * kAlignment);
    };
    parts.push_back({.number = i, .start = border(i), .end = border(i + 1)});
  }
  return parts;
}

// Copies the data of a part. Runs in the children.
class PartCopier {
 public:
  PartCopier(int from, int to, const CopyOptions& options,
             process::SharedArray<std::uint64_t>& done)
      : from_{from},
        to_{to},
        write_at_{options.write_at ? options.write_at : &::pwrite},
        done_{done} {}

  Result<> copy(const Part& part) {
    std::uint64_t at = part.start;
    while (at < part.end) {
      // Everything up to the next data is a hole; an error means that the file system cannot tell.
      const off_t data = ::lseek(from_, static_cast<off_t>(at), SEEK_DATA);
      if (data < 0 && errno != ENXIO) return fail(Error::from_errno("seek in the source"));
      const auto start = data < 0 ? part.end : std::min(part.end, static_cast<std::uint64_t>(data));
      done_.update(part.number, [&](std::uint64_t& done) { done += start - at; });
      if (start == part.end) return check_not_shrunk(part);
      const off_t hole = ::lseek(from_, static_cast<off_t>(start), SEEK_HOLE);
      if (hole < 0) return fail(Error::from_errno("seek in the source"));
      at = std::min(part.end, static_cast<std::uint64_t>(hole));
      if (auto copied = copy_data(part, start, at); !copied) return copied;
    }
    return {};
  }

 private:
  Result<> check_not_shrunk(const Part& part) const {
    struct stat now {};
    if (::fstat(from_, &now) < 0) return fail(Error::from_errno("look at the source"));
    if (static_cast<std::uint64_t>(now.st_size) < part.end) return fail("the source got shorter");
    return {};
  }

  Result<> copy_data(const Part& part, std::uint64_t at, std::uint64_t end) {
    while (at < end) {
      const std::size_t wanted = std::min<std::uint64_t>(block_.size(), end - at);
      const ssize_t got = ::pread(from_, block_.data(), wanted, static_cast<off_t>(at));
      if (got < 0) return fail(Error::from_errno("read the source"));
      if (got == 0) return fail("the source got shorter");
      for (ssize_t written = 0; written < got;) {
        const ssize_t now =
            write_at_(to_, block_.data() + written, static_cast<size_t>(got - written),
                      static_cast<off_t>(at) + written);
        if (now < 0) return fail(Error::from_errno("write the target"));
        written += now;
      }
      at += static_cast<std::uint64_t>(got);
      done_.update(part.number,
                   [got](std::uint64_t& done) { done += static_cast<std::uint64_t>(got); });
    }
    return {};
  }

  int from_;
  int to_;
  ssize_t (*write_at_)(int, const void*, size_t, off_t);
  process::SharedArray<std::uint64_t>& done_;
  std::vector<std::byte> block_ = std::vector<std::byte>(kBlock);
};

struct Copier {
  Part part;
  std::unique_ptr<Process> process;
  PipeEnd error;  // receives the error text, if it failed
};

Result<Copier> start_copier(const Part& part, PartCopier& copier) {
  auto pipe = process::make_pipe(process::PipeKind::one_way);
  if (!pipe) return fail(std::move(pipe).error());
  auto& [receiver, sender] = *pipe;
  auto process = std::make_unique<Process>(
      [&] {
        const auto copied = copier.copy(part);
        if (copied) return 0;
        const std::string& why = copied.error().message();
        return sender.send(std::as_bytes(std::span{why})) ? 1 : 2;
      },
      process::ProcessOptions{.name = fmt::format("part {}", part.number + 1), .daemon = true});
  if (auto started = process->start(); !started) return fail(std::move(started).error());
  return Copier{.part = part, .process = std::move(process), .error = std::move(receiver)};
}

Error why_failed(Copier& copier) {
  const auto status = copier.process->exit_status().value_or(process::ExitStatus{});
  std::string why = to_text(status);
  if (auto text = copier.error.receive(process::kNoWait); text && *text) {
    why.assign(reinterpret_cast<const char*>((*text)->data()), (*text)->size());
  }
  return Error{fmt::format("part {} (bytes {} to {}): {}", copier.part.number + 1,
                           copier.part.start, copier.part.end, why)};
}

Result<std::vector<Copier>> start_copiers(const std::vector<Part>& parts, PartCopier& copier) {
  std::vector<Copier> copiers;
  for (const Part& part : parts) {
    auto started = start_copier(part, copier);
    if (!started) return fail(std::move(started).error());
    copiers.push_back(std::move(*started));
  }
  return copiers;
}

std::vector<pid_t> pids_of(const std::vector<Copier>& copiers) {
  std::vector<pid_t> pids;
  for (const Copier& copier : copiers) pids.push_back(copier.process->pid());
  return pids;
}

// Waits until all have ended, or one has failed: then the others are not needed, and their
// destructors kill them, since they are daemons.
Result<> watch(std::vector<Copier>& copiers, const std::function<void()>& report) {
  for (Copier& copier : copiers) {
    for (bool ended = false; !ended;) {
      auto joined = copier.process->join(kBetweenReports);
      if (!joined) return fail(std::move(joined).error());
      ended = *joined;
      report();
      for (Copier& any : copiers) {
        const auto status = any.process->exit_status();
        if (status && !status->succeeded()) return fail(why_failed(any));
      }
    }
  }
  return {};
}

Result<UniqueFd> open_source(const CopyOptions& options, struct stat& about) {
  UniqueFd source{::open(options.source.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!source.is_open()) return fail(Error::from_errno("cannot read " + options.source));
  if (::fstat(source.get(), &about) < 0) return fail(Error::from_errno(options.source));
  if (!S_ISREG(about.st_mode)) return fail(options.source + ": not a regular file");
  struct stat there {};
  if (::stat(options.target.c_str(), &there) == 0) {
    if (there.st_dev == about.st_dev && there.st_ino == about.st_ino) {
      return fail(options.target + ": is the source itself");
    }
    if (!S_ISREG(there.st_mode)) return fail(options.target + ": not a regular file");
  }
  return source;
}

// Creates the target with the size and the mode of the source.
Result<NewFile> create_target(const CopyOptions& options, const struct stat& about) {
  auto target = NewFile::create(options.target);
  if (!target) return target;
  if (::fchmod(target->fd(), about.st_mode & 07777) < 0 ||
      ::ftruncate(target->fd(), about.st_size) < 0) {
    return fail(Error::from_errno("write " + options.target));
  }
  return target;
}

}  // namespace

Result<std::uint64_t> copy_file(const CopyOptions& options) {
  if (options.processes == 0) return fail("at least one process must copy");
  struct stat about {};
  auto source = open_source(options, about);
  if (!source) return fail(std::move(source).error());
  const auto size = static_cast<std::uint64_t>(about.st_size);
  auto target = create_target(options, about);
  if (!target) return fail(std::move(target).error());

  auto done = process::SharedArray<std::uint64_t>::create(options.processes);
  if (!done) return fail(std::move(done).error());
  PartCopier copier{source->get(), target->fd(), options, *done};
  auto copiers = start_copiers(divide(size, options.processes), copier);
  if (!copiers) return fail(std::move(copiers).error());
  if (options.on_started) options.on_started(pids_of(*copiers));
  const auto report = [&] {
    const auto each = done->get_all();
    if (options.on_progress) {
      options.on_progress(std::accumulate(each.begin(), each.end(), std::uint64_t{0}), size);
    }
  };
  if (auto watched = watch(*copiers, report); !watched) {
    return fail(std::move(watched).error().within("copy to " + options.target));
  }
  if (auto renamed = target->rename_to(options.target); !renamed) {
    return fail(std::move(renamed).error());
  }
  return size;
}

}  // namespace chatd::examples
