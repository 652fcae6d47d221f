// SPDX-License-Identifier: GPL-3.0-or-later
// service_keys.hpp — renews the server's key while the service runs.
//
// Runs in:   supervisor. Sessions go on; a process that starts later has the new key.
// Invariant: the disk has the new key before any process has it.
#pragma once

#include "daemon/service.hpp"
#include "daemon/sys/channel.hpp"

namespace chatd {

// For an administrator: another key, a request for its certificate, or a certificate that was
// signed elsewhere. `config`: the one in use, whose password's key is calculated again.
[[nodiscard]] sys::KeyAnswer change_key(Service& service, const sys::AskKey& asked,
                                        const config::Config& config);
// Renews the certificate near its end if the identity is on this machine; warns once a day if it is
// not. True: it was renewed.
[[nodiscard]] bool renew_certificate(Service& service, const config::Config& config);

}  // namespace chatd
