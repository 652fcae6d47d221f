// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/listen_fds.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <cstddef>
#include <cstdlib>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

namespace chatd::sys {

namespace {

struct NamedFd {
  std::string name;
  UniqueFd fd;
};

Result<std::vector<NamedFd>> take_all() {
  char** names = nullptr;
  const int count = ::sd_listen_fds_with_names(0, &names);
  if (count < 0) return fail(Error::from_errno("$LISTEN_FDS and its company", -count));
  std::vector<NamedFd> taken;
  for (int i = 0; i < count; ++i) {
    taken.push_back({.name = names[i], .fd = UniqueFd{SD_LISTEN_FDS_START + i}});
    std::free(names[i]);  // NOLINT(cppcoreguidelines-no-malloc): sd_listen_fds(3) says so
  }
  std::free(static_cast<void*>(names));  // NOLINT(cppcoreguidelines-no-malloc)
  return taken;
}

Result<> make_nonblocking(int fd) {
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0 || ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0) {
    return fail(Error::from_errno("O_NONBLOCK"));
  }
  return {};
}

// systemd binds every socket with SO_REUSEADDR. Two UDP sockets that both have it may share an
// address, and the one that was bound last, or to a more specific address, gets what is sent
// there: any local user could take the members over. Without it on ours bind(2) refuses theirs.
Result<> refuse_to_share_address(int fd) {
  const int off = 0;
  if (::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &off, sizeof off) < 0) {
    return fail(Error::from_errno("SO_REUSEADDR"));
  }
  return {};
}

bool is_socket(int fd) { return ::sd_is_socket(fd, AF_UNSPEC, 0, -1) > 0; }

// A plain file or memory. The last one of a name counts.
void file_kept(NamedFd& from, ListenFds& fds) {
  if (from.name == kKeptState) {
    fds.state = std::move(from.fd);
  } else if (from.name == kKeptKeys) {
    fds.keys = std::move(from.fd);
  } else if (from.name == kKeptSnapshot) {
    fds.snapshot = std::move(from.fd);
  } else if (from.name == kKeptPidFile) {
    fds.pid_file = std::move(from.fd);
  } else {
    fds.unknown.push_back(from.name);
  }
}

Result<> file_under_its_name(NamedFd& from, ListenFds& fds) {
  const int fd = from.fd.get();
  if (!is_socket(fd)) {
    file_kept(from, fds);
    return {};
  }
  if (from.name == "udp") {
    if (::sd_is_socket_inet(fd, AF_UNSPEC, SOCK_DGRAM, -1, 0) <= 0) {
      return fail("it is not an IPv4 or IPv6 datagram socket: use ListenDatagram=ADDRESS:PORT");
    }
    if (auto done = refuse_to_share_address(fd); !done) return done;
    fds.udp.push_back(std::move(from.fd));
  } else if (from.name == "web") {
    if (::sd_is_socket_inet(fd, AF_UNSPEC, SOCK_STREAM, 1, 0) <= 0) {
      return fail("it is not a listening TCP socket: use ListenStream=ADDRESS:PORT, Accept=no");
    }
    fds.web.push_back(std::move(from.fd));
  } else if (from.name == "control") {
    if (::sd_is_socket_unix(fd, SOCK_STREAM, 1, nullptr, 0) <= 0) {
      return fail("it is not a listening Unix stream socket: use ListenStream=/PATH, Accept=no");
    }
    if (fds.control.is_open()) return fail("there is another one, but only one can be used");
    fds.control = std::move(from.fd);
  } else {
    return fail(
        "that name is unknown: set FileDescriptorName=udp, FileDescriptorName=web or "
        "FileDescriptorName=control");
  }
  return make_nonblocking(fd);
}

}  // namespace

Result<ListenFds> take_listen_fds() {
  auto taken = take_all();
  if (!taken) return fail(std::move(taken.error()));
  ListenFds fds;
  for (auto& named : *taken) {
    if (auto filed = file_under_its_name(named, fds); !filed) {
      return fail(std::move(filed.error())
                      .within(fmt::format("the socket \"{}\" passed by systemd", named.name)));
    }
  }
  return fds;
}

}  // namespace chatd::sys
