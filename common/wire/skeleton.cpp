// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/skeleton.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "common/wire/unicode.hpp"

namespace chatd::wire {
namespace {

struct SkeletonRow {
  std::string_view skeleton;
  std::u32string_view characters;  // that look like it
};
// By code points: the characters themselves could not be told apart here.
constexpr std::array kSkeleton{
    SkeletonRow{"'",
                U"\u02B9\u02BB\u02BC\u02BD\u02BE\u02C8\u02CA\u02CB\u02F4\u055A\u055D\u2018\u2019"
                U"\u201B\u2032\u2035\uA78C"},
    SkeletonRow{"(",
                U"\u2768\u276A\u2772\u27EC\u27EE\u2985\u2997\u2E28\u2E59\u2E5B\u3014\u3018\uFD3E"},
    SkeletonRow{")",
                U"\u2769\u276B\u2773\u27ED\u27EF\u2986\u2998\u2E29\u2E5A\u2E5C\u3015\u3019\uFD3F"},
    SkeletonRow{"-", U"\u02D7\u2010\u2012\u2013\u2043\u2212\u2238\u2CBB"},
    SkeletonRow{"2", U"\u01A8\u01BB\u03E9\uA645\uA75B"},
    SkeletonRow{"3", U"\u021D\u025C\u0292\u0437\u0499\u04E1\u1D23\u2CCD\uA76B"},
    SkeletonRow{"4", U"\u13CE"},
    SkeletonRow{"6", U"\u0431\u13EE\u2CD3"},
    SkeletonRow{"8", U"\u0223"},
    SkeletonRow{"9", U"\u2CCB\uA76F"},
    SkeletonRow{"a", U"\u0251\u03B1\u0430\u13AA\u1D00\uA4EE"},
    SkeletonRow{"aa", U"\uA733"},
    SkeletonRow{"ae", U"\u00E6\u04D5\u1D01"},
    SkeletonRow{"ao", U"\uA735"},
    SkeletonRow{"au", U"\uA737"},
    SkeletonRow{"av", U"\uA739\uA73B"},
    SkeletonRow{"ay", U"\uA73D"},
    SkeletonRow{"b",
                U"\u0180\u0183\u0185\u0253\u0299\u03B2\u0432\u044C\u0463\u048D\u13CF\u13F0\u13F4"
                U"\u1D03\uA4D0\uA7B5"},
    SkeletonRow{"bl", U"\u044B"},
    SkeletonRow{"c", U"\u023C\u0441\u04AB\u13DF\u1D04\u2CA5\uA4DA\U0001043D"},
    SkeletonRow{"c'", U"\u0188"},
    SkeletonRow{"d", U"\u00F0\u0111\u018C\u0256\u0257\u0501\u13A0\u13E7\u1D05\u1D06\uA4D2\uA4D3"},
    SkeletonRow{"dz", U"\u02A3"},
    SkeletonRow{"e", U"\u0247\u03B5\u0435\u04BD\u04BF\u13AC\u1D07\u212E\uA4F0\uAB32"},
    SkeletonRow{"f", U"\u0192\u03DD\u0584\u1D6E\u1E9D\uA4DD\uA730\uA799\uAB35"},
    SkeletonRow{"g", U"\u018D\u01E5\u0260\u0261\u0262\u029B\u050D\u0581\u13C0\u13F3\u1D83\uA4D6"},
    SkeletonRow{"h",
                U"\u0127\u0266\u029C\u043D\u045B\u04A3\u04BB\u04C8\u04CA\u0570\u13BB\u13C2\u13F2"
                U"\u2C68\u2C8F\uA4E7\uA695"},
    SkeletonRow{"j", U"\u0249\u029D\u03F3\u0458\u13AB\u1D0A\uA4D9"},
    SkeletonRow{"k", U"\u0199\u03BA\u043A\u049B\u049F\u13E6\u1D0B\u2C6A\u2C95\uA4D7\uA741"},
    SkeletonRow{"l",
                U"1i|\u0131\u0142\u019A\u01C0\u0268\u0269\u026A\u026B\u026D\u029F\u03B9\u0456"
                U"\u04CF\u13A5\u13DE\u1D0C\u1D7B\u1D7C\u2223\u2C93\u2CD1\uA4E1\uA4F2\uA647"
                U"\U00010443"},
    SkeletonRow{"ll", U"\u01C1"},
    SkeletonRow{"lo", U"\u044E"},
    SkeletonRow{"ls", U"\u02AA"},
    SkeletonRow{"lz", U"\u02AB"},
    SkeletonRow{"n", U"\u019E\u0272\u0273\u0274\u03B7\u0578\u057C\u1D70\u2C9B\uA4E0"},
    SkeletonRow{"o",
                U"0\u00F8\u0275\u03B8\u03BF\u03C3\u043E\u0473\u04E9\u0585\u13BE\u13EB\u1D0F\u1D11"
                U"\u2C9F\uA4F3\uA74B\uAB3D\uAB3E\U0001042C"},
    SkeletonRow{"o'", U"\u13A4"},
    SkeletonRow{"oe", U"\u0153\u0276"},
    SkeletonRow{"oo", U"\uA699\uA74F"},
    SkeletonRow{"p", U"\u01A5\u03C1\u0440\u13E2\u1D18\u1D29\u1D7D\u2CA3\uA4D1"},
    SkeletonRow{"q", U"\u02A0\u051B\u0563\u0566\uA7AF"},
    SkeletonRow{"r",
                U"\u024D\u027C\u027D\u0280\u0433\u0493\u13A1\u13D2\u1D26\u1D72\u2C85\uA4E3\uAB47"
                U"\uAB48"},
    SkeletonRow{"r'", U"\u0491"},
    SkeletonRow{"rn", U"m\u0271\u03BC\u03FB\u043C\u04CE\u13B7\u1D0D\u1D6F\u2C99\uA4DF"},
    SkeletonRow{"s", U"\u01BD\u0282\u0455\u057F\u13D5\u13DA\u1D74\uA4E2\uA731\U00010448"},
    SkeletonRow{"t", U"\u0167\u01AD\u0288\u03C4\u0442\u04AD\u13A2\u1D1B\u1D75\u2C66\u2CA7\uA4D4"},
    SkeletonRow{"t3", U"\uA729"},
    SkeletonRow{"tf", U"\uA777"},
    SkeletonRow{"ts", U"\u02A6"},
    SkeletonRow{"u", U"\u0289\u028B\u03C5\u057D\u13CC\u1D1C\u1D7E\uA4F4\uA79F\uAB4E\uAB52"},
    SkeletonRow{"ue", U"\u1D6B"},
    SkeletonRow{"uo", U"\uAB63"},
    SkeletonRow{"v", U"\u03BD\u0475\u13D9\u1D20\uA4E6"},
    SkeletonRow{"w", U"\u026F\u0461\u051D\u0561\u13B3\u13D4\u1D21\uA4EA\uA761"},
    SkeletonRow{"x", U"\u00D7\u03C7\u0445\u04B3\u2CAD\uA4EB\uAB53"},
    SkeletonRow{"y",
                U"\u01B4\u024F\u0263\u028F\u03B3\u0443\u04AF\u04B1\u13A9\u13BD\u1D8C\u1EFF\u2CA9"
                U"\uA4EC\uAB5A"},
    SkeletonRow{"z", U"\u01B6\u0225\u0290\u03B6\u13C3\u1D22\u1D76\uA4DC"},
};

struct LookAlike {
  char32_t character{};
  std::string_view skeleton{};
};

consteval std::size_t count_characters() {
  std::size_t count = 0;
  for (const SkeletonRow& row : kSkeleton) count += row.characters.size();
  return count;
}

// In the order of the characters.
consteval auto sorted_rows() {
  std::array<LookAlike, count_characters()> sorted{};
  std::size_t used = 0;
  for (const SkeletonRow& row : kSkeleton) {
    for (const char32_t character : row.characters) sorted[used++] = {character, row.skeleton};
  }
  std::ranges::sort(sorted, {}, &LookAlike::character);
  return sorted;
}
constexpr auto kLookAlikes = sorted_rows();

static_assert(std::ranges::adjacent_find(kLookAlikes, {}, &LookAlike::character) ==
              kLookAlikes.end());

// "": none.
std::string_view look_of(char32_t character) noexcept {
  const auto found = std::ranges::lower_bound(kLookAlikes, character, {}, &LookAlike::character);
  const bool is_there = found != kLookAlikes.end() && found->character == character;
  return is_there ? found->skeleton : std::string_view{};
}

// An accent, a stroke or another mark that is used with letters of any script. Not the marks of one
// script, which make another letter of a letter.
bool is_accent(char32_t character) noexcept {
  struct Block {
    char32_t first;
    char32_t last;
  };
  constexpr std::array blocks{Block{0x300, 0x36F}, Block{0x1AB0, 0x1AFF}, Block{0x1DC0, 0x1DFF},
                              Block{0x20D0, 0x20FF}, Block{0xFE20, 0xFE2F}};
  return std::ranges::any_of(blocks, [character](const Block& block) {
    return character >= block.first && character <= block.last;
  });
}

}  // namespace

std::string skeleton(std::string_view key) {
  const auto decomposed = normalized(key, Form::nfd);
  if (!decomposed) return {};
  std::string looks;
  std::string_view rest = *decomposed;
  while (!rest.empty()) {
    const std::string_view before = rest;
    const auto character = take_character(rest);
    if (!character) return {};
    if (is_accent(*character) || is_blank(*character)) continue;
    const std::string_view look = look_of(*character);
    looks += look.empty() ? before.substr(0, before.size() - rest.size()) : look;
  }
  const std::string composed = normalized(looks, Form::nfc).value_or("");
  // A name of marks alone would have nothing left.
  const std::string_view shown = composed.empty() ? key : composed;
  return std::string{cut_to(shown, kMaxSkeletonBytes)};
}

}  // namespace chatd::wire
