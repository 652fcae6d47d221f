// SPDX-License-Identifier: GPL-3.0-or-later
// log_choice.hpp — where this process's log goes.
//
// Runs in: main(), once, after daemonize() if that is called; the children inherit it.
#pragma once

#include <memory>

#include "common/base/log.hpp"

namespace chatd::sys {

// The journal if standard error leads to it; syslog if this process daemonized, since its
// standard error is /dev/null; otherwise lines on standard error.
[[nodiscard]] std::unique_ptr<LogSink> choose_log_sink(bool daemonized);

}  // namespace chatd::sys
