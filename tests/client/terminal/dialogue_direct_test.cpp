// SPDX-License-Identifier: GPL-3.0-or-later
// Direct messages that wait for their receiver.
#include <gmock/gmock.h>

#include "tests/client/terminal/dialogue_fixture.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;

class DialogueDirect : public DialogueTest {
 protected:
  DialogueDirect() { join_room(); }
};

TEST_F(DialogueDirect, AMessageThatWaitsIsShownAndSaidToWait) {
  type("/msg bob psst");
  const auto post = one_order<Post>();
  report(Confirmed{.number = post.number, .waits_for = "bob"});
  const std::string text = dialogue_.take_text();
  EXPECT_THAT(text, HasSubstr("[to bob] psst"));
  EXPECT_THAT(text, HasSubstr("-- bob is away and gets it when it comes back\n"));
}

TEST_F(DialogueDirect, AMessageThatHasWaitedSaysWhenItWasSent) {
  Line line = line_of(wire::RecordKind::direct, "bob", "psst");
  line.waited = true;
  report(line);
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("[from bob, sent 2026-"));
}

}  // namespace
}  // namespace chatd::client
