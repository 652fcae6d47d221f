// SPDX-License-Identifier: GPL-3.0-or-later
// unix_socket.hpp — stream sockets with a name in the file system, both ends.
//
// Runs in:   supervisor (listen), gateway (peer), chatctl (connect).
// Owns:      nothing; descriptors are handed out, close-on-exec.
// Errors:    Result; code() is the errno: ENOENT or ECONNREFUSED when nobody listens,
//            ETIMEDOUT when the listener does not accept, EADDRINUSE when it is alive.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"

namespace chatd::io {

struct PeerCredentials {
  pid_t pid{0};
  uid_t uid{0};
  gid_t gid{0};
};

struct UnixListenOptions {
  mode_t mode{0600};                    // of the socket's file, whatever the umask says
  gid_t group{static_cast<gid_t>(-1)};  // -1: leave it as it is
  int backlog{64};
};

// The descriptor blocks. Waits at most `timeout` for room in the listener's queue.
[[nodiscard]] Result<UniqueFd> connect_unix(const std::string& path,
                                            std::chrono::milliseconds timeout);

// The descriptor does not block. A socket file that a dead process left behind is
// replaced; one where somebody listens, or that is no socket, is never touched. While it
// starts, PATH.lock is there, which only its owner and root can open. As root, in a folder of
// another user, no name is followed: nothing but the new socket is changed.
[[nodiscard]] Result<UniqueFd> listen_unix(const std::string& path,
                                           const UnixListenOptions& options = {});

// From now on peer_credentials() of whoever connects names this process, and no longer the one
// that called listen_unix(), which a daemon's double fork has ended.
[[nodiscard]] Result<> listen_as_this_process(int listener,
                                              int backlog = UnixListenOptions{}.backlog);

// Of the process that connected, at the time when it did.
[[nodiscard]] Result<PeerCredentials> peer_credentials(int fd);

}  // namespace chatd::io
