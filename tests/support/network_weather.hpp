// SPDX-License-Identifier: GPL-3.0-or-later
// network_weather.hpp — loss, duplication and delay of datagrams in a simulated network.
//
// Runs in:   test programs.
#pragma once

#include <cstddef>

#include "common/base/time.hpp"

namespace chatd::test {

struct NetworkWeather {
  double loss{0};   // probability
  double twice{0};  // probability that a datagram arrives twice
  Micros least_delay{500};
  Micros most_delay{500};
  std::size_t largest{65536};  // bytes; longer datagrams are dropped
  bool loses_uplink{false};    // no datagram reaches the server
};

}  // namespace chatd::test
