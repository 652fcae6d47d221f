// SPDX-License-Identifier: GPL-3.0-or-later
// skeleton.hpp — the skeleton of a name: two names look alike if their skeletons are equal.
//
// Runs in:   gateway, when a name is claimed, and wherever a name is checked that is not ASCII
//            or ends in a bracket. Pure.
// Source:    the characters are those that Unicode 15.0 (UTS #39, confusables.txt) maps to Latin
//            letters and digits, if they are Latin, Greek, Cyrillic, Armenian, Coptic, Cherokee,
//            Deseret or Lisu, and a few signs; round brackets of all scripts; and small capitals. A
//            letter that has no such look in its small form has that of its capital. The table was
//            made with libicu 72, which chatd itself does not use: it has 31 MB of data, another
//            version of it gives other skeletons, and names that were claimed before would look
//            alike then.
// Limits:    a name has no difference of case, so i, l, 1, I and | are one character, and so are o,
//            O and 0; m is rn, as in UTS #39. A Greek or Cyrillic letter whose two forms look like
//            two Latin letters, as that of v and N, is the one of the small form. Han, Kana, Hangul
//            and other scripts are compared as they are.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/wire/name.hpp"

namespace chatd::wire {

// A longer skeleton is cut.
inline constexpr std::size_t kMaxSkeletonBytes = 2 * kMaxFoldedNameBytes;

// `key`: a folded name (Name::key). UTF-8; "" if the key is not UTF-8.
[[nodiscard]] std::string skeleton(std::string_view key);

}  // namespace chatd::wire
