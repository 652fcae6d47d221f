// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/skeleton.hpp"

#include <string>

#include <gtest/gtest.h>

#include "common/wire/name.hpp"
#include "common/wire/unicode.hpp"

namespace chatd::wire {
namespace {

std::string skeleton_of(std::string_view name) {
  const auto checked = check_name(name);
  EXPECT_TRUE(checked) << name;
  return checked ? skeleton(checked->key) : std::string{};
}

struct Pair {
  std::string_view name;
  std::string_view other;
};

TEST(Skeleton, NamesThatLookAlikeHaveTheSameSkeleton) {
  for (const Pair& pair : {
           Pair{"ada", "\u0430da"},                            // Cyrillic a
           Pair{"paypal", "\u0440\u0430\u0443\u0440\u0430l"},  // Cyrillic but for the l
           Pair{"ADA", "\u0410\u0501\u0410"},                  // in capitals
           Pair{"alex", "a1ex"},
           Pair{"alex", "AIex"},
           Pair{"alex", "a|ex"},
           Pair{"bob", "b0b"},
           Pair{"OTTO", "0TT0"},
           Pair{"omar", "\u03BFmar"},  // Greek omicron
           Pair{"moritz", "rnoritz"},
           Pair{"ada", "\uFF41\uFF44\uFF41"},              // full width
           Pair{"ada", "\U0001D41A\U0001D41D\U0001D41A"},  // mathematical bold
           Pair{"jose", "jos\u00E9"},
           Pair{"jose", "jose\u0301"},
           Pair{"soren", "s\u00F8ren"},
           Pair{"ann-lee", "ann\u2010lee"},
           Pair{"o'hara", "o\u2019hara"},
           Pair{"ada(lab)", "ada\u2768lab\u2769"},
           Pair{"ada(lab)", "ada\u3014lab\u3015"},
           Pair{"anna", "a\u0274\u0274a"},  // small capitals
           Pair{"fleming", "\uA730\u029F\u1D07\u1D0D\u026A\u0274\u0262"},
           Pair{"bhaktpdj", "\u0299\u029C\u1D00\u1D0B\u1D1B\u1D18\u1D05\u1D0A"},
           Pair{"MAX", "\u041C\u0410\u0425"},
           Pair{"TOM", "\u0422\u041E\u041C"},
           Pair{"KATE", "\u039A\u0391\u03A4\u0395"},                 // Greek capitals
           Pair{"DAVE", "\uA4D3\uA4EE\uA4E6\uA4F0"},                 // Lisu
           Pair{"\u043C\u0430\u043A\u0441", "\u043C\u0430\u043Ac"},  // Cyrillic, and a Latin c
       }) {
    EXPECT_EQ(skeleton_of(pair.name), skeleton_of(pair.other)) << pair.name << ' ' << pair.other;
  }
}

TEST(Skeleton, NamesThatLookDifferentHaveDifferentSkeletons) {
  for (const Pair& pair :
       {Pair{"ada", "adam"}, Pair{"nick", "vick"}, Pair{"tom", "ton"}, Pair{"ada", "bda"},
        Pair{"user1", "user2"}, Pair{"ann-lee", "annlee"}, Pair{"小明", "小红"}, Pair{"か", "が"},
        Pair{"王一", "王二"}, Pair{"김철수", "김철주"}}) {
    EXPECT_NE(skeleton_of(pair.name), skeleton_of(pair.other)) << pair.name << ' ' << pair.other;
  }
}

TEST(Skeleton, TheSkeletonOfANameInAnotherScriptIsTheNameItself) {
  for (const std::string_view name :
       {"小明", "王一一", "工藤", "さくら", "がぎ", "カー", "김철수", "שלום", "สมชาย"}) {
    const auto checked = check_name(name);
    ASSERT_TRUE(checked);
    EXPECT_EQ(skeleton(checked->key), checked->key) << name;
  }
}

TEST(Skeleton, TheSkeletonOfASkeletonIsTheSame) {
  for (const std::string_view name :
       {"Moritz", "1|l", "\u00E6rie", "\u0430\u0411\u03B2", "m\u0304m"}) {
    const std::string once = skeleton_of(name);
    EXPECT_EQ(skeleton(once), once) << name;
  }
}

TEST(Skeleton, HasALimitAndIsEmptyForATextThatIsNotUtf8) {
  EXPECT_EQ(skeleton("ad\xff"), "");
  EXPECT_EQ(skeleton(""), "");
  EXPECT_EQ(skeleton(std::string(kMaxFoldedNameBytes, 'm')).size(), kMaxSkeletonBytes);
  EXPECT_EQ(skeleton(std::string(100'000, 'm')).size(), kMaxSkeletonBytes);
}

TEST(Skeleton, TheSkeletonOfANameOfMarksAloneIsTheNameItself) {
  EXPECT_EQ(skeleton("\u0301"), "\u0301");
  EXPECT_NE(skeleton_of("e\u0301"), "");
}

}  // namespace
}  // namespace chatd::wire
