// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/io/unix_socket.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <iterator>
#include <utility>

#include "common/base/umask.hpp"
#include "common/io/lock_file.hpp"

namespace chatd::io {

namespace {

Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty()) return fail(Error{"a socket's path must not be empty", EINVAL});
  if (path.size() >= sizeof address.sun_path) {
    return fail(Error{"a socket's path has at most " + std::to_string(sizeof address.sun_path - 1) +
                          " bytes: " + path,
                      ENAMETOOLONG});
  }
  std::memcpy(std::data(address.sun_path), path.data(), path.size());
  return address;
}

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

// The place of the socket's file. The folder is opened once, so that all checks and changes are
// made in the same folder, even if its path changes in between.
struct Place {
  sockaddr_un address;
  UniqueFd folder;  // O_PATH
  std::string name;
};

Result<Place> place_of(const std::string& path) {
  const auto address = address_of(path);
  if (!address) return fail(address.error());
  const auto slash = path.rfind('/');
  const bool has_folder = slash != std::string::npos;
  const std::string folder = has_folder ? path.substr(0, slash == 0 ? 1 : slash) : ".";
  Place place{.address = *address,
              .folder = UniqueFd{::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)},
              .name = has_folder ? path.substr(slash + 1) : path};
  if (!place.folder.is_open()) return fail(Error::from_errno(folder));
  return place;
}

// A lock from before bind(2) until after listen(2). Without it, of two daemons that start at once
// and both find a stale socket file, the second would remove the new socket of the first.
class StartLock {
 public:
  // Does not wait: if another daemon is starting there, this one must not start.
  static Result<StartLock> take(const Place& place, const std::string& path) {
    const std::string name = place.name + ".lock";
    auto fd = lock_file(place.folder.get(), name, path + ".lock");
    if (fd) return StartLock{place.folder.get(), name, std::move(*fd)};
    if (fd.error().code() != EWOULDBLOCK) return fail(std::move(fd).error());
    return fail(Error{"another chatd is starting there (it holds " + path + ".lock)", EADDRINUSE});
  }
  StartLock(StartLock&&) = default;
  StartLock& operator=(StartLock&&) = delete;
  StartLock(const StartLock&) = delete;
  StartLock& operator=(const StartLock&) = delete;
  // The name is removed while the lock is held: a process that waits for the lock opens a new file.
  ~StartLock() {
    if (fd_.is_open() && leads_to(folder_, name_, fd_.get())) ::unlinkat(folder_, name_.c_str(), 0);
  }

 private:
  StartLock(int folder, std::string name, UniqueFd fd)
      : folder_{folder}, name_{std::move(name)}, fd_{std::move(fd)} {}
  int folder_;
  std::string name_;
  UniqueFd fd_;
};

// An error text that names the listener. Its pid is that of the process that called listen(2),
// which may have ended since.
std::string words_for_listener(int probe) {
  const std::string words = "another process listens there";
  const auto peer = peer_credentials(probe);
  const bool is_alive = peer && peer->pid > 0 && (::kill(peer->pid, 0) == 0 || errno == EPERM);
  return is_alive ? words + ", with pid " + std::to_string(peer->pid) : words;
}

// May the file be removed? Yes if it is a socket without a listener.
Result<> check_stale(const Place& place) {
  struct stat info {};
  if (::fstatat(place.folder.get(), place.name.c_str(), &info, AT_SYMLINK_NOFOLLOW) < 0) {
    if (errno == ENOENT) return {};
    return fail(Error::from_errno("stat"));
  }
  if (!S_ISSOCK(info.st_mode)) return fail(Error{"the file is no socket", EEXIST});
  const UniqueFd probe{::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!probe.is_open()) return fail(Error::from_errno("socket"));
  // Only these two errors mean that no process listens: EAGAIN means a full queue, and EACCES means
  // nothing.
  if (::connect(probe.get(), generic(place.address), sizeof place.address) < 0) {
    if (errno == ECONNREFUSED || errno == ENOENT) return {};
    if (errno != EAGAIN) return fail(Error::from_errno("connect"));
  }
  return fail(Error{words_for_listener(probe.get()), EADDRINUSE});
}

Result<> bind_replacing_stale(int fd, const Place& place) {
  const auto bind = [&] { return ::bind(fd, generic(place.address), sizeof place.address); };
  if (bind() == 0) return {};
  if (errno != EADDRINUSE) return fail(Error::from_errno("bind"));
  if (auto stale = check_stale(place); !stale) return stale;
  ::unlinkat(place.folder.get(), place.name.c_str(), 0);
  if (bind() < 0) return fail(Error::from_errno("bind"));
  return {};
}

// Changes the group by a descriptor of the file, and only if it is our socket and has no other
// name: in a folder of another user, another file can have its name since bind(2).
Result<> give_to_group(const Place& place, gid_t group) {
  if (group == static_cast<gid_t>(-1)) return {};
  const UniqueFd file{
      ::openat(place.folder.get(), place.name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC)};
  if (!file.is_open()) return fail(Error::from_errno("open"));
  struct stat info {};
  if (::fstat(file.get(), &info) < 0) return fail(Error::from_errno("stat"));
  if (!S_ISSOCK(info.st_mode) || info.st_nlink != 1 || info.st_uid != ::geteuid()) {
    return fail(Error{"another file came in its place", EEXIST});
  }
  constexpr auto same_user = static_cast<uid_t>(-1);
  if (::fchownat(file.get(), "", same_user, group, AT_EMPTY_PATH) < 0) {
    return fail(Error::from_errno("give it to its group"));
  }
  return {};
}

Result<UniqueFd> listen_at(const Place& place, const UnixListenOptions& options) {
  UniqueFd fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!fd.is_open()) return fail(Error::from_errno("socket"));
  {
    // The file gets the mode of the socket, less the umask: no chmod(2) of a name is needed.
    const ScopedUmask exact{0};
    if (::fchmod(fd.get(), options.mode) < 0) return fail(Error::from_errno("fchmod"));
    if (auto bound = bind_replacing_stale(fd.get(), place); !bound) return fail(bound.error());
  }
  // Before listen(): until then every connection is refused, so no process connects while the file
  // has another group.
  auto done = give_to_group(place, options.group);
  if (done && ::listen(fd.get(), options.backlog) < 0) done = fail(Error::from_errno("listen"));
  if (done) return fd;
  ::unlinkat(place.folder.get(), place.name.c_str(), 0);
  return fail(std::move(done).error());
}

}  // namespace

Result<UniqueFd> connect_unix(const std::string& path, std::chrono::milliseconds timeout) {
  const auto address = address_of(path);
  if (!address) return fail(address.error());
  UniqueFd fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (!fd.is_open()) return fail(Error::from_errno("socket"));

  // A zero would mean no limit. SO_SNDTIMEO is also the limit for connect(): see unix(7).
  const auto limit = std::max(timeout, std::chrono::milliseconds{1});
  timeval tv{.tv_sec = limit.count() / 1000, .tv_usec = limit.count() % 1000 * 1000};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof tv);
  while (::connect(fd.get(), generic(*address), sizeof *address) < 0) {
    if (errno == EINTR) continue;
    return fail(Error::from_errno(path, errno == EAGAIN ? ETIMEDOUT : errno));
  }
  tv = {};  // later sends have no limit
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof tv);
  return fd;
}

Result<UniqueFd> listen_unix(const std::string& path, const UnixListenOptions& options) {
  const auto place = place_of(path);
  if (!place) return fail(place.error());
  const auto lock = StartLock::take(*place, path);
  if (!lock) return fail(lock.error());
  auto fd = listen_at(*place, options);
  if (!fd) return fail(std::move(fd).error().within(path));
  return fd;
}

Result<> listen_as_this_process(int listener, int backlog) {
  if (::listen(listener, backlog) < 0) return fail(Error::from_errno("listen"));
  return {};
}

Result<PeerCredentials> peer_credentials(int fd) {
  ucred peer{};
  socklen_t length = sizeof peer;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0) {
    return fail(Error::from_errno("SO_PEERCRED"));
  }
  return PeerCredentials{.pid = peer.pid, .uid = peer.uid, .gid = peer.gid};
}

}  // namespace chatd::io
