// SPDX-License-Identifier: GPL-3.0-or-later
// overloaded.hpp — one function object of several lambdas, for std::visit.
//
// Runs in: every process. Pure.
#pragma once

namespace chatd {

template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};

}  // namespace chatd
