// SPDX-License-Identifier: GPL-3.0-or-later
// unix_socket.hpp — stream sockets with a name in the file system, both ends.
//
// Runs in:   supervisor (listen), gateway (peer), chatctl (connect).
// Owns:      nothing; the caller gets the descriptors, which are close-on-exec.
// Errors:    Result; code() is the errno: ENOENT or ECONNREFUSED when no process listens,
//            ETIMEDOUT when the listener does not accept, EADDRINUSE when it is alive.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"

namespace chatd::io {

// The process at the other end of a connection.
struct PeerCredentials {
  pid_t pid{0};
  uid_t uid{0};
  gid_t gid{0};
};

struct UnixListenOptions {
  mode_t mode{0600};                    // of the socket's file, whatever the umask
  gid_t group{static_cast<gid_t>(-1)};  // -1: not changed
  int backlog{64};
};

// Connects. The descriptor blocks. Waits at most `timeout` while the listener's queue is full.
[[nodiscard]] Result<UniqueFd> connect_unix(const std::string& path,
                                            std::chrono::milliseconds timeout);

// Listens. The descriptor does not block. A socket file of a dead process is replaced; one with a
// listener, or a file that is not a socket, is never changed. During the start PATH.lock exists,
// which only its owner and root can open. As root, in a folder of another user, no link is
// followed: only the new socket is changed.
[[nodiscard]] Result<UniqueFd> listen_unix(const std::string& path,
                                           const UnixListenOptions& options = {});

// Makes this process the one that peer_credentials() of a connecting process names. Otherwise it
// names the process that called listen_unix(), which has ended after a daemon's double fork.
[[nodiscard]] Result<> listen_as_this_process(int listener,
                                              int backlog = UnixListenOptions{}.backlog);

// The credentials of the process that connected, at the time of connect(2).
[[nodiscard]] Result<PeerCredentials> peer_credentials(int fd);

}  // namespace chatd::io
