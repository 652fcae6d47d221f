// SPDX-License-Identifier: GPL-3.0-or-later
// network_weather.hpp — what a simulated network does to datagrams.
//
// Runs in: test programs.
#pragma once

#include <cstddef>

#include "common/base/time.hpp"

namespace chatd::test {

struct NetworkWeather {
  double loss{0};

}  // namespace chatd::test
