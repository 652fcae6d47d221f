// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/handicap.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>

#include "tests/bench/accounts.hpp"
#include "tests/bench/server.hpp"

namespace chatd::bench {

namespace {

// The weights of nice 7 and nice 0 are 215 and 1024 (sched_prio_to_weight in the kernel).
constexpr int kNice = 7;

}  // namespace

Handicap::Handicap(pid_t server) : idler_{::fork()} {
  if (idler_ == 0) {
    (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);
    pin_to(kServerCore);
    for (std::atomic<unsigned> spin{0};; spin.fetch_add(1)) {
    }
  }
  for (const pid_t task : tasks_of_family(server)) {
    (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(task), kNice);
  }
}

Handicap::~Handicap() {
  if (idler_ <= 0) return;
  (void)::kill(idler_, SIGKILL);
  (void)::waitpid(idler_, nullptr, 0);
}

}  // namespace chatd::bench
