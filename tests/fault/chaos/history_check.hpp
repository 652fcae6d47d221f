// SPDX-License-Identifier: GPL-3.0-or-later
// history_check.hpp — proves from a history that the room kept its promises.
//
// Runs in:   test programs. Pure.
//
// How: every native reader hears a stretch of the room's log, without a gap. So two neighbours
// in one reader's stretch are neighbours for everybody, or somebody missed, doubled or swapped
// something. Where all agree, the neighbours make one chain: the room's order. All that was
// acknowledged must be in it, once, and in it only what was sent.
#pragma once

#include <string>
#include <vector>

#include "tests/fault/chaos/history.hpp"

namespace chatd::test {

// Who was in the room when the history began, and who is in it at its end.
struct Rosters {
  std::vector<std::string> before{};
  std::vector<std::string> after{};
};

// What is wrong, in words; empty: nothing. Held to it:
// - what a client saw acknowledged is in the room's order, once; what was refused, never; each
//   sender's messages in the order in which it sent them;
// - no line is lost: a native client that is still there at the end was told of each that it sent,
//   and refused is only what its sender can mend (empty, not UTF-8, too long), not what came at a
//   bad time. What nobody told a client of that died is in the order at most once;
// - every native reader has heard a stretch of that order, nothing missing in it and nothing
//   twice; who was in has heard its beginning, who came in nothing from before that, and those
//   that are not over its end;
// - nothing in it that nobody sent or announced;
// - whoever joins was not in, whoever leaves was; at the end those are in whom the roster names;
// - an acknowledged letter came once to whom it was for, unless its client has died since;
// - a text member has read a part of what the room said, in its order, and nothing else but
//   notices; a run of lines may come again (man chatd: a worker died).
[[nodiscard]] std::vector<std::string> find_faults(const History& history, const Rosters& rosters);

}  // namespace chatd::test
