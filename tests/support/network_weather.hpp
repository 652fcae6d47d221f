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
  double twice{0};
  Micros least_delay{500};
  Micros most_delay{500};
  std::size_t largest{65536};  // longer datagrams vanish
  bool loses_uplink{false};    // nothing reaches the server
};

}  // namespace chatd::test
