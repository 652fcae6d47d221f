// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/io/unix_socket.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>

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

const char* path_of(const sockaddr_un& address) { return std::data(address.sun_path); }

// Held while a stale socket file is replaced: of two daemons that start at once and both
// find it stale, the second would otherwise remove the first one's new socket.
Result<UniqueFd> lock_directory_of(const std::string& path) {
  const auto slash = path.rfind('/');
  const std::string directory =
      slash == std::string::npos ? "." : path.substr(0, slash == 0 ? 1 : slash);
  UniqueFd fd{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!fd.is_open()) return fail(Error::from_errno(directory));
  while (::flock(fd.get(), LOCK_EX) < 0) {
    if (errno != EINTR) return fail(Error::from_errno("lock " + directory));
  }
  return fd;
}

// Whether the file may be removed: a socket that nobody listens on any more.
Result<> check_stale(const sockaddr_un& address) {
  struct stat info {};
  if (::lstat(path_of(address), &info) < 0) {
    if (errno == ENOENT) return {};
    return fail(Error::from_errno(path_of(address)));
  }
  if (!S_ISSOCK(info.st_mode)) return fail(Error{"the file is no socket", EEXIST});
  const UniqueFd probe{::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!probe.is_open()) return fail(Error::from_errno("socket"));
  // Only a clear refusal means that nobody is there: EAGAIN is a full queue, and EACCES
  // says nothing.
  if (::connect(probe.get(), generic(address), sizeof address) < 0) {
    if (errno == ECONNREFUSED || errno == ENOENT) return {};
    if (errno != EAGAIN) return fail(Error::from_errno("connect"));
  }
  const auto peer = peer_credentials(probe.get());
  return fail(Error{peer && peer->pid > 0
                        ? "another process listens there, with pid " + std::to_string(peer->pid)
                        : "another process listens there",
                    EADDRINUSE});
}

Result<> bind_replacing_stale(int fd, const sockaddr_un& address) {
  if (::bind(fd, generic(address), sizeof address) == 0) return {};
  if (errno != EADDRINUSE) return fail(Error::from_errno("bind"));
  if (auto stale = check_stale(address); !stale) return stale;
  ::unlink(path_of(address));
  if (::bind(fd, generic(address), sizeof address) < 0) return fail(Error::from_errno("bind"));
  return {};
}

Result<UniqueFd> listen_at(const sockaddr_un& address, const UnixListenOptions& options) {
  UniqueFd fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!fd.is_open()) return fail(Error::from_errno("socket"));
  if (auto bound = bind_replacing_stale(fd.get(), address); !bound) return fail(bound.error());
  // Before listen(): until then every connection is refused, so nobody slips in while the
  // file still has the mode that the umask left it.
  const bool ours = ::chown(path_of(address), static_cast<uid_t>(-1), options.group) == 0 &&
                    ::chmod(path_of(address), options.mode) == 0;
  if (!ours || ::listen(fd.get(), options.backlog) < 0) {
    Error error = Error::from_errno(ours ? "listen" : "set the owner and the mode");
    ::unlink(path_of(address));
    return fail(std::move(error));
  }
  return fd;
}

}  // namespace

Result<UniqueFd> connect_unix(const std::string& path, std::chrono::milliseconds timeout) {
  const auto address = address_of(path);
  if (!address) return fail(address.error());
  UniqueFd fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (!fd.is_open()) return fail(Error::from_errno("socket"));

  // A zero would mean for ever. This is also the limit for connect(): see unix(7).
  const auto limit = std::max(timeout, std::chrono::milliseconds{1});
  timeval tv{.tv_sec = limit.count() / 1000, .tv_usec = limit.count() % 1000 * 1000};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof tv);
  while (::connect(fd.get(), generic(*address), sizeof *address) < 0) {
    if (errno == EINTR) continue;
    return fail(Error::from_errno(path, errno == EAGAIN ? ETIMEDOUT : errno));
  }
  tv = {};  // what is sent later waits as long as it takes
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof tv);
  return fd;
}

Result<UniqueFd> listen_unix(const std::string& path, const UnixListenOptions& options) {
  const auto address = address_of(path);
  if (!address) return fail(address.error());
  const auto lock = lock_directory_of(path);
  if (!lock) return fail(lock.error());
  auto fd = listen_at(*address, options);
  if (!fd) return fail(std::move(fd).error().within(path));
  return fd;
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
