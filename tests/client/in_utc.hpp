// SPDX-License-Identifier: GPL-3.0-or-later
// in_utc.hpp — a fixture for tests that show times: the local time is UTC.
//
// Runs in:   test programs.
#pragma once

#include <cstdlib>
#include <ctime>

#include <gtest/gtest.h>

namespace chatd::client {

class InUtc : public ::testing::Test {
 protected:
  InUtc() {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
  }
};

}  // namespace chatd::client
